"""Five named bands of a probability, with published cut points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

LEVELS: Final = ("LOW", "GUARDED", "ELEVATED", "HIGH", "SEVERE")
# Lower bounds of GUARDED .. SEVERE as multiples of the base rate of the development years:
# a level says how many times likelier than the average watched pair.
BASE_RATE_FACTORS: Final = (2.0, 8.0, 20.0)
SEVERE_PROB: Final = 0.5


def choose_cuts(base_rate: float) -> tuple[float, float, float, float]:
    """Return the cut points for a base rate (share of rows that came true, 0..1).

    Example:
        >>> choose_cuts(0.01)
        (0.02, 0.08, 0.2, 0.5)
    """
    low, middle, high = (min(_round_cut(base_rate * f), 0.45) for f in BASE_RATE_FACTORS)
    return low, middle, high, SEVERE_PROB


def _round_cut(value: float) -> float:
    """Return the value with one or two meaningful digits, as a person would publish it."""
    return float(f"{value:.1g}") if value < 0.1 else round(value, 2)


def name_level(prob: float, cuts: Sequence[float]) -> str:
    """Return the band of a probability.

    Example:
        >>> name_level(0.3, (0.02, 0.08, 0.2, 0.5))
        'HIGH'
    """
    return LEVELS[int(np.searchsorted(np.asarray(cuts), prob, side="right"))]


def name_levels(prob: npt.NDArray[np.float64], cuts: Sequence[float]) -> list[str]:
    """Return the band of each probability."""
    return [LEVELS[i] for i in np.searchsorted(np.asarray(cuts), prob, side="right")]
