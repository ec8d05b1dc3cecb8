"""The stream that scoring sees: the user's news and the shipped history, united.

The same event seen through two streams counts once: counts of a pair and day
are united by maximum, never added. Streams of coded events stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Engine

from features.registry import DYAD_DAY_COLUMNS
from models.db import store

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HISTORY_CORPUS = "portal"
NEWS_CORPUS = "news"
# The store's version column of the shipped rows: they are read whatever extractor runs today.
HISTORY_VERSION = "portal-history"
VOLUME_COLUMNS = ("article_count", "story_count", "event_count")


def unite_dyad_days(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a dyad and day: minima of Goldstein lows, else maxima.

    Goldstein sums follow the stream with the larger absolute sum.
    """
    if rows.empty:
        return rows.reindex(columns=["dyad", "day", *DYAD_DAY_COLUMNS])
    ordered = rows.sort_values(["dyad", "day"], kind="stable", ignore_index=True)
    same = ordered["dyad"].eq(ordered["dyad"].shift()) & ordered["day"].eq(ordered["day"].shift())
    starts = np.flatnonzero(~same.to_numpy())
    united = ordered.loc[starts, ["dyad", "day"]].reset_index(drop=True)
    for column in DYAD_DAY_COLUMNS:
        united[column] = _unite(ordered[column].to_numpy(np.float64), starts, column)
    return united


def _unite(values: Floats, starts: Ints, column: str) -> Floats:
    """Return one value a group of rows; ``starts`` are the groups' first rows."""
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    if column.startswith("goldstein_sum"):
        return np.where(np.abs(low) > np.abs(high), low, high)
    return low if column.startswith("goldstein_min") else high


def unite_volumes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a day with the larger volume of the streams."""
    if rows.empty:
        return pd.DataFrame(columns=["day", *VOLUME_COLUMNS])
    return rows.groupby("day", as_index=False, sort=True)[list(VOLUME_COLUMNS)].max()


def read_stream(
    engine: Engine, as_of_date: date, version: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return united DyadDays and day volumes before ``as_of_date``.

    Args:
        engine: the store.
        as_of_date: rows of this day and later are left out.
        version: extractor version of the user's own news.
    """
    parts = ((HISTORY_CORPUS, HISTORY_VERSION), (NEWS_CORPUS, version))
    days = [
        store.read_dyad_days(
            engine, until=as_of_date, corpora=[corpus], extractor_version=part_version
        )
        for corpus, part_version in parts
    ]
    volumes = [
        store.read_day_volumes(
            engine, until=as_of_date, corpora=[corpus], extractor_version=part_version
        )
        for corpus, part_version in parts
    ]
    return unite_dyad_days(_join(days)), unite_volumes(_join(volumes))


def _join(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the frames in one; empty ones would turn numbers into objects."""
    filled = [frame for frame in frames if not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
