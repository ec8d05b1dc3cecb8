"""Writing the article readings that won, beside those that lost, whatever came first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, case, delete, func, select

from models.db.articles import read_content_hashes
from models.db.query import Record, fetch_by_keys
from models.db.rows import Row
from models.db.session import Bind, reading, writing
from models.db.tables import RAW_ARTICLE, RAW_ARTICLE_VERSION, RAW_REJECT
from models.db.upsert import Merge, upsert_rows

_HEAD = (
    "article_id",
    "url",
    "outlet",
    "title",
    "published_at",
    "date_origin",
    "content_hash",
    "origin",
    "story_id",
    "ingested_at",
)
_VERSION = ("article_id", "content_hash", "title", "text", "published_at")


def _kept_if_same(name: str) -> Merge:
    """Keep what is stored while the version is the same (dropped text, assigned story)."""

    def merge(table: Any, new: Any) -> Any:
        is_same = table.columns.content_hash == new.content_hash
        return case((is_same, table.columns[name]), else_=new[name])

    return merge


def _later_date(table: Any, new: Any) -> Any:
    """Keep the later publication time, whatever the order of reading."""
    stored = table.columns.published_at
    return case((stored > new.published_at, stored), else_=new.published_at)


_VERSION_MERGE: Mapping[str, Merge] = {
    "published_at": _later_date,
    "text": lambda table, _new: table.columns.text,
}
_MERGE: Mapping[str, Merge] = {"text": _kept_if_same("text"), "story_id": _kept_if_same("story_id")}


def read_heads(bind: Bind, article_ids: Iterable[str]) -> dict[str, Record]:
    """Return what the store knows of articles by id, without their texts."""
    columns = [RAW_ARTICLE.columns[name] for name in _HEAD]
    found = fetch_by_keys(bind, select(*columns), RAW_ARTICLE.columns.article_id, article_ids)
    return {row["article_id"]: row for row in found}


def read_superseded(bind: Bind, article_ids: Iterable[str]) -> set[tuple[str, str]]:
    """Return article id and content hash of the superseded versions of articles."""
    version = RAW_ARTICLE_VERSION.columns
    query = select(version.article_id, version.content_hash)
    found = fetch_by_keys(bind, query, version.article_id, article_ids)
    return {(row["article_id"], row["content_hash"]) for row in found}


def store_readings(bind: Bind, winners: Sequence[Row], losers: Sequence[Row], run_id: str) -> int:
    """Return how many article rows are new or changed.

    Unlike ``upsert_articles`` this writes the winners as they are: the caller has
    compared them with what is stored. A stored text that a winner replaces and
    the texts of the losers go to ``raw_article_version``.

    Args:
        bind: engine or connection.
        winners: full ``raw_article`` rows, at most one an article.
        losers: rows with at least the columns of a version.
        run_id: the run that writes.
    """
    with writing(bind) as conn:
        replaced = _read_replaced(conn, winners)
        changed = upsert_rows(conn, RAW_ARTICLE, winners, run_id, _MERGE)
        lost = [{name: row[name] for name in _VERSION} for row in losers]
        upsert_rows(conn, RAW_ARTICLE_VERSION, [*replaced, *lost], run_id, _VERSION_MERGE)
        _forget_versions(conn, winners)
    return changed


def _forget_versions(conn: Connection, winners: Sequence[Row]) -> None:
    """Remove the versions that have become current."""
    version = RAW_ARTICLE_VERSION.columns
    keys = [(row["article_id"], row["content_hash"]) for row in winners]
    superseded = read_superseded(conn, [key for key, _ in keys])
    for article_id, content_hash in superseded.intersection(keys):
        conn.execute(
            delete(RAW_ARTICLE_VERSION).where(
                version.article_id == article_id, version.content_hash == content_hash
            )
        )


def _read_replaced(conn: Connection, winners: Sequence[Row]) -> list[Record]:
    incoming = {row["article_id"]: row["content_hash"] for row in winners}
    stored = read_content_hashes(conn, incoming)
    keys = [key for key, content in stored.items() if content != incoming[key]]
    columns = [RAW_ARTICLE.columns[name] for name in _VERSION]
    return fetch_by_keys(conn, select(*columns), RAW_ARTICLE.columns.article_id, keys)


def count_by_source(bind: Bind) -> dict[str, dict[str, int]]:
    """Return how many articles and open rejects each source has, as columns of its row."""
    article, reject = RAW_ARTICLE.columns, RAW_REJECT.columns
    accepted = select(article.source_id, func.count()).group_by(article.source_id)
    refused = select(reject.source_id, func.count()).where(reject.is_resolved.is_(False))
    found: dict[str, dict[str, int]] = {}
    with reading(bind) as conn:
        for name, query in (
            ("article_count", accepted.where(article.source_id.is_not(None))),
            ("reject_count", refused.where(reject.source_id.is_not(None))),
        ):
            grouped = query if name == "article_count" else query.group_by(reject.source_id)
            for source_id, count in conn.execute(grouped):
                row = found.setdefault(source_id, {"article_count": 0, "reject_count": 0})
                row[name] = int(count)
    return found
