"""A backtest forecasts each year from the years before it and says who was better."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np

from features.history import SparseSeries
from models.risk.backtest import OURS, BacktestOptions, calibrate_on, rejudge, run_backtest
from models.risk.labels import ForceRecord
from models.risk.report import summarise, to_markdown
from models.risk.splits import rolling_folds

BASELINES = {
    "climatology",
    "persistence",
    "pair base rate",
    "news volume",
    "mean Goldstein",
    "three families",
}


def test_every_baseline_stands_beside_ours(backtest):
    assert [fold.fold.year for fold in backtest.folds] == [2014, 2015, 2016]
    assert [fold.fold.year for fold in backtest.warm_up] == [2013]
    for fold in backtest.folds:
        assert set(fold.probs) == {OURS, *BASELINES}
        assert all(((p > 0) & (p < 1)).all() for p in fold.probs.values())


def test_the_world_can_be_forecast(backtest):
    found = summarise(backtest, draw_count=50)
    ours = found["all"]["predictors"][OURS]
    assert ours["auc"] > 0.7
    assert ours["brier_skill"] > 0
    assert ours["gain_auc_interval"] == (0.0, 0.0)
    low, high = ours["auc_interval"]
    assert low < ours["auc"] < high
    assert found["all"]["predictors"]["climatology"]["gain_average_precision_interval"][0] > 0
    assert "| news volume |" in to_markdown(found)


def test_the_future_changes_no_forecast(material):
    """Turn round what happened from 2014 on: the forecasts of 2014 stay what they were."""
    folds = list(rolling_folds(2014, 2014, 30))
    options = BacktestOptions(with_baselines=False)
    before = run_backtest(material, ("force", 30), folds, options).folds[0]
    past = material.rows.record.series.days < folds[0].test_begin
    record = copy(material.rows.record)
    record.series = SparseSeries(
        record.series.entities[past], record.series.days[past], record.series.values[past]
    )
    blind = replace(
        material,
        rows=replace(material.rows, record=record),
        sample=replace(material.sample, record=record),
        thinned=[replace(p, rows=replace(p.rows, record=record)) for p in material.thinned],
    )
    after = run_backtest(blind, ("force", 30), folds, options).folds[0]
    assert before.own.any()
    assert not after.own.any()
    assert np.array_equal(before.probs[OURS], after.probs[OURS])


def test_two_processes_say_what_one_says(material, backtest):
    folds = list(rolling_folds(2013, 2014, 30))
    found = run_backtest(material, ("force", 30), folds, BacktestOptions(jobs=2))
    assert np.allclose(found.folds[1].probs[OURS], backtest.folds[0].probs[OURS], atol=1e-6)


def test_calibration_learns_only_from_labels_known_by_then(backtest):
    fold = backtest.folds[1].fold
    known = calibrate_on(backtest.folds[:1], fold)
    past = backtest.folds[0]
    late = past.as_of >= fold.train_end
    assert late.any()
    shaken = replace(past, own=np.where(late, ~past.own, past.own))
    assert calibrate_on([shaken], fold) == known


def test_another_judge_changes_labels_not_forecasts(backtest, world):
    days = world.dyad_days.copy()
    days[["force_ab_count", "force_ba_count"]] = 0.0
    days.loc[days.index[:5], "force_ab_count"] = 1.0
    keep = backtest.rows.as_of % 4 < 2
    other = rejudge(backtest, ForceRecord(days), keep)
    assert sum(len(fold.y) for fold in other.folds) < sum(len(f.y) for f in backtest.folds)
    assert not any(fold.y.any() for fold in other.folds)
    first = next(fold for fold in backtest.folds if fold.fold.year == 2014)
    same = next(fold for fold in other.folds if fold.fold.year == 2014)
    assert np.array_equal(first.probs[OURS][keep[first.rows]], same.probs[OURS])
