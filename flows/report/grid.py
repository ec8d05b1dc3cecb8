"""Pairs seen by country: each country's highest pair, and the matrix of countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flows.ranking import Record

GRID_SIZE = 24


def highest_pairs(rows: Iterable[Mapping[str, Any]]) -> dict[str, Record]:
    """Return, by country, its highest pair with the other country's code.

    Example:
        >>> rows = [{"dyad": "COL-USA", "prob": 0.2}, {"dyad": "USA-VEN", "prob": 0.4}]
        >>> highest_pairs(rows)["USA"]["other"]
        'VEN'
    """
    found: dict[str, Record] = {}
    for row in rows:
        a, _, b = row["dyad"].partition("-")
        for code, other in ((a, b), (b, a)):
            if code not in found or row["prob"] > found[code]["prob"]:
                found[code] = {**row, "other": other}
    return found


def country_grid(rows: Sequence[Mapping[str, Any]], size: int = GRID_SIZE) -> Record:
    """Return the matrix of the countries with the highest pairs.

    Returns:
        ``codes`` in order of their highest pair, and ``cells`` by (row code, column code).

    Example:
        >>> country_grid([{"dyad": "COL-USA", "prob": 0.2}])["codes"]
        ['COL', 'USA']
    """
    highest = highest_pairs(rows)
    codes = sorted(highest, key=lambda code: (-highest[code]["prob"], code))[:size]
    kept = set(codes)
    cells = {}
    for row in rows:
        a, _, b = row["dyad"].partition("-")
        if a in kept and b in kept:
            cells[a, b] = cells[b, a] = row
    return {"codes": codes, "cells": cells}
