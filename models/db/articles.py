"""Writing and reading articles and their versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
    update,
)

from features.types import Article
from models.db.convert import article_row
from models.db.query import Record, between, chunked, equal_to, fetch, fetch_by_keys, select_all
from models.db.rows import clean_rows
from models.db.session import Bind, reading, writing
from models.db.tables import CORE_EXTRACTION, RAW_ARTICLE, RAW_ARTICLE_VERSION
from models.db.upsert import Excluded, Merge, upsert_rows


def _is_same_version(table: Table, new: Excluded) -> ColumnElement[bool]:
    same: ColumnElement[bool] = table.columns.content_hash == new.content_hash
    return same


def _keep_dropped_text(table: Table, new: Excluded) -> ColumnElement[Any]:
    """Keep a text dropped by retention away while the version is the same."""
    return case((_is_same_version(table, new), table.columns.text), else_=new.text)


def _keep_known_date(name: str) -> Merge:
    """Keep the first date when the same version comes again without one of its own."""

    def merge(table: Table, new: Excluded) -> ColumnElement[Any]:
        undated = and_(_is_same_version(table, new), new.date_origin == "fetched")
        return case((undated, table.columns[name]), else_=new[name])

    return merge


def _keep_story(table: Table, new: Excluded) -> ColumnElement[Any]:
    """Keep an assigned story when the same version comes in unassigned again."""
    unassigned = and_(_is_same_version(table, new), new.story_id == new.article_id)
    return case((unassigned, table.columns.story_id), else_=new.story_id)


def _keep_first(name: str) -> Merge:
    return lambda table, new: func.coalesce(table.columns[name], new[name])


_MERGE: Mapping[str, Merge] = {
    "text": _keep_dropped_text,
    "published_at": _keep_known_date("published_at"),
    "date_origin": _keep_known_date("date_origin"),
    "story_id": _keep_story,
    "origin": _keep_first("origin"),
    "source_id": _keep_first("source_id"),
}


def upsert_articles(
    bind: Bind, articles: Iterable[Article | Mapping[str, Any]], run_id: str
) -> int:
    """Return how many articles are new or changed.

    A changed text moves the stored version to ``raw_article_version``; a version
    that was superseded once never comes back, so a re-read of old files is calm.
    An article met again keeps its first origin, a date better than the time of
    fetching, the story it was assigned to, and a text dropped by retention stays dropped.
    """
    rows = [article_row(a) if isinstance(a, Article) else a for a in articles]
    records = clean_rows(RAW_ARTICLE, rows)
    with writing(bind) as conn:
        superseded = _superseded(conn, [r["article_id"] for r in records])
        fresh = [r for r in records if (r["article_id"], r["content_hash"]) not in superseded]
        _archive_changed(conn, fresh, run_id)
        return upsert_rows(conn, RAW_ARTICLE, fresh, run_id, _MERGE)


def _superseded(conn: Connection, article_ids: Iterable[str]) -> set[tuple[str, str]]:
    version = RAW_ARTICLE_VERSION.columns
    query = select(version.article_id, version.content_hash)
    found = fetch_by_keys(conn, query, version.article_id, article_ids)
    return {(row["article_id"], row["content_hash"]) for row in found}


def _archive_changed(conn: Connection, records: list[Record], run_id: str) -> None:
    """Copy stored versions that the records are about to replace."""
    incoming = {r["article_id"]: r["content_hash"] for r in records}
    known = read_content_hashes(conn, incoming)
    changed = [key for key, stored in known.items() if stored != incoming[key]]
    names = [c.name for c in RAW_ARTICLE_VERSION.columns if c.name not in ("run_id", "ingested_at")]
    columns = [RAW_ARTICLE.columns[name] for name in names]
    old = fetch_by_keys(conn, select(*columns), RAW_ARTICLE.columns.article_id, changed)
    upsert_rows(conn, RAW_ARTICLE_VERSION, old, run_id)


def read_content_hashes(bind: Bind, article_ids: Iterable[str]) -> dict[str, str]:
    """Return the stored content hash of each known article."""
    column = RAW_ARTICLE.columns
    query = select(column.article_id, column.content_hash)
    found = fetch_by_keys(bind, query, column.article_id, article_ids)
    return {row["article_id"]: row["content_hash"] for row in found}


def read_articles(
    bind: Bind,
    article_ids: Iterable[str] | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    source_id: str | None = None,
) -> list[Record]:
    """Return articles as dicts, ordered by publication time and id.

    Args:
        bind: engine or connection.
        article_ids: only these; all when None.
        since: published at or after, UTC.
        until: published before, UTC.
        source_id: only of this source.
    """
    column = RAW_ARTICLE.columns
    conditions = between(column.published_at, since, until)
    conditions += equal_to(RAW_ARTICLE, source_id=source_id)
    query = select_all(RAW_ARTICLE, conditions)
    if article_ids is None:
        found = fetch(bind, query)
    else:
        found = fetch_by_keys(bind, query, column.article_id, article_ids)
    return sorted(found, key=lambda row: (row["published_at"], row["article_id"]))


def read_stories(
    bind: Bind, *, since: datetime | None = None, until: datetime | None = None
) -> list[Record]:
    """Return what near-duplicate search needs: ids, story, outlet, title, text, time."""
    column = RAW_ARTICLE.columns
    query = select(
        column.article_id,
        column.story_id,
        column.content_hash,
        column.outlet,
        column.title,
        column.text,
        column.published_at,
    )
    query = query.where(*between(column.published_at, since, until))
    return fetch(bind, query.order_by(column.published_at, column.article_id))


def set_stories(bind: Bind, stories: Mapping[str, str], run_id: str) -> int:
    """Return how many articles changed story.

    Args:
        bind: engine or connection.
        stories: article id -> story id.
        run_id: the run that assigns.
    """
    column = RAW_ARTICLE.columns
    statement = (
        update(RAW_ARTICLE)
        .where(column.article_id == bindparam("key"), column.story_id != bindparam("story"))
        .values(story_id=bindparam("story"), run_id=run_id)
    )
    rows = [{"key": key, "story": story} for key, story in stories.items()]
    if not rows:
        return 0
    with writing(bind) as conn:
        return max(conn.execute(statement, rows).rowcount, 0)


def needs_extraction(
    bind: Bind,
    extractor_version: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[str]:
    """Return ids of articles whose current version this extractor has not coded.

    Articles without text (dropped by retention) are never asked for again.

    Args:
        bind: engine or connection.
        extractor_version: version of rules, lexicons and coder.
        since: published at or after, UTC.
        until: published before, UTC.
    """
    column, done = RAW_ARTICLE.columns, CORE_EXTRACTION.columns
    coded = exists().where(
        done.article_id == column.article_id,
        done.extractor_version == extractor_version,
        done.content_hash == column.content_hash,
    )
    query = select(column.article_id).where(~coded, column.text.is_not(None))
    query = query.where(*between(column.published_at, since, until))
    with reading(bind) as conn:
        ordered = query.order_by(column.published_at, column.article_id)
        return list(conn.execute(ordered).scalars())


def drop_text(bind: Bind, older_than: datetime, run_id: str) -> int:
    """Return how many articles and versions lost their text (retention).

    Titles, hashes, events and evidence sentences stay.

    Args:
        bind: engine or connection.
        older_than: published before this moment, UTC.
        run_id: the run that drops.
    """
    dropped = 0
    with writing(bind) as conn:
        for table in (RAW_ARTICLE, RAW_ARTICLE_VERSION):
            column = table.columns
            statement = update(table).where(
                column.published_at < older_than, column.text.is_not(None)
            )
            dropped += conn.execute(statement.values(text=None, run_id=run_id)).rowcount
    return dropped


def delete_articles(bind: Bind, article_ids: Iterable[str]) -> int:
    """Return how many articles were removed, their versions and coding marks with them."""
    column = RAW_ARTICLE.columns
    with writing(bind) as conn:
        return sum(
            conn.execute(RAW_ARTICLE.delete().where(column.article_id.in_(chunk))).rowcount
            for chunk in chunked(article_ids)
        )
