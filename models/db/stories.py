"""Reading and writing near-duplicate signatures and the stories found by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from models.db.query import chunked, fetch, fetch_by_keys
from models.db.rows import Row
from models.db.session import Bind, reading, writing
from models.db.tables import CORE_DAY_VOLUME, RAW_ARTICLE, RAW_ARTICLE_BAND
from models.db.upsert import upsert_rows


def upsert_bands(bind: Bind, rows: Sequence[Row], run_id: str) -> int:
    """Return how many signatures are new or changed; they wait to be grouped.

    Stories that a changed article belonged to are dissolved: their other
    members wait to be grouped again.
    """
    keys = [row["article_id"] for row in rows]
    with writing(bind) as conn:
        _dissolve_stories(conn, keys, run_id)
        waiting = [{**row, "is_grouped": False} for row in rows]
        return upsert_rows(conn, RAW_ARTICLE_BAND, waiting, run_id)


def _dissolve_stories(conn: Connection, article_ids: Iterable[str], run_id: str) -> None:
    article, band = RAW_ARTICLE.columns, RAW_ARTICLE_BAND.columns
    query = select(article.story_id).join_from(
        RAW_ARTICLE, RAW_ARTICLE_BAND, article.article_id == band.article_id
    )
    signed = fetch_by_keys(conn, query.where(band.is_grouped), article.article_id, article_ids)
    for chunk in chunked({row["story_id"] for row in signed}):
        members = select(article.article_id).where(article.story_id.in_(chunk))
        conn.execute(
            update(RAW_ARTICLE_BAND)
            .where(band.article_id.in_(members))
            .values(is_grouped=False, run_id=run_id)
        )
        conn.execute(
            update(RAW_ARTICLE)
            .where(article.story_id.in_(chunk), article.story_id != article.article_id)
            .values(story_id=article.article_id, run_id=run_id)
        )


def count_waiting(bind: Bind) -> dict[int, int]:
    """Return how many articles wait to be grouped, by day number."""
    band = RAW_ARTICLE_BAND.columns
    query = select(band.day_number, func.count()).where(band.is_grouped.is_(False))
    with reading(bind) as conn:
        rows = conn.execute(query.group_by(band.day_number).order_by(band.day_number)).all()
    return {int(day): int(count) for day, count in rows}


def read_bands(bind: Bind, first_day: int, last_day: int) -> list[tuple[Any, ...]]:
    """Return article id, story id, day number, bands and is_grouped of the days, both included."""
    article, band = RAW_ARTICLE.columns, RAW_ARTICLE_BAND.columns
    query = (
        select(band.article_id, article.story_id, band.day_number, band.bands, band.is_grouped)
        .join_from(RAW_ARTICLE_BAND, RAW_ARTICLE, article.article_id == band.article_id)
        .where(band.day_number.between(first_day, last_day))
        .order_by(band.article_id)
    )
    with reading(bind) as conn:
        return [tuple(row) for row in conn.execute(query)]


def apply_merges(bind: Bind, merges: Mapping[str, str], run_id: str, corpus: str = "news") -> int:
    """Return how many articles moved to another story; counts of their days become stale.

    Args:
        bind: engine or connection.
        merges: story id -> the story that it becomes part of.
        run_id: the run that assigns.
        corpus: stream that the articles' events are counted in.
    """
    if not merges:
        return 0
    article = RAW_ARTICLE.columns
    statement = (
        update(RAW_ARTICLE)
        .where(article.story_id == bindparam("old"))
        .values(story_id=bindparam("new"), run_id=run_id)
    )
    rows = [{"old": old, "new": new} for old, new in merges.items()]
    volume = CORE_DAY_VOLUME.columns
    of_corpus = volume.corpus == corpus
    with writing(bind) as conn:
        days = _counted_days(conn, merges, corpus)
        moved = conn.execute(statement, rows, execution_options={"preserve_rowcount": True})
        for chunk in chunked(days):
            conn.execute(delete(CORE_DAY_VOLUME).where(volume.day.in_(chunk), of_corpus))
        return max(moved.rowcount, 0)


def _counted_days(conn: Connection, story_ids: Iterable[str], corpus: str) -> list[Any]:
    """Return the publication days of stories whose articles have been counted already."""
    article = RAW_ARTICLE.columns
    query = select(func.date(article.published_at).label("day")).distinct()
    found = fetch_by_keys(conn, query, article.story_id, story_ids)
    stored = {str(row["day"]) for row in found}
    volume = CORE_DAY_VOLUME.columns
    counted = fetch(conn, select(volume.day).where(volume.corpus == corpus).distinct())
    return [row["day"] for row in counted if str(row["day"]) in stored]


def mark_grouped(bind: Bind, first_day: int, last_day: int) -> int:
    """Return how many articles of the days no longer wait."""
    band = RAW_ARTICLE_BAND.columns
    statement = (
        update(RAW_ARTICLE_BAND)
        .where(band.day_number.between(first_day, last_day), band.is_grouped.is_(False))
        .values(is_grouped=True)
    )
    with writing(bind) as conn:
        return conn.execute(statement).rowcount


def delete_bands(bind: Bind, before_day: int) -> int:
    """Return how many signatures were removed: of articles too old to be met again."""
    band = RAW_ARTICLE_BAND.columns
    with writing(bind) as conn:
        old = delete(RAW_ARTICLE_BAND).where(band.day_number < before_day, band.is_grouped)
        return conn.execute(old).rowcount
