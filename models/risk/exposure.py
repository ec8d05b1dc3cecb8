"""Thinning of the event stream: the same world seen through fewer articles."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.matrix import day_numbers
from features.registry import DIRECTED_COUNT_COLUMNS, GOLDSTEIN_COLUMNS

Floats = npt.NDArray[np.float64]

_BLOCK_DAYS: Final = 180


def block_rates(
    days: npt.NDArray[np.int64], low: float, high: float, rng: np.random.Generator
) -> Floats:
    """Return a log-uniform thinning rate for each day, constant in blocks of half a year.

    A rate that changes over time teaches the classifier the case of a rich
    history followed by a thin present, and the reverse.
    """
    block = days // _BLOCK_DAYS
    first = int(block.min()) if len(block) else 0
    size = int(block.max()) - first + 1 if len(block) else 1
    rates = np.exp(rng.uniform(np.log(low), np.log(high), size))
    return rates[block - first]


def thin_stream(
    dyad_days: pd.DataFrame,
    day_volume: pd.DataFrame,
    rate: float | tuple[float, float],
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return DyadDays and volume as if only a share of the stories had been read.

    Stories of a pair and day are kept at random; all counts of the row shrink
    in proportion (rounded at random), so an event and its families stay together.

    Args:
        dyad_days: columns ``dyad day`` and registry.DYAD_DAY_COLUMNS.
        day_volume: columns ``day story_count``.
        rate: share kept, or (low, high) for a rate that changes over time.
        rng: source of chance.
    """
    days, moments = day_numbers(dyad_days["day"]), day_numbers(day_volume["day"])
    if isinstance(rate, tuple):
        span = np.concatenate([days, moments])
        rates = block_rates(span, *rate, rng)
        keep, keep_volume = rates[: len(days)], rates[len(days) :]
    else:
        keep, keep_volume = np.full(len(days), rate), np.full(len(moments), rate)
    volume = day_volume.copy()
    stories = volume["story_count"].to_numpy(np.int64)
    volume["story_count"] = rng.binomial(stories, keep_volume)
    return _thin_rows(dyad_days, keep, rng), volume


def _thin_rows(dyad_days: pd.DataFrame, keep: Floats, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows with a random share of their stories."""
    seen = np.maximum(np.rint(dyad_days["mention_count"].to_numpy(float)).astype(np.int64), 1)
    kept = rng.binomial(seen, keep)
    chosen = kept > 0
    share = (kept / seen)[chosen]
    rows = dyad_days[chosen].copy()
    counts = rows[[*DIRECTED_COUNT_COLUMNS, "reported_count"]].to_numpy(float) * share[:, None]
    chance = rng.random((len(rows), 1))
    rows[[*DIRECTED_COUNT_COLUMNS, "reported_count"]] = np.floor(counts + chance)
    rows["mention_count"] = kept[chosen].astype(float)
    sums = [name for name in GOLDSTEIN_COLUMNS if "sum" in name]
    rows[sums] = rows[sums].to_numpy(float) * share[:, None]
    return rows
