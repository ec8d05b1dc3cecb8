"""Raw items to stored articles and rejects, in batches. Plain functions, no Prefect."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from features.article import ArticleParams, build_article, build_reject
from features.errors import SkippableError
from features.types import Article, RawItem, Reject
from flows.settings import Settings
from flows.sources.files import FileParams, read_path
from flows.sources.streams import StreamLimits
from models.db import store
from models.db.session import writing

log = logging.getLogger(__name__)

BATCH_ITEMS = 2_000


@dataclass
class IngestReport:
    """What one ingest did; ``rejected`` counts refused items by reason."""

    read: int = 0
    new: int = 0
    updated: int = 0
    duplicate: int = 0
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def rejected_count(self) -> int:
        """Return how many items were refused."""
        return sum(self.rejected.values())


def ingest_paths(
    engine: Engine,
    paths: Sequence[Path],
    fetched_at: datetime,
    run_id: str,
    settings: Settings,
    now: datetime | None = None,
) -> IngestReport:
    """Read files and folders into the store and return what happened.

    Args:
        engine: the store.
        paths: files, folders or glob patterns.
        fetched_at: stands for the day of reading where a text has no date of its own, UTC.
        run_id: the run that writes.
        settings: limits of size.
        now: no stated date may be later, UTC; by default the clock.
    """
    limits = StreamLimits(document_bytes=settings.max_document_bytes)
    params = FileParams(limits=limits)
    items = (item for path in paths for item in read_path(path, fetched_at, params))
    accept = ArticleParams(max_chars=settings.max_article_chars)
    return ingest_items(engine, items, run_id, accept, now or datetime.now(UTC))


def ingest_items(
    engine: Engine,
    items: Iterable[RawItem | Reject],
    run_id: str,
    params: ArticleParams,
    latest: datetime,
) -> IngestReport:
    """Clean and store a stream of items, batch by batch."""
    report = IngestReport()
    stream = iter(items)
    while batch := list(islice(stream, BATCH_ITEMS)):
        found = list(build_batch(batch, params, latest))
        store_batch(engine, found, run_id, report)
        log.info("ingest: %s", report)
    return report


def build_batch(
    items: Iterable[RawItem | Reject], params: ArticleParams, latest: datetime
) -> Iterator[Article | Reject]:
    """Yield each item's article or refusal."""
    for item in items:
        if isinstance(item, Reject):
            yield item
            continue
        try:
            yield build_article(item, params, latest)
        except SkippableError as err:
            log.debug("%s refused: %s", item.origin, err)
            yield build_reject(item, err.reason, str(err), params)


def store_batch(
    engine: Engine, found: Sequence[Article | Reject], run_id: str, report: IngestReport
) -> None:
    """Write one batch in one transaction and count it."""
    articles = [item for item in found if isinstance(item, Article)]
    rejects = [item for item in found if isinstance(item, Reject)]
    with writing(engine) as conn:
        known = store.read_content_hashes(conn, [a.article_id for a in articles])
        store.upsert_articles(conn, articles, run_id)
        store.upsert_rejects(conn, rejects, run_id)
    report.read += len(found)
    report.rejected.update(item.reason for item in rejects)
    for article in articles:
        if article.article_id not in known:
            report.new += 1
            known[article.article_id] = article.content_hash
        elif known[article.article_id] == article.content_hash:
            report.duplicate += 1
        else:
            report.updated += 1
