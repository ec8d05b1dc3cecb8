"""The risk classifier: an additive formula from features to a calibrated probability.

log odds = base + sum over columns of weight * (transformed value - mean) / scale;
every addend is that column's contribution. Nothing here trains; see training.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from features.errors import DataError
from features.matrix import FeatureMatrix
from features.registry import COLUMN_BY_NAME
from features.themes import name_theme
from models.risk.intervals import IntervalRule
from models.risk.levels import LEVELS, name_levels

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRIVER_COUNT: Final = 8
# Nine in ten pairs are LOW: with all of theirs, drivers would be four fifths of the database.
LOW_DRIVER_COUNT: Final = 3
PROB_FLOOR: Final = 1e-6


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """What a person reads of one pair: probability, interval, level and why."""

    dyad: str
    prob: float
    prob_low: float
    prob_high: float
    level: str
    drivers: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class RiskClassifier:
    """A fitted, calibrated classifier of one outcome and horizon.

    Args:
        version: names the fit; scores carry it.
        outcome, horizon_days: what is predicted.
        columns: names of the columns in order, all in features/registry.py.
        mean, scale: of the transformed training columns.
        weights: calibrated weights of the standardised columns (log odds).
        base: log odds of a row whose columns all stand at their means.
        interval: how wide the probability's interval is.
        cuts: lower bounds of GUARDED, ELEVATED, HIGH, SEVERE.
        reference_volume: stories a day above which counts are scaled down.
        profile: share of training rows by bin of each column, for drift.
        figures: measured accuracy, for the record.
    """

    version: str
    outcome: str
    horizon_days: int
    columns: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    base: float
    interval: IntervalRule
    cuts: tuple[float, float, float, float]
    reference_volume: float
    profile: Mapping[str, Mapping[str, list[float]]] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)

    def contributions(self, matrix: FeatureMatrix) -> Floats:
        """Return each column's addend to the log odds, one row per matrix row.

        Raises:
            DataError: the matrix lacks a column.
        """
        return standardise(matrix, self.columns, self.mean, self.scale) * self.weights

    def log_odds(self, matrix: FeatureMatrix) -> Floats:
        """Return the calibrated log odds: base plus all contributions."""
        total: Floats = self.base + self.contributions(matrix).sum(axis=1)
        return total

    def predict(self, matrix: FeatureMatrix) -> Floats:
        """Return the calibrated probability of each row."""
        return to_prob(self.log_odds(matrix))

    def score(self, matrix: FeatureMatrix) -> list[ScoredPair]:
        """Return probability, interval, level and drivers of each row, in order."""
        parts = self.contributions(matrix)
        odds = self.base + parts.sum(axis=1)
        standardised = standardise(matrix, self.columns, self.mean, self.scale)
        deficit = deficit_of(matrix)
        low, high = self.interval.bounds(odds, standardised, deficit)
        prob = to_prob(odds)
        levels = name_levels(prob, self.cuts)
        order = self._order(parts)[:, :DRIVER_COUNT]
        return [
            ScoredPair(
                str(matrix.dyads[i]),
                float(prob[i]),
                min(float(to_prob(low[i : i + 1])[0]), float(prob[i])),
                max(float(to_prob(high[i : i + 1])[0]), float(prob[i])),
                levels[i],
                self._drivers(matrix, parts[i], order[i, : driver_count(levels[i])], i),
            )
            for i in range(len(matrix))
        ]

    def _order(self, parts: Floats) -> Ints:
        """Return each row's columns, largest contribution first, led by the strongest theme's."""
        order = np.argsort(-np.abs(parts), axis=1, kind="stable")
        leads = find_leads(parts, [name_theme(COLUMN_BY_NAME[name]) for name in self.columns])
        rest = order[order != leads[:, None]].reshape(len(parts), parts.shape[1] - 1)
        return np.column_stack([leads, rest])

    def _drivers(
        self, matrix: FeatureMatrix, parts: Floats, order: Ints, row: int
    ) -> tuple[Mapping[str, Any], ...]:
        """Return the columns that move this row most, with words for a person."""
        found = []
        for position in order:
            name = self.columns[position]
            value = float(matrix.values[row, matrix.columns.index(name)])
            found.append(
                {
                    "feature": name,
                    "value": round(value, 4),
                    "contribution": round(float(parts[position]), 4),
                    "words": COLUMN_BY_NAME[name].words,
                }
            )
        return tuple(found)


def find_leads(parts: Floats, themes: Sequence[str]) -> Ints:
    """Return for each row the column that speaks most for the theme that moves it most.

    Args:
        parts: contributions, shape (rows, columns).
        themes: what each column speaks of.

    Example:
        >>> find_leads(np.array([[0.5, 0.6, -0.9, 0.1]]), ["force", "force", "peace", "force"])
        array([1])
    """
    names, codes = np.unique(np.asarray(themes), return_inverse=True)
    sums = parts @ (codes[:, None] == np.arange(len(names)))
    strongest = np.abs(sums).argmax(axis=1)
    sign = np.sign(np.take_along_axis(sums, strongest[:, None], axis=1))
    leads: Ints = np.where(codes == strongest[:, None], parts * sign, -np.inf).argmax(axis=1)
    return leads


def driver_count(level: str) -> int:
    """Return how many drivers a score of this level keeps.

    Example:
        >>> driver_count("LOW"), driver_count("HIGH")
        (3, 8)
    """
    return LOW_DRIVER_COUNT if level == LEVELS[0] else DRIVER_COUNT


def to_prob(log_odds: Floats) -> Floats:
    """Return probabilities, kept a hair away from 0 and 1."""
    prob: Floats = np.clip(expit(log_odds), PROB_FLOOR, 1 - PROB_FLOOR)
    return prob


def deficit_of(matrix: FeatureMatrix) -> Floats:
    """Return how much thinner than usual the stream was lately (log ratio, 0 = usual)."""
    return matrix.column("stream_deficit30_ratio").astype(np.float64)


def transform(matrix: FeatureMatrix, columns: Sequence[str]) -> Floats:
    """Return the columns as they enter the formula (log1p or as they are), before scaling.

    Raises:
        DataError: the matrix lacks a column.
    """
    missing = [name for name in columns if name not in matrix.columns]
    if missing:
        raise DataError(f"expected the feature columns {missing!r} in the matrix; build it anew")
    picked = [matrix.columns.index(name) for name in columns]
    values = matrix.values[:, picked].astype(np.float64)
    for position, name in enumerate(columns):
        if COLUMN_BY_NAME[name].transform == "log1p":
            values[:, position] = np.log1p(np.maximum(values[:, position], 0.0))
    return values


def standardise(
    matrix: FeatureMatrix, columns: Sequence[str], mean: Floats, scale: Floats
) -> Floats:
    """Return the transformed columns, centred and scaled."""
    return (transform(matrix, columns) - mean) / scale
