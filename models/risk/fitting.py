"""From prepared rows to one shippable classifier: fit, calibrate, intervals, levels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.risk.backtest import (
    CALIBRATION_YEARS,
    DRIFT_YEARS,
    OURS,
    Backtest,
    BacktestOptions,
    join_cells,
    run_backtest,
)
from models.risk.classifier import RiskClassifier, deficit_of
from models.risk.intervals import fit_drift, unseen_offsets
from models.risk.labels import Outcome
from models.risk.levels import choose_cuts
from models.risk.rows import Material
from models.risk.splits import Fold, day_number, rolling_folds
from models.risk.training import (
    Calibration,
    FitData,
    Weights,
    assemble,
    fit_calibration,
    fit_weights,
)

Floats = npt.NDArray[np.float64]

# Part of every version: raised whenever the same data would give another classifier.
FIT_RULES: Final = "3"
# An inner year is forecast only from years in which the outcome came true this often.
MIN_HAPPENED = 30


@dataclass(frozen=True, slots=True)
class FitRequest:
    """What to fit.

    Args:
        outcome, horizon_days: what is predicted.
        last_day: day after the last day of data; every label must end before it.
        data_digest: hash of the data fitted on.
        reference_volume: stories a day above which counts are scaled down.
        jobs: processes that fit inner years side by side.
    """

    outcome: Outcome
    horizon_days: int
    last_day: str
    data_digest: str
    reference_volume: float
    jobs: int = 1


def fit_classifier(material: Material, request: FitRequest) -> RiskClassifier:
    """Return a classifier fitted on all rows whose labels are known at last_day.

    The last years are first forecast from the years before them: from these
    forecasts come the calibration and the interval; then all years are fitted.
    """
    question = (request.outcome, request.horizon_days)
    end = day_number(request.last_day) - request.horizon_days + 1
    inner = _inner_backtest(material, request, end)
    calibration = _calibrate(inner, end)
    data = FitData(material.sample, material.thin(), day_number(request.last_day))
    weights = fit_weights(data, *question)
    late = inner.folds[-DRIFT_YEARS:]
    drift, factor = fit_drift(join_cells([inner.cells(f, f.probs[OURS]) for f in late]))
    low, high = _unseen(material, weights, calibration)
    sample = material.sample.take(material.sample.as_of < end)
    base_rate = float(np.average(sample.labels(*question), weights=sample.weight))
    digest = digest_data([request.data_digest.encode(), FIT_RULES.encode()])
    version = name_version(*question, request.last_day, digest)
    meta = (version, *question, choose_cuts(base_rate), request.reference_volume)
    return assemble(weights, calibration, (drift, factor, low, high), sample, meta)


def name_version(outcome: str, horizon_days: int, last_day: str, digest: str) -> str:
    """Return the version of a fit, such as ``force-30d-2026-03-28-1a2b3c4d``."""
    return f"{outcome}-{horizon_days}d-{last_day}-{digest[:8]}"


def digest_data(parts: Sequence[bytes]) -> str:
    """Return the sha256 of the training data's bytes.

    Example:
        >>> digest_data([b"a"])[:8]
        'ca978112'
    """
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()


def _inner_backtest(material: Material, request: FitRequest, end: int) -> Backtest:
    """Return forecasts of the last years, each from the years before it."""
    last_year = int(request.last_day[:4])
    folds = list(rolling_folds(last_year - CALIBRATION_YEARS + 1, last_year, request.horizon_days))
    clipped = [
        Fold(f.year, f.test_begin, min(f.test_end, end), f.train_end)
        for f in folds
        if _can_be_fitted(material, request, f)
    ]
    options = BacktestOptions(with_baselines=False, jobs=request.jobs)
    return run_backtest(material, (request.outcome, request.horizon_days), clipped, options)


def _can_be_fitted(material: Material, request: FitRequest, fold: Fold) -> bool:
    """Return whether the years before a fold hold enough that came true."""
    before = material.sample.take(fold.train_rows(material.sample.as_of))
    happened = before.labels(request.outcome, request.horizon_days)
    return int(happened.sum()) >= MIN_HAPPENED


def _calibrate(inner: Backtest, end: int) -> Calibration:
    """Return the calibration from the last inner folds."""
    recent = inner.folds[-CALIBRATION_YEARS:]
    if not recent:
        return Calibration()
    known = [part.as_of < end for part in recent]
    raw = np.concatenate([part.raw[keep] for part, keep in zip(recent, known, strict=True)])
    y = np.concatenate([part.own[keep] for part, keep in zip(recent, known, strict=True)])
    return fit_calibration(raw, y)


def _unseen(
    material: Material, weights: Weights, calibration: Calibration
) -> tuple[Floats, Floats]:
    """Return how far full-stream scores lie from thin-stream scores, by deficit."""
    if not material.thinned:
        return unseen_offsets(np.zeros(0), np.zeros(0), np.zeros(0))
    full = calibration.apply(weights.raw_log_odds(material.sample))
    seen = np.concatenate([full[part.places] for part in material.thinned])
    thin = np.concatenate(
        [calibration.apply(weights.raw_log_odds(part.rows)) for part in material.thinned]
    )
    deficit = np.concatenate([deficit_of(part.rows.matrix) for part in material.thinned])
    weight = np.concatenate([part.rows.weight for part in material.thinned])
    return unseen_offsets(seen, thin, deficit, weight)
