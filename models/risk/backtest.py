"""Rolling-origin backtest: fit on the years before, calibrate on later ones, test on the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.risk.baselines import PairRates, baseline_probs, pair_rates
from models.risk.classifier import to_prob
from models.risk.intervals import Cells, coverage, fit_drift, group_cells
from models.risk.labels import Outcome
from models.risk.rows import RowSet, join_rows
from models.risk.splits import Fold, rolling_folds
from models.risk.training import Calibration, Weights, fit_calibration, fit_weights

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

OURS: Final = "dyadrisk"
CALIBRATION_YEARS: Final = 3

# Extra competitors: (train, test, outcome, horizon_days) -> test probabilities.
Rival = Callable[[RowSet, RowSet, Outcome, int], Floats]


@dataclass(frozen=True)
class FoldResult:
    """One test year: what was predicted by whom, and what happened."""

    fold: Fold
    rows: Ints
    as_of: Ints
    y: Bools
    probs: dict[str, Floats]
    raw: Floats
    variance: Floats
    weights: Weights
    calibration: Calibration


@dataclass(frozen=True)
class Backtest:
    """All folds of one outcome and horizon.

    Args:
        outcome, horizon_days: what was predicted.
        rows: all rows, of which each fold names its own by position.
        folds: one result a test year.
        warm_up: folds before the first reported year (calibration only).
    """

    outcome: Outcome
    horizon_days: int
    rows: RowSet
    folds: list[FoldResult]
    warm_up: list[FoldResult] = field(default_factory=list)

    def joined(self, years: tuple[int, int] | None = None) -> dict[str, Any]:
        """Return rows, labels and probabilities of the chosen years in one piece."""
        chosen = [f for f in self.folds if years is None or years[0] <= f.fold.year <= years[1]]
        index = np.concatenate([f.rows for f in chosen])
        names = chosen[0].probs
        return {
            "rows": index,
            "y": np.concatenate([f.y for f in chosen]),
            "probs": {n: np.concatenate([f.probs[n] for f in chosen]) for n in names},
        }

    def cells(self, fold: FoldResult, prob: Floats) -> Cells:
        """Return the (year, band) cells of a fold."""
        years = np.full(len(fold.y), fold.fold.year, dtype=np.int64)
        return group_cells(prob, fold.y, years, fold.variance)


def run_backtest(
    rows: RowSet,
    sample: RowSet,
    thinned: Sequence[RowSet],
    question: tuple[Outcome, int],
    years: tuple[int, int],
    rivals: dict[str, Rival] | None = None,
) -> Backtest:
    """Return the backtest of one outcome and horizon.

    Args:
        rows: every pair and weekly origin (full stream): tested on.
        sample: weighted sample of them: baselines and, with the thinned, ours are fitted on it.
        thinned: parts of the sample seen through thinned streams.
        question: outcome and horizon in days.
        years: first and last test year.
        rivals: further classifiers fitted on the same rows.
    """
    outcome, horizon_days = question
    train_all = join_rows([sample, *thinned]) if thinned else sample
    last = int(rows.as_of.max())
    rates = pair_rates(rows.record, outcome, horizon_days, int(rows.as_of.min()), last)
    done: list[FoldResult] = []
    for fold in rolling_folds(years[0] - CALIBRATION_YEARS, years[1], horizon_days):
        tests = np.flatnonzero(fold.test_rows(rows.as_of))
        if len(tests):
            parts = (rows.take(tests), sample, train_all)
            done.append(_run_fold(fold, tests, parts, question, rates, done, rivals or {}))
    kept = [f for f in done if f.fold.year >= years[0]]
    return Backtest(outcome, horizon_days, rows, kept, done[: len(done) - len(kept)])


def _run_fold(
    fold: Fold,
    tests: Ints,
    parts: tuple[RowSet, RowSet, RowSet],
    question: tuple[Outcome, int],
    rates: PairRates,
    before: list[FoldResult],
    rivals: dict[str, Rival],
) -> FoldResult:
    """Return one fold: everything is fitted on rows whose labels end before the test year."""
    outcome, horizon_days = question
    test, sample, train_all = parts
    train = train_all.take(fold.train_rows(train_all.as_of))
    plain = sample.take(fold.train_rows(sample.as_of))
    weights = fit_weights(train, outcome, horizon_days)
    raw = weights.raw_log_odds(test)
    calibration = calibrate_on(before, fold)
    probs = {OURS: to_prob(calibration.apply(raw))}
    probs |= {name: rival(train, test, outcome, horizon_days) for name, rival in rivals.items()}
    probs |= baseline_probs(plain, test, outcome, horizon_days, rates)
    y = test.labels(outcome, horizon_days)
    variance = weights.variance(test) * calibration.slope**2
    return FoldResult(fold, tests, test.as_of, y, probs, raw, variance, weights, calibration)


def calibrate_on(before: Sequence[FoldResult], fold: Fold) -> Calibration:
    """Return the calibration from the last folds' forecasts whose labels are known by now.

    The last weeks of the year before are dropped where their horizon reaches into the test year.
    """
    recent = before[-CALIBRATION_YEARS:]
    if not recent:
        return Calibration()
    known = [part.as_of < fold.train_end for part in recent]
    raw = np.concatenate([part.raw[keep] for part, keep in zip(recent, known, strict=True)])
    y = np.concatenate([part.y[keep] for part, keep in zip(recent, known, strict=True)])
    return fit_calibration(raw, y)


def measured_coverage(backtest: Backtest) -> dict[str, float]:
    """Return the coverage of the nominal 90 % interval in cells of later years.

    The drift of year Y is fitted on cells of the years before Y only.
    """
    past: list[Cells] = []
    hits, count = 0.0, 0
    for fold in [*backtest.warm_up, *backtest.folds]:
        cells = backtest.cells(fold, fold.probs[OURS])
        if fold.fold.year >= backtest.folds[0].fold.year and past:
            drift, factor = fit_drift(join_cells(past))
            hits += coverage(cells, drift, factor) * len(cells.said)
            count += len(cells.said)
        past.append(cells)
    return {"coverage": hits / max(count, 1), "cells": float(count)}


def join_cells(parts: Sequence[Cells]) -> Cells:
    """Return several sets of cells as one."""
    names = ("said", "happened", "variance", "rows")
    return Cells(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))
