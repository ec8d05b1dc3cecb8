"""Articles in the store -> directed events in the store, shard by shard."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from features.events import Extraction, TextStage, code_articles
from features.types import Article
from flows.stream import NEWS_CORPUS
from models.db import store
from models.db.session import writing

log = logging.getLogger(__name__)

# Articles a shard: large enough that a task's own cost stays small.
SHARD_ARTICLES = 2_000


@dataclass(frozen=True)
class ExtractReport:
    """What one extraction did."""

    article_count: int = 0
    event_count: int = 0

    def __add__(self, other: ExtractReport) -> ExtractReport:
        return ExtractReport(
            self.article_count + other.article_count, self.event_count + other.event_count
        )


def pending_shards(engine: Engine, version: str) -> list[list[str]]:
    """Return the ids of articles that ``version`` has not coded yet, in shards."""
    ids = store.needs_extraction(engine, version)
    return [ids[i : i + SHARD_ARTICLES] for i in range(0, len(ids), SHARD_ARTICLES)]


def extract_shard(
    engine: Engine, article_ids: Sequence[str], stage: TextStage, version: str, run_id: str
) -> ExtractReport:
    """Code one shard and store its events and marks in one transaction.

    Args:
        engine: the store.
        article_ids: at most a few thousand ids; unknown ones are ignored.
        stage: parser, gazetteer and coder.
        version: extractor version that the rows carry.
        run_id: the run that writes.
    """
    articles = [_to_article(row) for row in store.read_articles(engine, article_ids)]
    found = list(code_articles(articles, stage))
    events = [
        store.event_row(event, version, item.article.published_at, item.article.story_id)
        for item in found
        for event in item.events
    ]
    marks = [_mark(item, version) for item in found]
    days = {item.article.published_at.date() for item in found}
    with writing(engine) as conn:
        store.store_extraction(conn, version, marks, events, run_id)
        store.mark_stale(conn, days, version, NEWS_CORPUS)
    log.info("extract: %d articles, %d events", len(found), len(events))
    return ExtractReport(len(found), len(events))


def _to_article(row: Mapping[str, Any]) -> Article:
    return Article(
        **({name: row[name] for name in Article.__slots__} | {"text": row["text"] or ""})
    )


def _mark(extraction: Extraction, version: str) -> dict[str, Any]:
    return {
        "article_id": extraction.article.article_id,
        "extractor_version": version,
        "content_hash": extraction.article.content_hash,
        "sentence_count": extraction.sentence_count,
        "event_count": len(extraction.events),
        "countries": " ".join(extraction.countries),
    }
