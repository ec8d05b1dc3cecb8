"""Figures of probabilities against what happened, with intervals from a bootstrap by pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_BIN_LIMIT: Final = 4000


@dataclass(frozen=True, slots=True)
class Figures:
    """Accuracy of one predictor on one set of rows."""

    row_count: int
    positive_share: float
    auc: float
    average_precision: float
    brier: float
    brier_skill: float
    ece: float


def calibration_error(prob: Floats, y: Bools, bin_count: int = 20) -> float:
    """Return the expected calibration error over equally wide bins of the probability.

    Example:
        >>> calibration_error(np.array([0.5, 0.5]), np.array([True, False]))
        0.0
    """
    place = np.minimum((prob * bin_count).astype(int), bin_count - 1)
    gap = np.bincount(place, prob - y, minlength=bin_count)
    return float(np.abs(gap).sum() / max(len(prob), 1))


def measure(prob: Floats, y: Bools, climatology: float | None = None) -> Figures:
    """Return the figures of probabilities on rows with labels y.

    Args:
        prob: forecast of each row.
        y: what happened.
        climatology: constant forecast that Brier skill is measured against;
            by default the share of these very rows.
    """
    share = float(np.mean(y))
    reference = float(np.mean((y - (share if climatology is None else climatology)) ** 2))
    brier = float(np.mean((prob - y) ** 2))
    both = 0.0 < share < 1.0
    return Figures(
        len(y),
        share,
        float(roc_auc_score(y, prob)) if both else float("nan"),
        float(average_precision_score(y, prob)) if both else float("nan"),
        brier,
        1.0 - brier / reference if reference > 0 else float("nan"),
        calibration_error(prob, y),
    )


@dataclass(frozen=True)
class _Ranked:
    """A predictor prepared for fast weighted figures: bins from high to low."""

    bins: Ints
    size: int
    loss: Floats


def _rank(prob: Floats, y: Bools) -> _Ranked:
    """Return row bins in falling order of probability; the top keeps every tie apart."""
    values, inverse = np.unique(-prob, return_inverse=True)
    if len(values) > _BIN_LIMIT:
        # fine at the top, coarse below: bin edges at geometric ranks
        edges = np.unique(np.geomspace(1, len(values), _BIN_LIMIT).astype(int))
        inverse = np.searchsorted(edges, inverse, side="right")
    return _Ranked(inverse.astype(np.int64), int(inverse.max()) + 1, (prob - y) ** 2)


def _weighted_figures(ranked: _Ranked, y: Bools, weight: Floats) -> tuple[float, float, float]:
    """Return AUC, average precision and Brier with row weights."""
    hit = np.bincount(ranked.bins, weight * y, minlength=ranked.size)
    every = np.bincount(ranked.bins, weight, minlength=ranked.size)
    miss = every - hit
    above = np.cumsum(hit)
    auc = float((miss * (above - hit / 2)).sum() / max(hit.sum() * miss.sum(), 1e-12))
    precision = above / np.maximum(np.cumsum(every), 1e-12)
    score = float((hit * precision).sum() / max(hit.sum(), 1e-12))
    return auc, score, float((weight * ranked.loss).sum() / weight.sum())


def bootstrap_by_pair(
    probs: Mapping[str, Floats],
    y: Bools,
    groups: Ints,
    draw_count: int = 200,
    seed: int = 20260101,
) -> dict[str, Floats]:
    """Return for each predictor a (draw_count, 3) array of AUC, AP and Brier.

    Pairs are drawn with replacement, all predictors on the same draws, so that
    differences between two predictors can be taken draw by draw.

    Args:
        probs: forecasts by name.
        y: what happened.
        groups: pair id of each row, from 0.
        draw_count: bootstrap draws.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    ranked = {name: _rank(prob, y) for name, prob in probs.items()}
    pair_count = int(groups.max()) + 1
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in probs}
    for _ in range(draw_count):
        drawn = np.bincount(rng.integers(0, pair_count, pair_count), minlength=pair_count)
        weight = drawn[groups].astype(float)
        for name, prepared in ranked.items():
            found[name].append(_weighted_figures(prepared, y, weight))
    return {name: np.array(rows) for name, rows in found.items()}


def interval_of(draws: Floats, nominal: float = 0.95) -> tuple[float, float]:
    """Return the central interval of bootstrap draws."""
    tail = (1 - nominal) / 2
    return float(np.quantile(draws, tail)), float(np.quantile(draws, 1 - tail))


def reliability(prob: Floats, y: Bools, edges: Floats) -> list[dict[str, float]]:
    """Return for each bin of the probability what was said, what happened and how often."""
    place = np.searchsorted(edges, prob, side="right")
    rows = []
    for number in np.unique(place):
        chosen = place == number
        rows.append(
            {
                "said": float(prob[chosen].mean()),
                "happened": float(y[chosen].mean()),
                "rows": int(chosen.sum()),
            }
        )
    return rows
