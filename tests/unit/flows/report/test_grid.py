"""Pairs by country."""

from __future__ import annotations

from flows.report.grid import country_grid, highest_pairs

ROWS = [
    {"dyad": "COL-USA", "prob": 0.2},
    {"dyad": "USA-VEN", "prob": 0.4},
    {"dyad": "COL-VEN", "prob": 0.1},
]


def test_country_takes_its_highest_pair() -> None:
    found = highest_pairs(ROWS)
    assert {code: row["dyad"] for code, row in found.items()} == {
        "COL": "COL-USA",
        "USA": "USA-VEN",
        "VEN": "USA-VEN",
    }


def test_grid_is_cut_to_the_highest_countries() -> None:
    grid = country_grid(ROWS, size=2)
    assert grid["codes"] == ["USA", "VEN"]
    assert set(grid["cells"]) == {("USA", "VEN"), ("VEN", "USA")}
