"""Population stability: how far features and scores have moved from training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from features.matrix import FeatureMatrix

Floats = npt.NDArray[np.float64]
Profile = Mapping[str, Mapping[str, list[float]]]

SCORE_COLUMN: Final = "prob"
_BIN_COUNT: Final = 10
_FLOOR: Final = 1e-3
# Usual reading of the index: below .1 stable, .1 to .25 look, above .25 act.
SHIFTED, DRIFTED = 0.1, 0.25


def _edges(values: Floats, weight: Floats) -> Floats:
    """Return distinct inner bin edges at weighted deciles."""
    order = np.argsort(values)
    share = np.cumsum(weight[order]) / weight.sum()
    wanted = np.linspace(0, 1, _BIN_COUNT + 1)[1:-1]
    return np.unique(values[order][np.searchsorted(share, wanted)])


def _shares(values: Floats, edges: Floats, weight: Floats | None = None) -> Floats:
    place = np.searchsorted(edges, values, side="right")
    count = np.bincount(place, weight, minlength=len(edges) + 1).astype(float)
    shares: Floats = count / max(count.sum(), 1e-12)
    return shares


def profile_rows(matrix: FeatureMatrix, prob: Floats, weight: Floats) -> Profile:
    """Return bin edges and training shares of each column and of the score."""
    found = {}
    columns = {name: matrix.column(name).astype(float) for name in matrix.columns}
    for name, values in {**columns, SCORE_COLUMN: prob}.items():
        edges = _edges(values, weight)
        found[name] = {"edges": edges.tolist(), "shares": _shares(values, edges, weight).tolist()}
    return found


def stability_index(now: Floats, then: Floats) -> float:
    """Return the population stability index of two share vectors; 0 means equal.

    Example:
        >>> stability_index(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
        0.0
    """
    a, b = np.maximum(now, _FLOOR), np.maximum(then, _FLOOR)
    return float(((a - b) * np.log(a / b)).sum())


def name_drift(value: float) -> str:
    """Return ``stable``, ``shifted`` or ``drifted``."""
    return "drifted" if value > DRIFTED else "shifted" if value > SHIFTED else "stable"


def measure_drift(profile: Profile, matrix: FeatureMatrix, prob: Floats) -> list[dict[str, object]]:
    """Return one row a column: column_name, psi and level, the score itself included.

    Args:
        profile: of the training rows, from the classifier.
        matrix: features of the run.
        prob: scores of the run.
    """
    rows: list[dict[str, object]] = []
    for name, then in profile.items():
        values = prob if name == SCORE_COLUMN else matrix.column(name).astype(float)
        now = _shares(values, np.asarray(then["edges"], dtype=float))
        value = round(stability_index(now, np.asarray(then["shares"])), 4)
        rows.append({"column_name": name, "psi": value, "level": name_drift(value)})
    return rows
