"""Every recipe answers on both databases, and docs/sql.md shows what it answers."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine, text

from flows.cookbook import Recipe, load_cookbook
from models.db import store
from tests.integration.conftest import KINDS
from tests.integration.seed import fill_store

ROOT = Path(__file__).parents[2]


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=KINDS)
def example(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Fill one store a database for the whole module."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('cookbook') / 'store.db'}"
    else:
        make: Callable[[str], str] = request.getfixturevalue("new_postgres")
        url = make("template0")
    engine = store.open_store(url)
    fill_store(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("recipe", load_cookbook(), ids=lambda recipe: recipe.name)
def test_recipe_answers_as_documented(example: Engine, recipe: Recipe) -> None:
    section = load_script("build_sql").render_recipe(example, recipe)
    assert section in (ROOT / "docs" / "sql.md").read_text("utf-8"), "python docs/build_sql.py"
    assert section.count("\n| ") > 1, "an example without an answer teaches nothing"


def test_one_pair_is_answered_at_once(example: Engine) -> None:
    recipe = next(recipe for recipe in load_cookbook() if recipe.name == "one-pair")
    with store.reading(example) as conn:
        conn.execute(text(recipe.sql), dict(recipe.params)).all()
        started = time.monotonic()
        conn.execute(text(recipe.sql), dict(recipe.params)).all()
    assert time.monotonic() - started < 1.0
