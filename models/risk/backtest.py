"""Rolling-origin backtest: fit on the years before, calibrate on later ones, test on the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from models.risk.baselines import KeywordSeries, PairRates, baseline_probs, pair_rates
from models.risk.classifier import to_prob
from models.risk.intervals import Cells, coverage, fit_drift, group_cells
from models.risk.labels import ForceRecord, Outcome
from models.risk.rows import Material, RowSet
from models.risk.splits import Fold
from models.risk.training import Calibration, FitData, Weights, fit_calibration, fit_weights

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

OURS: Final = "dyadrisk"
# Slope and shift are learnt from forecasts of as many years: fewer follow the last war.
CALIBRATION_YEARS: Final = 10
# Rows stand a week apart: a horizon is shared by as many rows as weeks fit into it.
ORIGIN_STEP_DAYS: Final = 7
# The doubt between years is learnt from forecasts of as many years.
DRIFT_YEARS: Final = 6

# Extra competitors: (train, test, outcome, horizon_days) -> test probabilities.
Rival = Callable[[RowSet, RowSet, Outcome, int], Floats]


@dataclass(frozen=True)
class FoldResult:
    """One test year: what was predicted by whom, and what happened.

    ``own`` are the labels of the corpus itself (calibration learns from them);
    ``y`` those of the judge, which are the same unless another judge was named.
    """

    fold: Fold
    rows: Ints
    as_of: Ints
    own: Bools
    y: Bools
    probs: dict[str, Floats]
    raw: Floats
    variance: Floats
    weights: Weights
    calibration: Calibration = field(default_factory=Calibration)


@dataclass(frozen=True)
class BacktestOptions:
    """What a backtest runs beside our own classifier.

    Args:
        report_from: first test year that is reported.
        with_baselines: whether the baselines are fitted.
        rivals: further classifiers fitted on the same rows.
        judge: another record of force to be held against; by default the corpus' own.
        keywords: counts for the keyword baseline, if there are any.
        jobs: processes that fit folds side by side.
    """

    report_from: int = 0
    with_baselines: bool = True
    rivals: Mapping[str, Rival] = field(default_factory=dict)
    judge: ForceRecord | None = None
    keywords: KeywordSeries | None = None
    jobs: int = 1


@dataclass(frozen=True)
class Backtest:
    """All folds of one outcome and horizon.

    Args:
        outcome, horizon_days: what was predicted.
        rows: all rows, of which each fold names its own by position.
        judge: whose record of force the forecasts are held against.
        folds: one result a test year.
        warm_up: folds before the first reported year (calibration only).
    """

    outcome: Outcome
    horizon_days: int
    rows: RowSet
    judge: ForceRecord
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
        overlap = max(1.0, self.horizon_days / ORIGIN_STEP_DAYS)
        return group_cells(prob, fold.y, years, fold.variance, overlap=overlap)


def run_backtest(
    material: Material,
    question: tuple[Outcome, int],
    folds: Sequence[Fold],
    options: BacktestOptions | None = None,
) -> Backtest:
    """Return the backtest of one outcome and horizon.

    Args:
        material: rows to test on and to fit on.
        question: outcome and horizon in days.
        folds: in order of time; those before ``options.report_from`` only calibrate.
        options: rivals, baselines, judge, processes.
    """
    used = options or BacktestOptions()
    outcome, horizon_days = question
    rows = material.rows
    span = (int(rows.as_of.min()), int(rows.as_of.max()))
    rates = pair_rates(rows.record, outcome, horizon_days, *span)
    work = _Work(rows, material.sample, material.thin(), question, rates, used)
    done: list[FoldResult] = []
    for fitted in _fit_folds(work, [f for f in folds if f.test_rows(rows.as_of).any()]):
        done.append(_calibrated(fitted, calibrate_on(done, fitted.fold)))
    kept = [f for f in done if f.fold.year >= used.report_from]
    judge = used.judge or rows.record
    return Backtest(outcome, horizon_days, rows, judge, kept, done[: len(done) - len(kept)])


@dataclass(frozen=True)
class _Work:
    """What the fits of all folds share."""

    rows: RowSet
    sample: RowSet
    thin: RowSet | None
    question: tuple[Outcome, int]
    rates: PairRates
    options: BacktestOptions


_SHARED: list[_Work] = []


def _share(work: _Work) -> None:
    """Keep the work where a process of the pool finds it, and give each process one core."""
    _SHARED[:] = [work]
    threadpool_limits(1)


def _fit_shared(fold: Fold) -> FoldResult:
    return _fit_fold(_SHARED[0], fold)


def _fit_folds(work: _Work, folds: Sequence[Fold]) -> Iterator[FoldResult]:
    """Yield the fitted, not yet calibrated folds in order, from one process or several."""
    if work.options.jobs == 1:
        yield from (_fit_fold(work, fold) for fold in folds)
        return
    # forked processes see the rows without copying them
    context = get_context("fork")
    with ProcessPoolExecutor(work.options.jobs, context, _share, (work,)) as pool:
        yield from pool.map(_fit_shared, folds)


def _fit_fold(work: _Work, fold: Fold) -> FoldResult:
    """Return one fold: everything is fitted on rows whose labels end before the test year."""
    question, options = work.question, work.options
    tests = np.flatnonzero(fold.test_rows(work.rows.as_of))
    test = work.rows.take(tests)
    plain = work.sample.take(fold.train_rows(work.sample.as_of))
    data = FitData(work.sample, work.thin, fold.label_end(question[1]))
    weights = fit_weights(data, *question)
    probs = {name: rival(plain, test, *question) for name, rival in options.rivals.items()}
    if options.with_baselines:
        probs |= baseline_probs(plain, test, *question, work.rates, options.keywords)
    own = test.labels(*question)
    y = own if options.judge is None else replace(test, record=options.judge).labels(*question)
    raw, variance = weights.raw_log_odds(test), weights.variance(test)
    return FoldResult(fold, tests, test.as_of, own, y, probs, raw, variance, weights)


def _calibrated(fitted: FoldResult, calibration: Calibration) -> FoldResult:
    """Return the fold with our own probabilities."""
    ours = to_prob(calibration.apply(fitted.raw))
    return replace(
        fitted,
        probs={OURS: ours} | fitted.probs,
        variance=fitted.variance * calibration.slope**2,
        calibration=calibration,
    )


def rejudge(backtest: Backtest, judge: ForceRecord, keep: Bools) -> Backtest:
    """Return the same forecasts held against another record of force.

    Args:
        backtest: forecasts and the labels that they were fitted on.
        judge: whose record of force counts now.
        keep: rows of ``backtest.rows`` during whose horizon the judge was watching.
    """
    folds = [
        _rejudge_fold(backtest, fold, judge, keep[fold.rows])
        for fold in [*backtest.warm_up, *backtest.folds]
        if keep[fold.rows].any()
    ]
    return replace(backtest, judge=judge, folds=folds, warm_up=[])


def _rejudge_fold(
    backtest: Backtest, fold: FoldResult, judge: ForceRecord, keep: Bools
) -> FoldResult:
    rows = replace(backtest.rows.take(fold.rows[keep]), record=judge)
    return replace(
        fold,
        rows=fold.rows[keep],
        as_of=fold.as_of[keep],
        own=fold.own[keep],
        y=rows.labels(backtest.outcome, backtest.horizon_days),
        probs={name: prob[keep] for name, prob in fold.probs.items()},
        raw=fold.raw[keep],
        variance=fold.variance[keep],
    )


def calibrate_on(before: Sequence[FoldResult], fold: Fold) -> Calibration:
    """Return the calibration from the last folds' forecasts whose labels are known by now.

    The last weeks of the year before are dropped where their horizon reaches into the test year.
    """
    recent = before[-CALIBRATION_YEARS:]
    if not recent:
        return Calibration()
    known = [part.as_of < fold.train_end for part in recent]
    raw = np.concatenate([part.raw[keep] for part, keep in zip(recent, known, strict=True)])
    y = np.concatenate([part.own[keep] for part, keep in zip(recent, known, strict=True)])
    return fit_calibration(raw, y)


def measured_coverage(backtest: Backtest) -> dict[str, float]:
    """Return the coverage of the nominal 90 % interval in cells of later years.

    The drift of year Y is fitted on cells of the last ``DRIFT_YEARS`` years before Y only,
    as it is for a classifier that ships.
    """
    past: list[Cells] = []
    hits, count = 0.0, 0
    for fold in [*backtest.warm_up, *backtest.folds]:
        cells = backtest.cells(fold, fold.probs[OURS])
        if fold.fold.year >= backtest.folds[0].fold.year and past and len(cells.said):
            drift, factor = fit_drift(join_cells(past[-DRIFT_YEARS:]))
            hits += coverage(cells, drift, factor) * len(cells.said)
            count += len(cells.said)
        past.append(cells)
    return {"coverage": hits / max(count, 1), "cells": float(count)}


def join_cells(parts: Sequence[Cells]) -> Cells:
    """Return several sets of cells as one, an empty one of none."""
    if not parts:
        none = np.zeros(0)
        return Cells(none, none, none, none)
    said, happened, variance, rows = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("said", "happened", "variance", "rows")
    )
    return Cells(said, happened, variance, rows, parts[0].overlap)
