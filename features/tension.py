"""The tension of a pair: a plain index from its events, without any training.

tension = 10 * C / (C + K): C is the fading sum of the events' Goldstein weights,
so the index is near 0 where little happens, -10 is the worst (only conflict, and
much of it), +10 the best (only cooperation). K says how much news makes it firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from features.matrix import day_numbers


@dataclass(frozen=True, slots=True)
class TensionParams:
    """Parameters of the index.

    Args:
        half_life_days: an event counts half after this time.
        firmness: summed weight at which the index reaches half of its range.
        window_days: events older than this are left out.
    """

    half_life_days: float = 30.0
    firmness: float = 20.0
    window_days: int = 365


DEFAULT_PARAMS: Final = TensionParams()


def tension(weight_sum: float, params: TensionParams = DEFAULT_PARAMS) -> float:
    """Return the index of a fading Goldstein sum, -10 (conflict) .. +10 (cooperation).

    Example:
        >>> tension(-20.0), tension(0.0)
        (-5.0, 0.0)
    """
    return round(10.0 * weight_sum / (abs(weight_sum) + params.firmness), 2)


def pair_tensions(
    dyad_days: pd.DataFrame, as_of_date: date, params: TensionParams = DEFAULT_PARAMS
) -> Mapping[str, float]:
    """Return the tension of each pair with news in the window before the date.

    Args:
        dyad_days: columns ``dyad day goldstein_sum_ab goldstein_sum_ba``.
        as_of_date: only earlier days count.
        params: parameters of the index.
    """
    age = int(day_numbers([as_of_date])[0]) - day_numbers(dyad_days["day"])
    used = (age > 0) & (age <= params.window_days)
    weight = np.exp2(-age[used] / params.half_life_days)
    sums = dyad_days.loc[used, ["goldstein_sum_ab", "goldstein_sum_ba"]].to_numpy(float).sum(axis=1)
    total = pd.Series(sums * weight).groupby(dyad_days.loc[used, "dyad"].to_numpy()).sum()
    return {str(dyad): tension(float(value), params) for dyad, value in total.items()}
