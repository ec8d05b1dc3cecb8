"""How sure a probability is: parameter doubt, drift between years, and unseen news.

Three doubts are added on the log-odds scale:
- the weights, from a sandwich covariance with the pair as cluster;
- years that differ: widened until the frequency of rows scored alike lay inside
  the interval in the nominal share of (year, score band) cells of past years, once
  the chance of a count of few independent rows is allowed for;
- a thin stream: how far the score through a thinned stream lay from the score
  through the full one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

if TYPE_CHECKING:  # it imports scikit-learn, which scoring can do without
    from models.risk.logistic import SignedLogistic

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NOMINAL: Final = 0.9
# Edges of the score bands in which frequencies are compared.
BAND_EDGES: Final = (0.0, 0.0015, 0.003, 0.006, 0.012, 0.025, 0.05, 0.1, 0.2, 0.4, 1.0001)
# Variance between years that is assumed where no past year could be forecast.
UNKNOWN_DRIFT: Final = 0.25
# Few cells may agree by luck: the least that forecasts of the development years needed.
LEAST_DRIFT: Final = 0.1
# Deficits (log ratio) at which the doubt of a thin stream is tabulated.
DEFICIT_GRID: Final = (0.0, 0.7, 1.2, 2.3, 3.5, 4.6)


@dataclass(frozen=True)
class IntervalRule:
    """Turns log odds into a nominal 90 % interval.

    Args:
        covariance: of intercept and weights (intercept last), calibrated scale.
        drift: variance between years, log-odds scale.
        factor: multiple of the standard deviation that reached the nominal coverage.
        unseen_low, unseen_high: offsets for a thin stream at DEFICIT_GRID.
    """

    covariance: Floats
    drift: float
    factor: float
    unseen_low: Floats
    unseen_high: Floats

    def spread(self, standardised: Floats) -> Floats:
        """Return the standard deviation of each row's log odds, for a full stream."""
        padded = np.column_stack([standardised, np.ones(len(standardised))])
        variance = np.einsum("ij,jk,ik->i", padded, self.covariance, padded)
        deviation: Floats = np.sqrt(np.maximum(variance, 0.0) + self.drift)
        return deviation

    def bounds(
        self, log_odds: Floats, standardised: Floats, deficit: Floats
    ) -> tuple[Floats, Floats]:
        """Return the lower and upper log odds of each row."""
        half = self.factor * self.spread(standardised)
        down = np.interp(deficit, DEFICIT_GRID, self.unseen_low)
        up = np.interp(deficit, DEFICIT_GRID, self.unseen_high)
        return log_odds - np.hypot(half, down), log_odds + np.hypot(half, up)


def sandwich_covariance(
    fit: SignedLogistic, x: Floats, y: Bools, weight: Floats, groups: npt.NDArray[np.int64]
) -> Floats:
    """Return the covariance of weights and intercept with rows clustered by group.

    Weights held at 0 by their sign are taken as known.

    Args:
        fit: the fitted regression.
        x: standardised columns that it was fitted on.
        y: labels.
        weight: sampling weights.
        groups: pair id of each row, from 0.
    """
    share = weight / weight.sum()
    prob = expit(fit.decision_function(x))
    padded = np.column_stack([x, np.ones(len(x))])
    free = np.append(np.abs(fit.coef_) > 1e-8, True)
    used = padded[:, free]
    ridge = np.append(np.full(free.sum() - 1, fit.penalty_weight), 0.0)
    bread = (used * (share * prob * (1 - prob))[:, None]).T @ used + np.diag(ridge)
    scores = used * (share * (y - prob))[:, None]
    order = np.argsort(groups, kind="stable")
    edges = np.flatnonzero(np.diff(groups[order], prepend=-1))
    summed = np.add.reduceat(scores[order], edges)
    inverse = np.linalg.inv(bread + 1e-12 * np.eye(len(bread)))
    small = inverse @ (summed.T @ summed) @ inverse
    full = np.zeros((padded.shape[1], padded.shape[1]))
    full[np.ix_(free, free)] = small
    return full


@dataclass(frozen=True)
class Cells:
    """Groups of rows of one year and score band: what was said and what happened.

    Args:
        said, happened: mean probability and frequency of each cell.
        variance: mean parameter variance of its rows (log odds).
        rows: rows in the cell.
        overlap: rows of a pair that share most of their horizon and count as one.
    """

    said: Floats
    happened: Floats
    variance: Floats
    rows: Floats
    overlap: float = 1.0

    def chance(self) -> Floats:
        """Return the variance of a cell's frequency by chance alone, on the log-odds scale."""
        return self.overlap / (self.rows * self.said * (1 - self.said))


