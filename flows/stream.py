"""The stream that scoring sees: the user's news and the shipped history, united.

The same event seen through two streams counts once: counts of a pair and day
are united by maximum, never added. Streams of coded events stay apart.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Engine

from features.registry import DYAD_DAY_COLUMNS
from models.db import store

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
    how = dict.fromkeys(DYAD_DAY_COLUMNS, "max")
    for column in DYAD_DAY_COLUMNS:
        if column.startswith("goldstein_min"):
            how[column] = "min"
    united = rows.groupby(["dyad", "day"], as_index=False, sort=True).agg(how)
    for column in (c for c in DYAD_DAY_COLUMNS if c.startswith("goldstein_sum")):
        order = rows[column].abs().sort_values(kind="stable").index
        strongest = rows.loc[order].groupby(["dyad", "day"], sort=True)[column].last()
        united[column] = strongest.to_numpy()
    return united


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
    return unite_dyad_days(pd.concat(days, ignore_index=True)), unite_volumes(
        pd.concat(volumes, ignore_index=True)
    )
