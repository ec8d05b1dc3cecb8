"""Which days' pair counts no longer agree with the articles and events behind them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, func, select

from models.db.query import equal_to
from models.db.rows import to_day
from models.db.session import Bind, reading, writing
from models.db.tables import CORE_DAY_VOLUME, CORE_EVENT, CORE_EXTRACTION, RAW_ARTICLE

Counts = dict[date, tuple[int, ...]]


def stale_days(bind: Bind, extractor_version: str, corpus: str) -> list[date]:
    """Return the publication days to aggregate anew, sorted.

    A day is stale when its coded articles, stories or events are not those that
    its ``core_day_volume`` row counted, or when it has no such row.
    """
    with reading(bind) as conn:
        coded = _by_day(conn.execute(_coded_articles(extractor_version)))
        events = _by_day(conn.execute(_events(extractor_version, corpus)))
        counted = _by_day(conn.execute(_counted(extractor_version, corpus)))
    found = {day: (*counts, *events.get(day, (0,))) for day, counts in coded.items()}
    gone = [day for day in counted if day not in found and any(counted[day])]
    return sorted([*gone, *(day for day, counts in found.items() if counted.get(day) != counts)])


def mark_stale(bind: Bind, days: Iterable[date], extractor_version: str, corpus: str) -> None:
    """Forget that the days were counted, so that the next aggregation rebuilds them."""
    column = CORE_DAY_VOLUME.columns
    match = equal_to(CORE_DAY_VOLUME, extractor_version=extractor_version, corpus=corpus)
    with writing(bind) as conn:
        for day in sorted(set(days)):
            conn.execute(delete(CORE_DAY_VOLUME).where(column.day == day, *match))


def _by_day(rows: Iterable[Any]) -> Counts:
    return {to_day(row[0]): tuple(row[1:]) for row in rows}


def _coded_articles(extractor_version: str) -> Select[Any]:
    article, mark = RAW_ARTICLE.columns, CORE_EXTRACTION.columns
    day = func.date(article.published_at)
    return (
        select(day, func.count(), func.count(article.story_id.distinct()))
        .join_from(RAW_ARTICLE, CORE_EXTRACTION, article.article_id == mark.article_id)
        .where(mark.extractor_version == extractor_version)
        .where(mark.content_hash == article.content_hash)
        .group_by(day)
    )


def _events(extractor_version: str, corpus: str) -> Select[Any]:
    day = CORE_EVENT.columns.day
    match = equal_to(CORE_EVENT, extractor_version=extractor_version, corpus=corpus)
    return select(day, func.count()).where(*match).group_by(day)


def _counted(extractor_version: str, corpus: str) -> Select[Any]:
    column = CORE_DAY_VOLUME.columns
    match = equal_to(CORE_DAY_VOLUME, extractor_version=extractor_version, corpus=corpus)
    return select(column.day, column.article_count, column.story_count, column.event_count).where(
        *match
    )