def group_cells(
    prob: Floats,
    y: Bools,
    years: npt.NDArray[np.int64],
    variance: Floats,
    min_rows: int = 50,
    min_expected: float = 5.0,
    overlap: float = 1.0,
) -> Cells:
    """Return the cells of all years and score bands that are large enough.

    Args:
        prob: forecasts.
        y: what happened.
        years: of each row.
        variance: parameter variance of each row's log odds.
        min_rows: rows that a cell needs.
        min_expected: hits that a cell must have been told to expect; below that its
            frequency is mostly chance and says nothing about the forecast.
        overlap: how many rows that follow each other share a horizon.
    """
    band = np.searchsorted(np.asarray(BAND_EDGES), prob, side="right")
    key = years * 100 + band
    _, cell, count = np.unique(key, return_inverse=True, return_counts=True)
    kept = (count >= min_rows) & (np.bincount(cell, prob) >= min_expected)
    means = [np.bincount(cell, values.astype(float)) / count for values in (prob, y, variance)]
    said, happened, spread = (mean[kept] for mean in means)
    return Cells(said, happened, spread, count[kept].astype(float), overlap)


def fit_drift(
    cells: Cells, nominal: float = NOMINAL, least: float = LEAST_DRIFT
) -> tuple[float, float]:
    """Return (drift variance, factor) so that past cells are covered as often as nominal.

    The factor is the normal quantile; the drift variance is what the nominal share of the
    cells needs at most, a median-unbiased quantile: a few dozen cells are no reason to widen.
    """
    factor = 1.6449
    if not len(cells.said):
        return UNKNOWN_DRIFT, factor
    miss = np.abs(_safe_logit(cells.happened, cells.rows) - logit(cells.said))
    need = np.maximum((miss / factor) ** 2 - cells.variance - cells.chance(), 0.0)
    drift = float(np.quantile(need, nominal, method="median_unbiased"))
    return max(drift, least), factor


def coverage(cells: Cells, drift: float, factor: float) -> float:
    """Return the share of cells whose frequency lay inside the interval, chance allowed for."""
    miss = np.abs(_safe_logit(cells.happened, cells.rows) - logit(cells.said))
    spread = np.sqrt(cells.variance + drift + cells.chance())
    return float(np.mean(miss <= factor * spread))


def _safe_logit(frequency: Floats, rows: Floats) -> Floats:
    """Return log odds of a frequency, half an event away from 0 and 1."""
    values: Floats = logit((frequency * rows + 0.5) / (rows + 1.0))
    return values


def unseen_offsets(
    full: Floats,
    thin: Floats,
    deficit: Floats,
    weight: Floats | None = None,
    nominal: float = NOMINAL,
) -> tuple[Floats, Floats]:
    """Return, at DEFICIT_GRID, how far below and above a thin score the full score lies.

    Args:
        full: log odds of rows through the full stream.
        thin: log odds of the same rows through a thinned stream.
        deficit: deficit of the thinned stream at each row.
        weight: sampling weights.
        nominal: share of rows that shall lie inside.
    """
    used = np.ones(len(full)) if weight is None else weight
    tails = ((1 - nominal) / 2, (1 + nominal) / 2)
    low, high = [0.0], [0.0]
    for position, centre in enumerate(DEFICIT_GRID[1:], start=1):
        width = (centre - DEFICIT_GRID[position - 1]) / 2 + 0.1
        near = np.abs(deficit - centre) <= width
        bottom, top = _weighted_quantiles((full - thin)[near], used[near], tails)
        low.append(max(-bottom, low[-1]))
        high.append(max(top, high[-1]))
    return np.array(low), np.array(high)


def _weighted_quantiles(
    values: Floats, weight: Floats, shares: tuple[float, float], min_rows: int = 100
) -> tuple[float, float]:
    """Return two weighted quantiles, zero where there are too few values."""
    if len(values) < min_rows:
        return 0.0, 0.0
    order = np.argsort(values)
    mass = np.cumsum(weight[order]) / weight.sum()
    places = np.minimum(np.searchsorted(mass, shares), len(values) - 1)
    return float(values[order][places[0]]), float(values[order][places[1]])
