"""SparseSeries against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from features.history import SparseSeries

RNG = np.random.default_rng(5)
ENTITIES = RNG.integers(0, 6, 300)
DAYS = RNG.integers(100, 900, 300)
VALUES = RNG.integers(0, 4, (300, 2)).astype(float)
ASKED = RNG.integers(0, 8, 50)
WHEN = RNG.integers(90, 1000, 50)


@pytest.fixture(scope="module")
def series() -> SparseSeries:
    return SparseSeries(ENTITIES, DAYS, VALUES)


@pytest.mark.parametrize("width", [1, 7, 90, 365])
def test_window_sum_equals_brute_force(series: SparseSeries, width: int) -> None:
    found = series.window_sum(ASKED, WHEN, width)
    for row, (entity, day) in enumerate(zip(ASKED, WHEN, strict=True)):
        chosen = (entity == ENTITIES) & (day > DAYS) & (day - width <= DAYS)
        assert found[row] == pytest.approx(VALUES[chosen].sum(axis=0))


@pytest.mark.parametrize("half_life", [4, 60, 1000])
def test_decayed_sum_equals_brute_force(series: SparseSeries, half_life: int) -> None:
    found = series.decayed_sum(ASKED, WHEN, half_life)
    for row, (entity, day) in enumerate(zip(ASKED, WHEN, strict=True)):
        chosen = (entity == ENTITIES) & (day > DAYS)
        weight = 0.5 ** ((day - DAYS[chosen]) / half_life)
        assert found[row] == pytest.approx((VALUES[chosen] * weight[:, None]).sum(axis=0))


def test_days_since_equals_brute_force(series: SparseSeries) -> None:
    found = series.days_since(ASKED, WHEN, 1, 500)
    for row, (entity, day) in enumerate(zip(ASKED, WHEN, strict=True)):
        hits = DAYS[(entity == ENTITIES) & (day > DAYS) & (VALUES[:, 1] > 0)]
        expected = min(day - hits.max(), 500) if len(hits) else 500
        assert found[row] == expected


def test_order_of_rows_is_irrelevant(series: SparseSeries) -> None:
    order = RNG.permutation(len(DAYS))
    other = SparseSeries(ENTITIES[order], DAYS[order], VALUES[order])
    assert np.allclose(other.decayed_sum(ASKED, WHEN, 30), series.decayed_sum(ASKED, WHEN, 30))


def test_empty_series_answers_zero() -> None:
    empty = SparseSeries(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 2)))
    asked = np.array([0, 1])
    when = np.array([10, 20])
    assert not empty.window_sum(asked, when, 30).any()
    assert not empty.decayed_sum(asked, when, 30).any()
    assert empty.days_since(asked, when, 0, 99).tolist() == [99.0, 99.0]
