"""Writing and reading the daily counts of pairs and the daily news volume."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, select

from features.errors import DataError
from features.registry import DYAD_DAY_COLUMNS
from models.db.query import between, chunked, equal_to, fetch_frame
from models.db.session import Bind, reading, writing
from models.db.tables import CORE_DAY_VOLUME, CORE_DYAD_DAY
from models.db.upsert import upsert_rows

if TYPE_CHECKING:
    import pandas as pd


def _as_rows(rows: Iterable[Any]) -> Iterable[Any]:
    to_dict = getattr(rows, "to_dict", None)  # a frame's
    records: Iterable[Any] = rows if to_dict is None else to_dict("records")
    return records


def upsert_dyad_days(bind: Bind, rows: Iterable[Any], run_id: str) -> int:
    """Return how many DyadDays are new or changed; rows may be dicts or a frame."""
    return upsert_rows(bind, CORE_DYAD_DAY, _as_rows(rows), run_id)


def upsert_day_volumes(bind: Bind, rows: Iterable[Any], run_id: str) -> int:
    """Return how many daily volumes are new or changed; rows may be dicts or a frame."""
    return upsert_rows(bind, CORE_DAY_VOLUME, _as_rows(rows), run_id)


def replace_dyad_days(
    bind: Bind,
    days: Iterable[date],
    extractor_version: str,
    corpus: str,
    rows: Iterable[Mapping[str, Any]],
    run_id: str,
) -> int:
    """Return how many DyadDays were removed, added or changed on the given days.

    Pairs that no longer occur on one of the days go away; equal rows stay untouched.

    Args:
        bind: engine or connection.
        days: every day that was aggregated anew, also those without any row.
        extractor_version: version of rules, lexicons and coder.
        corpus: stream.
        rows: all DyadDays of these days now, ``day`` a date.
        run_id: the run that writes.

    Raises:
        DataError: a row of a day that is not among the days.
    """
    new, owned = list(rows), set(days)
    kept = {(row["dyad"], row["day"]) for row in new}
    if outside := sorted({row["day"] for row in new} - owned):
        raise DataError(f"expected rows of the days given, got some outside: {outside[:3]!r}")
    with writing(bind) as conn:
        stored = _stored_keys(conn, owned, extractor_version, corpus)
        stale = [key for key in stored if key not in kept]
        for dyad, day in stale:
            conn.execute(
                delete(CORE_DYAD_DAY).where(
                    *equal_to(
                        CORE_DYAD_DAY,
                        dyad=dyad,
                        day=day,
                        extractor_version=extractor_version,
                        corpus=corpus,
                    )
                )
            )
        return len(stale) + upsert_dyad_days(conn, new, run_id)


def _stored_keys(
    conn: Connection, days: Iterable[date], extractor_version: str, corpus: str
) -> list[tuple[str, date]]:
    column = CORE_DYAD_DAY.columns
    query = select(column.dyad, column.day).where(
        *equal_to(CORE_DYAD_DAY, extractor_version=extractor_version, corpus=corpus)
    )
    return [
        (row.dyad, row.day)
        for chunk in chunked(sorted(days))
        for row in conn.execute(query.where(column.day.in_(chunk)))
    ]


def read_dyad_days(
    bind: Bind,
    *,
    dyads: Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    extractor_version: str | None = None,
    corpora: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return DyadDays as a frame: dyad, day, corpus and the registry's columns.

    Args:
        bind: engine or connection.
        dyads: only these pairs (a few hundred at most).
        since: on or after this day.
        until: before this day.
        extractor_version: only of this version; else all of them.
        corpora: only these streams.
    """
    column = CORE_DYAD_DAY.columns
    names = ("dyad", "day", "corpus", *DYAD_DAY_COLUMNS)
    query = select(*[column[name] for name in names]).where(*between(column.day, since, until))
    query = query.where(*equal_to(CORE_DYAD_DAY, extractor_version=extractor_version))
    if dyads is not None:
        query = query.where(column.dyad.in_(dyads))
    if corpora is not None:
        query = query.where(column.corpus.in_(corpora))
    return _with_days(fetch_frame(bind, query.order_by(column.dyad, column.day, column.corpus)))


def read_day_volumes(
    bind: Bind,
    *,
    since: date | None = None,
    until: date | None = None,
    extractor_version: str | None = None,
    corpora: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the daily volume as a frame: day, corpus and the three counts."""
    column = CORE_DAY_VOLUME.columns
    query = select(
        column.day, column.corpus, column.article_count, column.story_count, column.event_count
    ).where(*between(column.day, since, until))
    query = query.where(*equal_to(CORE_DAY_VOLUME, extractor_version=extractor_version))
    if corpora is not None:
        query = query.where(column.corpus.in_(corpora))
    return _with_days(fetch_frame(bind, query.order_by(column.day, column.corpus)))


def _with_days(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return frame.assign(day=pd.to_datetime(frame["day"]))


def count_dyad_days(bind: Bind, corpus: str | None = None) -> int:
    """Return the number of stored DyadDays, of one stream or of all."""
    query = select(func.count()).select_from(CORE_DYAD_DAY)
    with reading(bind) as conn:
        return int(conn.execute(query.where(*equal_to(CORE_DYAD_DAY, corpus=corpus))).scalar_one())
