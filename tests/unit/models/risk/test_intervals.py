"""Intervals: wider in a thin stream, as wide as past years were wrong."""

from __future__ import annotations

import numpy as np
import pytest

from models.risk.classifier import deficit_of
from models.risk.intervals import LEAST_DRIFT, Cells, coverage, fit_drift, group_cells


def cells_of(rng, count, spread):
    said = rng.uniform(0.05, 0.5, count)
    odds = np.log(said / (1 - said)) + rng.normal(0, spread, count)
    happened = 1 / (1 + np.exp(-odds))
    return Cells(said, happened, np.zeros(count), np.full(count, 5000.0))


def test_fitted_intervals_cover_later_cells_as_often_as_they_say():
    rng = np.random.default_rng(2)
    drift, factor = fit_drift(cells_of(rng, 400, 0.4))
    assert drift == pytest.approx(0.16, rel=0.3)
    assert coverage(cells_of(rng, 4000, 0.4), drift, factor) == pytest.approx(0.9, abs=0.03)


def test_years_that_agree_keep_the_least_drift():
    cells = cells_of(np.random.default_rng(2), 200, 0.0)
    assert fit_drift(cells)[0] == LEAST_DRIFT
    assert fit_drift(cells, least=0.0)[0] == pytest.approx(0.0, abs=1e-4)


def test_the_chance_of_a_count_is_no_doubt_about_the_years():
    rng = np.random.default_rng(3)
    said = rng.uniform(0.1, 0.4, 2000)
    happened = rng.binomial(100, said) / 100
    rows = np.full(2000, 400.0)
    blind, aware = (
        fit_drift(Cells(said, happened, np.zeros(2000), rows, overlap), least=0.0)[0]
        for overlap in (0.0, 4.0)
    )
    assert blind > 0.04
    assert aware < 0.01
    assert coverage(Cells(said, happened, np.zeros(2000), rows, 4.0), aware, 1.6449) > 0.88


def test_cells_are_by_year_and_band():
    prob = np.repeat([0.004, 0.3], 100)
    years = np.tile([2014, 2015], 100)
    found = group_cells(prob, prob > 0.1, years, np.zeros(200), min_rows=40, min_expected=0.1)
    assert len(found.said) == 4
    assert sorted(set(found.happened.tolist())) == [0.0, 1.0]
    busy = group_cells(prob, prob > 0.1, years, np.zeros(200), min_rows=40)
    assert set(busy.said.round(3).tolist()) == {0.3}


def test_a_thin_stream_widens_the_interval(classifier, material):
    rows = material.rows.matrix.take(np.arange(100))
    thin = rows.values.copy()
    thin[:, rows.columns.index("stream_deficit30_ratio")] = 4.0
    seen = type(rows)(rows.dyads, rows.as_of_dates, rows.columns, thin)
    assert (deficit_of(seen) == 4.0).all()
    standard = np.zeros((1, len(classifier.columns)))
    zero = np.zeros(1)
    near = classifier.interval.bounds(zero, standard, zero)
    far = classifier.interval.bounds(zero, standard, np.full(1, 4.0))
    assert far[1] - far[0] > near[1] - near[0]
