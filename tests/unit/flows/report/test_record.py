"""Pooled reliability."""

from __future__ import annotations

import pytest

from flows.report.record import pool_bins, wilson


def test_months_are_pooled_by_bin_and_weighted_by_count() -> None:
    bins = [{"prob_mean": 0.12, "happened_share": 0.1, "score_count": 100}]
    more = [{"prob_mean": 0.16, "happened_share": 0.2, "score_count": 300}]
    found = pool_bins([{"calibration_bins": bins}, {"calibration_bins": more}])
    assert [row["score_count"] for row in found] == [400]
    assert found[0]["prob_mean"] == pytest.approx(0.15)
    assert found[0]["happened_share"] == pytest.approx(0.175)


def test_month_without_bins_is_passed_over() -> None:
    assert pool_bins([{"calibration_bins": None}]) == []


@pytest.mark.parametrize(("share", "count"), [(0.0, 5), (1.0, 5), (0.5, 1)])
def test_interval_stays_within_zero_and_one(share: float, count: int) -> None:
    low, high = wilson(share, count)
    assert 0 <= low <= share <= high <= 1
