"""Static facts of a pair: border, rivalry, region, major powers. Nothing from the news."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt

STATIC_COLUMNS: Final = (
    "is_land_neighbour",
    "is_sea_neighbour",
    "is_rival",
    "is_same_region",
    "major_count",
)
# Last day of coding of the border list: what was valid then is still valid.
_CODED_UNTIL: Final = date(2016, 12, 1)


def _read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a packaged fact table, without its header comment."""
    path = resources.files("features") / "data" / "statics" / name
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


@cache
def load_borders() -> dict[str, tuple[tuple[int, int, bool], ...]]:
    """Return for each pair its borders as (first day, last day, is_land), days since 1970."""
    epoch = date(1970, 1, 1)
    found: dict[str, tuple[tuple[int, int, bool], ...]] = {}
    for row in _read_rows("contiguity.csv"):
        last = date.fromisoformat(row["valid_to"])
        end = 10**6 if last >= _CODED_UNTIL else (last - epoch).days
        begin = (date.fromisoformat(row["valid_from"]) - epoch).days
        entry = (begin, end, row["kind"] == "1")
        found[row["dyad"]] = (*found.get(row["dyad"], ()), entry)
    return found


@cache
def load_rivals() -> frozenset[str]:
    """Return the pairs listed as rivals before 2003."""
    return frozenset(row["dyad"] for row in _read_rows("rivalry.csv"))


@cache
def load_countries() -> dict[str, tuple[str, bool]]:
    """Return for each country its region and whether it is a major power."""
    rows = _read_rows("country.csv")
    return {row["iso3"]: (row["region"], row["is_major"] == "1") for row in rows}


def describe_pair(dyad: str) -> tuple[float, float, float]:
    """Return is_rival, is_same_region and major_count of a pair.

    Example:
        >>> describe_pair("IND-PAK")
        (1.0, 1.0, 0.0)
    """
    countries = load_countries()
    a, b = (countries.get(code, (code, False)) for code in dyad.split("-"))
    return float(dyad in load_rivals()), float(a[0] == b[0]), float(a[1]) + float(b[1])


def static_values(
    dyads: Sequence[str], dyad_index: npt.NDArray[np.int64], days: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return STATIC_COLUMNS for each query (dyads[dyad_index[i]] on days[i]).

    Args:
        dyads: the distinct pairs.
        dyad_index: position of each query's pair in ``dyads``.
        days: days since 1970-01-01; a border counts only while it was in force.
    """
    fixed = np.array([describe_pair(dyad) for dyad in dyads]).reshape(-1, 3)
    land = np.zeros(len(days))
    sea = np.zeros(len(days))
    order = np.argsort(dyad_index, kind="stable")
    edges = np.searchsorted(dyad_index[order], np.arange(len(dyads) + 1))
    for position, dyad in enumerate(dyads):
        rows = order[edges[position] : edges[position + 1]]
        for begin, end, is_land in load_borders().get(dyad, ()):
            inside = (days[rows] >= begin) & (days[rows] <= end)
            side = land if is_land else sea
            side[rows] = np.maximum(side[rows], inside)
    sea = np.where(land > 0, 0.0, sea)
    return np.column_stack([land, sea, fixed[dyad_index]])
