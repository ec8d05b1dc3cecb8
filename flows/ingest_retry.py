"""Try refused items again, and drop texts that may not be kept."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from features.article import ArticleParams
from features.types import RawItem, Reject
from flows.ingest import IngestOptions, store_batch
from flows.ingest_build import BuildParams, build_batches, split_batches
from flows.ingest_sources import http_params
from flows.settings import Settings
from flows.sources.collect import LookContext
from flows.sources.files import FileParams, read_path
from flows.sources.gdelt_urls import ListedPage
from flows.sources.http import Fetcher
from flows.sources.pages import fetch_pages, item_of_listed
from flows.sources.streams import StreamLimits
from flows.stories import group_stories
from models.db import store
from models.db.readings import read_heads

log = logging.getLogger(__name__)


@dataclass
class RetryReport:
    """What trying again did: refused items tried, accepted now, and why the rest is not."""

    tried: int = 0
    accepted: int = 0
    still_refused: Counter[str] = field(default_factory=Counter)


def retry_rejects(
    engine: Engine,
    settings: Settings,
    run_id: str,
    now: datetime,
    reason: str | None = None,
    fetcher: Fetcher | None = None,
) -> RetryReport:
    """Read refused items again from where they came; mark those accepted as resolved.

    Files are read again as a whole, pages are fetched again. What is refused
    again stays open, under the reason it has now.

    Args:
        engine: the store.
        settings: limits, contact and permissions.
        run_id: the run that writes.
        now: the clock, UTC.
        reason: only items refused for this reason.
        fetcher: to be used in place of an own one.
    """
    rejects = store.read_rejects(engine, reason=reason, is_resolved=False)
    if not rejects:
        return RetryReport()
    by_origin: dict[str, list[str]] = {}
    for row in rejects:
        by_origin.setdefault(row["origin"], []).append(row["reject_id"])
    own = fetcher or Fetcher(http_params(settings))
    try:
        context = LookContext(own, now, lambda ids: read_heads(engine, ids))
        items = _read_again(list(by_origin), context, settings)
        wanted = (item for item in items if item.origin in by_origin)
        report = _take_in(engine, wanted, by_origin, run_id, _options(settings, now))
    finally:
        if fetcher is None:
            own.close()
    group_stories(engine, run_id)
    report.tried = len(rejects)
    log.info("retry: %s", report)
    return report


def _options(settings: Settings, now: datetime) -> IngestOptions:
    accept = ArticleParams(max_chars=settings.max_article_chars, needs_known_date=True)
    return IngestOptions(BuildParams(now, accept))


def _read_again(
    origins: Sequence[str], context: LookContext, settings: Settings
) -> Iterator[RawItem | Reject]:
    urls = [origin for origin in origins if origin.startswith(("http://", "https://"))]
    pages = [url for url in urls if "#item " not in url]
    links = (item_of_listed(ListedPage(url, "", "", url), context.fetched_at) for url in pages)
    yield from fetch_pages(links, context.fetcher)
    files = sorted({origin.split("#")[0] for origin in origins if origin not in urls})
    params = FileParams(limits=StreamLimits(document_bytes=settings.max_document_bytes))
    for name in files:
        yield from read_path(Path(name), context.fetched_at, params)


def _take_in(
    engine: Engine,
    items: Iterator[RawItem | Reject],
    by_origin: Mapping[str, Sequence[str]],
    run_id: str,
    options: IngestOptions,
) -> RetryReport:
    report = RetryReport()
    for batch in build_batches(split_batches(items), options.build):
        accepted = {article.origin for article in batch.articles}
        found = store_batch(engine, batch, run_id, options)
        _resolve(engine, accepted, by_origin, run_id)
        report.accepted += len(accepted)
        report.still_refused.update(found.rejected)
    return report


def _resolve(
    engine: Engine, origins: set[str], by_origin: Mapping[str, Sequence[str]], run_id: str
) -> None:
    ids = [reject_id for origin in origins for reject_id in by_origin.get(origin, ())]
    if ids:
        store.resolve_rejects(engine, ids, run_id)


def apply_retention(engine: Engine, settings: Settings, run_id: str, now: datetime) -> int:
    """Return how many texts were dropped because they are older than the settings allow.

    Titles, hashes, events and evidence sentences stay.
    """
    if settings.keep_text_days is None:
        return 0
    older_than = now - timedelta(days=settings.keep_text_days)
    dropped = store.drop_text(engine, older_than, run_id)
    log.info("retention: %d texts from before %s dropped", dropped, older_than.date())
    return dropped
