"""Pooled reliability."""

from __future__ import annotations

import pytest

from flows.report.record import (
    backtest_bins,
    backtest_parts,
    level_bands,
    pool_bins,
    wilson,
)


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


FIGURES = {
    "years": [2022, 2024],
    "all": {
        "row_count": 10,
        "positive_share": 0.1,
        "predictors": {
            "dyadrisk": {"auc": 0.9, "average_precision": 0.5, "brier": 0.1, "brier_skill": 0.3}
        },
    },
    "onset": {"row_count": 0, "positive_share": 0.0, "predictors": {}},
    "reliability": [{"said": 0.2, "happened": 0.1, "rows": 50}],
}


@pytest.mark.parametrize("figures", [FIGURES, {"backtest": FIGURES}], ids=["bare", "nested"])
def test_backtest_is_read_from_the_classifier(figures: dict[str, object]) -> None:
    classifier = {"figures": figures, "params": None}
    assert [part["title"] for part in backtest_parts(classifier)] == ["All pairs and days"]
    assert backtest_bins(classifier)[0]["happened_share"] == pytest.approx(0.1)


@pytest.mark.parametrize("classifier", [None, {"figures": None, "params": None}], ids=repr)
def test_classifier_without_figures_shows_none(classifier: dict[str, None] | None) -> None:
    assert backtest_parts(classifier) == backtest_bins(classifier) == level_bands(classifier) == []
