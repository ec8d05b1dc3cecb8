"""Fitting: weights on the past, calibration on later years, then one classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from features.registry import COLUMN_BY_NAME, THIN_COLUMNS
from models.risk.classifier import RiskClassifier, standardise, transform
from models.risk.drift import profile_rows
from models.risk.intervals import IntervalRule, sandwich_covariance
from models.risk.labels import Outcome
from models.risk.logistic import SignedLogistic
from models.risk.rows import RowSet

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PENALTY: Final = 3e-3
# Less than HELPER_MIN_DAYS of rows are few worlds to learn from, however many rows they are.
SHORT_PENALTY: Final = 1e-2
THIN_PENALTY: Final = 1e-4
# A second, longer horizon whose fit is averaged in.
HELPER_HORIZON: Final = {7: 30, 30: 90}
HELPER_MIN_DAYS: Final = 1000
# Material conflict helps from this horizon on; within a week it is another question.
CONFLICT_FROM_DAYS: Final = 30
# What an escalation is a step of, and what comes with it.
_STEPPED: Final = frozenset({"force", "quad4", "military"})


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


@dataclass(frozen=True)
class FitData:
    """Rows to fit on.

    Args:
        full: weighted sample through the full stream.
        thin: rows of it through thinned streams; may be empty.
        end: day number before which every label must have ended.
    """

    full: RowSet
    thin: RowSet | None
    end: int

    def known(self, rows: RowSet, horizon_days: int) -> RowSet:
        """Return the rows whose horizon ends by ``end``."""
        return rows.take(rows.as_of + horizon_days <= self.end)


def fit_weights(
    data: FitData, outcome: Outcome, horizon_days: int, penalty_weight: float | None = None
) -> Weights:
    """Return the formula: weights of the full stream, then the correction for thin ones.

    The weights start as the mean of the fits of several labels, see ``_fit_helpers``; a slope
    and shift then return to the label asked for.

    Args:
        data: rows to fit on.
        outcome: what is predicted.
        horizon_days: how far ahead.
        penalty_weight: L2 penalty on standardised weights; by default by the span of the rows.
    """
    train = data.known(data.full, horizon_days)
    names = tuple(n for n in train.matrix.columns if n not in THIN_COLUMNS)
    frame = _Frame.of(train, names)
    y = train.labels(outcome, horizon_days)
    is_short = int(np.ptp(train.as_of)) < HELPER_MIN_DAYS
    penalty = penalty_weight or (SHORT_PENALTY if is_short else PENALTY)
    first = _fit_main(data, frame, (outcome, horizon_days), penalty)
    fits = [first, *_fit_helpers(data, frame, (outcome, horizon_days), first, is_short)]
    coef = np.mean([fit.coef_ for fit in fits], axis=0)
    intercept = float(np.mean([fit.intercept_ for fit in fits]))
    x = frame.apply(train)
    back = fit_calibration(x @ coef + intercept, y, train.weight)
    _, groups = np.unique(train.matrix.dyads.astype(str), return_inverse=True)
    covariance = sandwich_covariance(first, x, y, train.weight, groups)
    start = (coef * back.slope, intercept * back.slope + back.shift)
    main = Weights(
        names, frame.mean, frame.scale, *_refit(start, first, x, y, train.weight), covariance
    )
    return _correct_thin(main, data, outcome, horizon_days)


@dataclass(frozen=True)
class _Frame:
    """Means and scales of transformed columns."""

    names: tuple[str, ...]
    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, rows: RowSet, names: tuple[str, ...]) -> _Frame:
        raw = transform(rows.matrix, names)
        mean = np.average(raw, axis=0, weights=rows.weight)
        spread = np.sqrt(np.average((raw - mean) ** 2, axis=0, weights=rows.weight))
        return cls(names, mean, spread + 1e-9)

    def apply(self, rows: RowSet) -> Floats:
        return standardise(rows.matrix, self.names, self.mean, self.scale)


def signs_of(names: Sequence[str], outcome: Outcome) -> tuple[int, ...]:
    """Return the sign that theory demands of each column's weight, 0 where it demands none.

    An escalation is a step above the pair's own past: there the past of what is counted
    may speak against another step.
    """
    columns = [COLUMN_BY_NAME[name] for name in names]
    is_free = outcome == "escalation"
    return tuple(0 if is_free and c.signal in _STEPPED else c.monotone for c in columns)


def _fit_main(
    data: FitData, frame: _Frame, question: tuple[Outcome, int], penalty_weight: float
) -> SignedLogistic:
    """Return the fit of one horizon on the full stream."""
    train = data.known(data.full, question[1])
    fit = SignedLogistic(penalty_weight, signs_of(frame.names, question[0]))
    return fit.fit(frame.apply(train), train.labels(*question), train.weight)


def _fit_helpers(
    data: FitData,
    frame: _Frame,
    question: tuple[Outcome, int],
    first: SignedLogistic,
    is_short: bool,
) -> list[SignedLogistic]:
    """Return the fits of labels that come true more often and steady the weights.

    These are a longer horizon and, for force in a month or more, material conflict of any kind.
    """
    outcome, horizon_days = question
    fits = []
    if not is_short and horizon_days in HELPER_HORIZON:
        longer = (outcome, HELPER_HORIZON[horizon_days])
        fits.append(_fit_main(data, frame, longer, first.penalty_weight))
    train = data.known(data.full, horizon_days)
    is_helped = outcome == "force" and horizon_days >= CONFLICT_FROM_DAYS
    conflicts = train.conflicts(horizon_days) if is_helped else None
    if conflicts is not None:
        like = SignedLogistic(first.penalty_weight, first.signs)
        fits.append(like.fit(frame.apply(train), conflicts, train.weight))
    return fits


def _refit(
    start: tuple[Floats, float], like: SignedLogistic, x: Floats, y: Bools, weight: Floats
) -> tuple[Floats, float]:
    """Return weights and intercept after a second step on what the first left unexplained.

    The penalty pulls the second step towards the first one's weights and no longer
    towards zero: pairs at war reach the high probabilities that they earn.
    """
    coef, intercept = start
    step = SignedLogistic(like.penalty_weight, like.signs).fit(x, y, weight, x @ coef + intercept)
    return coef + step.coef_, intercept + step.intercept_


def _correct_thin(main: Weights, data: FitData, outcome: Outcome, horizon_days: int) -> Weights:
    """Return the formula with the columns added that speak only when the stream is thin."""
    if data.thin is None:
        return main
    thin = data.known(data.thin, horizon_days)
    raw = transform(thin.matrix, THIN_COLUMNS)
    scale = np.sqrt(np.average(raw**2, axis=0, weights=thin.weight)) + 1e-9
    signs = signs_of(THIN_COLUMNS, outcome)
    fit = SignedLogistic(THIN_PENALTY, signs, fit_intercept=False).fit(
        raw / scale, thin.labels(outcome, horizon_days), thin.weight, main.raw_log_odds(thin)
    )
    width = len(main.columns)
    total = width + len(THIN_COLUMNS) + 1
    covariance = np.zeros((total, total))
    places = np.append(np.arange(width), total - 1)
    covariance[np.ix_(places, places)] = main.covariance
    return Weights(
        (*main.columns, *THIN_COLUMNS),
        np.append(main.mean, np.zeros(len(THIN_COLUMNS))),
        np.append(main.scale, scale),
        np.append(main.coef, fit.coef_),
        main.intercept,
        covariance,
    )


def fit_calibration(raw_log_odds: Floats, y: Bools, weight: Floats | None = None) -> Calibration:
    """Return slope and shift fitted on log odds of later years; slope never below 0.

    A weak pull towards slope 1 and shift 0 (five pseudo events) keeps short
    records from overreacting.
    """
    if not len(y) or not y.any():
        return Calibration()
    centre = float(np.mean(raw_log_odds))
    spread = float(np.std(raw_log_odds)) + 1e-9
    x = ((raw_log_odds - centre) / spread)[:, None]
    fit = SignedLogistic(1e-8, (1,)).fit(x, y, weight)
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
