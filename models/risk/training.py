"""Fitting: weights on the past, calibration on later years, then one classifier."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from features.registry import COLUMN_BY_NAME
from models.risk.classifier import RiskClassifier, standardise, transform
from models.risk.drift import profile_rows
from models.risk.intervals import IntervalRule, sandwich_covariance
from models.risk.labels import Outcome
from models.risk.logistic import SignedLogistic
from models.risk.rows import RowSet

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PENALTY: Final = 3e-3


@dataclass(frozen=True)
class Weights:
    """A fitted, not yet calibrated formula.

    Args:
        columns: names in order.
        mean, scale: of the transformed training columns.
        coef, intercept: log odds of the standardised columns.
        covariance: of coef and intercept (last), pairs as clusters.
    """

    columns: tuple[str, ...]
    mean: Floats
    scale: Floats
    coef: Floats
    intercept: float
    covariance: Floats

    def standardised(self, rows: RowSet) -> Floats:
        """Return the standardised columns of rows."""
        return standardise(rows.matrix, self.columns, self.mean, self.scale)

    def raw_log_odds(self, rows: RowSet) -> Floats:
        """Return the log odds before calibration."""
        odds: Floats = self.standardised(rows) @ self.coef + self.intercept
        return odds

    def variance(self, rows: RowSet) -> Floats:
        """Return the parameter variance of each row's log odds."""
        padded = np.column_stack([self.standardised(rows), np.ones(len(rows))])
        value: Floats = np.einsum("ij,jk,ik->i", padded, self.covariance, padded)
        return np.maximum(value, 0.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """log odds -> slope * log odds + shift."""

    slope: float = 1.0
    shift: float = 0.0

    def apply(self, log_odds: Floats) -> Floats:
        """Return calibrated log odds."""
        return self.slope * log_odds + self.shift


def fit_weights(
    train: RowSet,
    outcome: Outcome,
    horizon_days: int,
    columns: Sequence[str] | None = None,
    penalty_weight: float = PENALTY,
) -> Weights:
    """Return the formula fitted on rows with sampling weights.

    Args:
        train: rows whose labels end before anything that is tested.
        outcome: what is predicted.
        horizon_days: how far ahead.
        columns: names to use; by default all of the matrix.
        penalty_weight: L2 penalty on standardised weights.
    """
    names = tuple(columns or train.matrix.columns)
    y = train.labels(outcome, horizon_days)
    raw = transform(train.matrix, names)
    mean = np.average(raw, axis=0, weights=train.weight)
    scale = np.sqrt(np.average((raw - mean) ** 2, axis=0, weights=train.weight)) + 1e-9
    x = (raw - mean) / scale
    signs = tuple(COLUMN_BY_NAME[name].monotone for name in names)
    fit = SignedLogistic(penalty_weight, signs).fit(x, y, train.weight)
    _, groups = np.unique(train.matrix.dyads.astype(str), return_inverse=True)
    covariance = sandwich_covariance(fit, x, y, train.weight, groups)
    return Weights(names, mean, scale, fit.coef_, fit.intercept_, covariance)


def fit_calibration(raw_log_odds: Floats, y: Bools) -> Calibration:
    """Return slope and shift fitted on log odds of later years; slope never below 0.

    A weak pull towards slope 1 and shift 0 (five pseudo events) keeps short
    records from overreacting.
    """
    if not len(y) or not y.any():
        return Calibration()
    centre = float(np.mean(raw_log_odds))
    spread = float(np.std(raw_log_odds)) + 1e-9
    x = ((raw_log_odds - centre) / spread)[:, None]
    fit = SignedLogistic(1e-8, (1,)).fit(x, y)
    slope = float(fit.coef_[0]) / spread
    shift = float(fit.intercept_) - slope * centre
    trust = float(y.sum()) / (float(y.sum()) + 5.0)
    return Calibration(trust * slope + (1 - trust), trust * shift)


def assemble(
    weights: Weights,
    calibration: Calibration,
    rule: tuple[float, float, Floats, Floats],
    train: RowSet,
    meta: tuple[str, Outcome, int, tuple[float, float, float, float], float],
) -> RiskClassifier:
    """Return the classifier with calibration folded into its weights.

    Args:
        weights: fitted formula.
        calibration: from later years.
        rule: drift variance, factor, unseen_low, unseen_high.
        train: full-stream training rows, for the drift profile.
        meta: version, outcome, horizon_days, cuts, reference_volume.
    """
    version, outcome, horizon_days, cuts, reference_volume = meta
    drift, factor, low, high = rule
    covariance = weights.covariance * calibration.slope**2
    classifier = RiskClassifier(
        version=version,
        outcome=outcome,
        horizon_days=horizon_days,
        columns=weights.columns,
        mean=weights.mean,
        scale=weights.scale,
        weights=weights.coef * calibration.slope,
        base=weights.intercept * calibration.slope + calibration.shift,
        interval=IntervalRule(covariance, drift, factor, low, high),
        cuts=cuts,
        reference_volume=reference_volume,
    )
    profile = profile_rows(train.matrix, classifier.predict(train.matrix), train.weight)
    return replace(classifier, profile=profile)


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
