"""Writing and reading events and the marks of what was coded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from models.db.query import (
    Record,
    between,
    chunked,
    day_start,
    equal_to,
    fetch,
    fetch_by_keys,
    select_all,
)
from models.db.session import Bind, reading, writing
from models.db.tables import CORE_EVENT, CORE_EXTRACTION, RAW_ARTICLE
from models.db.upsert import upsert_rows


def upsert_events(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many events are new or changed; build rows with ``convert.event_row``."""
    return upsert_rows(bind, CORE_EVENT, rows, run_id)


def upsert_extractions(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many coding marks are new or changed."""
    return upsert_rows(bind, CORE_EXTRACTION, rows, run_id)


def replace_events(
    bind: Bind,
    article_ids: Iterable[str],
    extractor_version: str,
    events: Iterable[Mapping[str, Any]],
    run_id: str,
) -> int:
    """Return how many events were removed, added or changed.

    Events of the articles and this extractor version that are not among the
    new ones go away; equal ones stay untouched.

    Args:
        bind: engine or connection.
        article_ids: the articles that were coded anew, also those without any event.
        extractor_version: version of rules, lexicons and coder.
        events: all their events now.
        run_id: the run that writes.
    """
    rows = list(events)
    kept = {row["event_id"] for row in rows}
    column = CORE_EVENT.columns
    owned = select(column.event_id).where(column.extractor_version == extractor_version)
    with writing(bind) as conn:
        stored = fetch_by_keys(conn, owned, column.article_id, article_ids)
        stale = [row["event_id"] for row in stored if row["event_id"] not in kept]
        for chunk in chunked(stale):
            conn.execute(delete(CORE_EVENT).where(column.event_id.in_(chunk)))
        return len(stale) + upsert_events(conn, rows, run_id)


def store_extraction(
    bind: Bind,
    extractor_version: str,
    extractions: Iterable[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]],
    run_id: str,
) -> int:
    """Return how many events changed; events and coding marks go in together or not at all.

    Args:
        bind: engine or connection.
        extractor_version: version of rules, lexicons and coder.
        extractions: one ``core_extraction`` row an article that was coded.
        events: all events of these articles.
        run_id: the run that writes.
    """
    marks = list(extractions)
    with writing(bind) as conn:
        ids = [mark["article_id"] for mark in marks]
        changed = replace_events(conn, ids, extractor_version, events, run_id)
        upsert_extractions(conn, marks, run_id)
    return changed


def read_events(
    bind: Bind,
    *,
    dyad: str | None = None,
    since: date | None = None,
    until: date | None = None,
    extractor_version: str | None = None,
    corpus: str | None = None,
    article_ids: Iterable[str] | None = None,
) -> list[Record]:
    """Return events as dicts (``families`` a tuple), ordered by day, article and sentence.

    Args:
        bind: engine or connection.
        dyad: only of this pair, such as ``"COL-USA"``.
        since: published on or after this day.
        until: published before this day.
        extractor_version: only of this version.
        corpus: only of this stream.
        article_ids: only of these articles.
    """
    column = CORE_EVENT.columns
    conditions = between(column.day, since, until)
    conditions += equal_to(
        CORE_EVENT, dyad=dyad, extractor_version=extractor_version, corpus=corpus
    )
    query = select_all(CORE_EVENT, conditions)
    if article_ids is None:
        found = fetch(bind, query)
    else:
        found = fetch_by_keys(bind, query, column.article_id, article_ids)
    return sorted(found, key=_reading_order)


def _reading_order(row: Record) -> tuple[Any, ...]:
    return (row["day"], row["article_id"], row["sentence_index"], row["event_id"])


def read_event_days(bind: Bind, extractor_version: str, article_ids: Iterable[str]) -> list[date]:
    """Return the publication days on which the articles have events, sorted."""
    column = CORE_EVENT.columns
    query = select(column.day).where(column.extractor_version == extractor_version).distinct()
    found = fetch_by_keys(bind, query, column.article_id, article_ids)
    return sorted({row["day"] for row in found})


def read_extractions(
    bind: Bind,
    extractor_version: str,
    *,
    article_ids: Iterable[str] | None = None,
) -> list[Record]:
    """Return coding marks as dicts (``countries`` a tuple), ordered by article."""
    query = select_all(
        CORE_EXTRACTION, equal_to(CORE_EXTRACTION, extractor_version=extractor_version)
    )
    if article_ids is None:
        return fetch(bind, query)
    return fetch_by_keys(bind, query, CORE_EXTRACTION.columns.article_id, article_ids)


def read_story_countries(
    bind: Bind, extractor_version: str, *, since: date, until: date
) -> list[Record]:
    """Return article id, story id, publication time and countries of coded articles.

    What aggregation needs besides the events: every coded article of the days,
    whether or not it holds an event.

    Args:
        bind: engine or connection.
        extractor_version: version of rules, lexicons and coder.
        since: published on or after this UTC day.
        until: published before this UTC day.
    """
    article, mark = RAW_ARTICLE.columns, CORE_EXTRACTION.columns
    query = (
        select(article.article_id, article.story_id, article.published_at, mark.countries)
        .join_from(RAW_ARTICLE, CORE_EXTRACTION, article.article_id == mark.article_id)
        .where(mark.extractor_version == extractor_version)
        .where(mark.content_hash == article.content_hash)
        .where(*between(article.published_at, day_start(since), day_start(until)))
        .order_by(article.published_at, article.article_id)
    )
    with reading(bind) as conn:
        return [dict(row) for row in conn.execute(query).mappings()]
