"""The plain tension index."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from features.tension import pair_tensions, tension

DAYS = pd.DataFrame(
    {
        "dyad": ["COL-USA", "COL-USA", "FRA-ITA", "USA-VEN"],
        "day": ["2026-01-08", "2026-01-12", "2026-01-09", "2020-01-01"],
        "goldstein_sum_ab": [0.0, 0.0, 7.0, -10.0],
        "goldstein_sum_ba": [-30.0, 90.0, 0.0, -10.0],
    }
)


def test_conflict_is_negative_cooperation_positive() -> None:
    found = pair_tensions(DAYS, date(2026, 1, 10))
    assert found["COL-USA"] < -5 < 0 < found["FRA-ITA"]


def test_later_and_old_news_do_not_count() -> None:
    found = pair_tensions(DAYS, date(2026, 1, 10))
    assert "USA-VEN" not in found
    assert pair_tensions(DAYS[DAYS["day"] < "2026-01-10"], date(2026, 1, 10)) == found


@pytest.mark.parametrize("weight", [-1e9, -3.0, 0.0, 5.0, 1e9])
def test_the_index_stays_in_range_and_is_odd(weight: float) -> None:
    assert -10 <= tension(weight) <= 10
    assert tension(-weight) == -tension(weight)
