"""The SQL cookbook: questions, each with one query for both databases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from features.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = re.compile(r"^-- (name|ask|param|plot): (.+)$")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One question.

    Args:
        name: short address such as ``riskiest-now``.
        question: what the query answers.
        params: parameters of the query with a value to try.
        sql: the query, without a semicolon.
        plot: mark, x column and y column of a chart in the explorer, each with its
            type, such as ``line as_of_date:temporal prob:quantitative``; may be empty.
    """

    name: str
    question: str
    params: Mapping[str, str]
    sql: str
    plot: str = ""


@cache
def load_cookbook() -> tuple[Recipe, ...]:
    """Return all recipes in the order of the file.

    Example:
        >>> load_cookbook()[0].question
        'Which pairs stand highest now?'
    """
    text = (resources.files("flows") / "cookbook.sql").read_text(encoding="utf-8")
    return tuple(_parse(part) for part in text.split("\n-- name: ")[1:])


def _parse(part: str) -> Recipe:
    heads: dict[str, list[str]] = {"name": [], "ask": [], "param": [], "plot": []}
    body: list[str] = []
    for line in f"-- name: {part}".splitlines():
        found = _HEAD.match(line)
        if found:
            heads[found[1]].append(found[2].strip())
        else:
            body.append(line)
    if not heads["ask"]:
        raise DataError(f"expected an 'ask' line in the recipe {heads['name']!r}; add one")
    params = dict(param.split(" = ", 1) for param in heads["param"])
    sql = "\n".join(body).strip().removesuffix(";")
    plot = " ".join(heads["plot"])
    return Recipe(heads["name"][0], heads["ask"][0], MappingProxyType(params), sql, plot)
