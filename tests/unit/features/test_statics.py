"""Static facts of a pair."""

from __future__ import annotations

import numpy as np
import pytest

from features.statics import STATIC_COLUMNS, static_values

DAY = np.array([20000])


def fact(dyad: str, column: str, day: int = 20000) -> float:
    values = static_values([dyad], np.array([0]), np.array([day]))
    return float(values[0, STATIC_COLUMNS.index(column)])


@pytest.mark.parametrize(
    ("dyad", "column", "expected"),
    [
        ("IND-PAK", "is_land_neighbour", 1.0),
        ("IND-PAK", "is_rival", 1.0),
        ("COL-USA", "is_land_neighbour", 0.0),
        ("COL-USA", "major_count", 1.0),
        ("CHN-TWN", "is_sea_neighbour", 1.0),
        ("CHN-RUS", "major_count", 2.0),
        ("BRA-JPN", "is_same_region", 0.0),
        ("AAA-ZZZ", "is_rival", 0.0),
    ],
)
def test_facts(dyad: str, column: str, expected: float) -> None:
    assert fact(dyad, column) == expected


def test_a_border_counts_only_while_it_was_there() -> None:
    before_independence, after = 14975, 15250  # 2011-01-01, 2011-10-03
    assert fact("ETH-SSD", "is_land_neighbour", before_independence) == 0.0
    assert fact("ETH-SSD", "is_land_neighbour", after) == 1.0
