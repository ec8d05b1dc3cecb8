"""The cookbook's file."""

from __future__ import annotations

import re

from flows.cookbook import load_cookbook


def test_there_are_enough_questions_each_once() -> None:
    recipes = load_cookbook()
    assert len(recipes) >= 15
    assert len({recipe.name for recipe in recipes}) == len(recipes)
    assert len({recipe.question for recipe in recipes}) == len(recipes)


def test_every_parameter_has_a_value_to_try() -> None:
    for recipe in load_cookbook():
        assert set(re.findall(r"(?<![:\w]):(\w+)", recipe.sql)) == set(recipe.params), recipe.name


def test_every_query_only_reads() -> None:
    for recipe in load_cookbook():
        assert recipe.sql.startswith("SELECT") and ";" not in recipe.sql, recipe.name
        assert recipe.question.endswith("?")
