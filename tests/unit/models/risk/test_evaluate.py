"""Figures agree with their definitions; the bootstrap draws whole pairs."""

from __future__ import annotations

import numpy as np
import pytest

from models.risk.evaluate import (
    bootstrap_by_pair,
    calibration_error,
    interval_of,
    measure,
    reliability,
)


@pytest.fixture
def noisy():
    rng = np.random.default_rng(5)
    prob = rng.beta(0.5, 5, 4000)
    return prob, rng.random(4000) < prob


def test_a_perfect_forecast():
    y = np.array([True, False, True, False])
    found = measure(np.where(y, 1.0, 0.0), y)
    assert (found.auc, found.average_precision, found.brier, found.brier_skill) == (1, 1, 0, 1)


def test_climatology_has_no_skill():
    y = np.array([True, False, False, False])
    found = measure(np.full(4, 0.25), y)
    assert found.brier_skill == pytest.approx(0.0)
    assert found.auc == pytest.approx(0.5)
    assert found.ece == pytest.approx(0.0)


def test_the_weighted_figures_are_those_of_scikit_learn(noisy):
    prob, y = noisy
    groups = np.arange(len(y))
    exact = measure(prob, y)
    draws = bootstrap_by_pair({"ours": prob}, y, groups, 100)["ours"]
    assert draws[:, 0].mean() == pytest.approx(exact.auc, abs=0.01)
    assert draws[:, 1].mean() == pytest.approx(exact.average_precision, abs=0.03)
    assert draws[:, 2].mean() == pytest.approx(exact.brier, abs=0.002)


def test_rows_of_one_pair_stay_together(noisy):
    prob, y = noisy
    alone = bootstrap_by_pair({"a": prob}, y, np.arange(len(y)), 80)["a"][:, 2]
    twins = (np.tile(prob, 10), np.tile(y, 10), np.tile(np.arange(len(y)), 10))
    copied = bootstrap_by_pair({"a": twins[0]}, twins[1], twins[2], 80)["a"][:, 2]
    assert np.std(copied) == pytest.approx(np.std(alone), rel=0.35)


def test_the_same_draws_for_every_predictor(noisy):
    prob, y = noisy
    draws = bootstrap_by_pair({"a": prob, "b": prob}, y, np.arange(len(y)) // 4, 20)
    assert np.array_equal(draws["a"], draws["b"])


def test_interval_and_calibration(noisy):
    prob, y = noisy
    assert interval_of(np.arange(101.0), 0.9) == pytest.approx((5.0, 95.0))
    assert calibration_error(prob, y) < 0.02
    assert calibration_error(np.minimum(prob + 0.3, 1), y) > 0.2
    rows = reliability(prob, y, np.array([0.1, 0.3]))
    assert sum(row["rows"] for row in rows) == len(y)
