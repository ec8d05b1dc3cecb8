"""Look at all due sources, store what they bring, and remember how they fared."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from features.article import ArticleParams
from features.errors import DyadriskError
from flows.ingest import IngestOptions, IngestReport, count_workers, ingest_items
from flows.ingest_build import BuildParams
from flows.settings import Settings
from flows.sources.catalog import Source
from flows.sources.collect import Look, LookContext, look_at_source
from flows.sources.health import is_due
from flows.sources.http import Fetcher, HttpParams
from flows.stories import group_stories
from models.db import store
from models.db.readings import count_by_source, read_heads

log = logging.getLogger(__name__)

LOOK_THREADS = 8
OnLook = Callable[[Source, Look, IngestReport], None]


@dataclass(frozen=True)
class SourceRun:
    """What one round over the sources shares.

    Args:
        run_id: the run that writes.
        now: the clock, UTC.
        force: look also at sources that are not due.
        on_look: called after each source.
    """

    run_id: str
    now: datetime
    force: bool = False
    on_look: OnLook | None = None


def http_params(settings: Settings) -> HttpParams:
    """Return how requests are made under the settings."""
    return HttpParams(
        contact=settings.contact,
        allow_private=settings.allow_private_hosts,
        max_bytes=settings.max_document_bytes,
    )


def ingest_sources(
    engine: Engine,
    sources: Sequence[Source],
    settings: Settings,
    run: SourceRun,
    fetcher: Fetcher | None = None,
) -> IngestReport:
    """Look at all due sources and store what they bring; one that fails stops no other.

    Args:
        engine: the store.
        sources: where to look.
        settings: contact, limits and permissions.
        run: run id, time and hooks.
        fetcher: to be used in place of an own one.
    """
    rows = {row["source_id"]: row for row in store.read_sources(engine)}
    due = [s for s in sources if run.force or _is_due(s, rows.get(s.id), run.now)]
    accept = ArticleParams(max_chars=settings.max_article_chars)
    build = BuildParams(latest=run.now, article=accept)
    report = IngestReport()
    own = fetcher or Fetcher(http_params(settings))
    try:
        context = LookContext(own, run.now, lambda ids: read_heads(engine, ids))
        for source, look in look_at_all(due, rows, context):
            row = rows.get(source.id)
            found = _store_look(engine, source, look, row, run, build)
            report += found
            if run.on_look:
                run.on_look(source, look, found)
    finally:
        if fetcher is None:
            own.close()
    counts = [{"source_id": key, **row} for key, row in count_by_source(engine).items()]
    store.upsert_sources(engine, counts, run.run_id)
    group_stories(engine, run.run_id, build.story)
    failed = len(report.source_failures)
    log.info(
        "sources: %d of %d looked at, %d failed, %d new articles, %d refused items",
        len(due),
        len(sources),
        failed,
        report.new,
        report.rejected_count,
    )
    return report


def look_at_all(
    sources: Sequence[Source], rows: Mapping[str, Mapping[str, Any]], context: LookContext
) -> Iterator[tuple[Source, Look]]:
    """Yield looks as they finish."""
    with ThreadPoolExecutor(LOOK_THREADS, thread_name_prefix="look") as pool:
        waiting = {
            pool.submit(look_at_source, source, rows.get(source.id, {}), context): source
            for source in sources
        }
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def _is_due(source: Source, row: Mapping[str, Any] | None, now: datetime) -> bool:
    return is_due(source, row, now, read_not_before(row))


def read_not_before(row: Mapping[str, Any] | None) -> datetime | None:
    """Return until when a source asked us to stay away."""
    try:
        text = json.loads((row or {}).get("cursor") or "{}").get("not_before")
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except (ValueError, AttributeError, TypeError):
        return None


def _store_look(
    engine: Engine,
    source: Source,
    look: Look,
    row: Mapping[str, Any] | None,
    run: SourceRun,
    build: BuildParams,
) -> IngestReport:
    """Store a look's items, then the source's state: a kill in between loses nothing."""
    options = _options_of(source, build)
    report = IngestReport()
    try:
        _register(engine, source, run.run_id)
        report = ingest_items(engine, look.take(), run.run_id, options)
    except DyadriskError as err:
        log.warning("source %s: %s", source.id, err)
        look.fault, look.etag, look.last_modified = str(err), None, None
    if look.fault:
        report.source_failures[source.id] = look.fault
    state = {**_register_row(source), **_next_state(look, row, run.now)}
    store.upsert_sources(engine, [state], run.run_id)
    return report


def _options_of(source: Source, build: BuildParams) -> IngestOptions:
    """Return how a source's items are taken in; files may be many and were mostly read before."""
    if source.kind != "files":
        return IngestOptions(build, is_live=True, source_id=source.id)
    strict = replace(build, article=replace(build.article, needs_known_date=True))
    return IngestOptions(strict, source_id=source.id, skips_known=True, workers=count_workers())


def _register_row(source: Source) -> dict[str, Any]:
    return {
        "source_id": source.id,
        "outlet": source.outlet,
        "url": source.url,
        "country_iso3": source.country_iso3,
        "language": source.language,
        "kind": source.kind,
    }


def _register(engine: Engine, source: Source, run_id: str) -> None:
    store.upsert_sources(engine, [_register_row(source)], run_id)


def _next_state(look: Look, row: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """Return how the source fares after a look; what it did not say stays as it was."""
    row = row or {}
    before = row.get("last_article_at")
    newest = max((m for m in (before, look.newest_at) if m is not None), default=None)
    not_before = now + timedelta(seconds=look.retry_after) if look.retry_after else None
    has_failed = look.fault is not None
    return {
        "etag": row.get("etag") if has_failed else look.etag,
        "last_modified": row.get("last_modified") if has_failed else look.last_modified,
        "cursor": json.dumps({"not_before": not_before.isoformat()}) if not_before else None,
        "failure_count": (row.get("failure_count") or 0) + 1 if has_failed else 0,
        "latency_seconds": look.seconds,
        "last_success_at": row.get("last_success_at") if has_failed else now,
        "last_article_at": newest,
        "typical_gap_hours": look.gap_hours or row.get("typical_gap_hours"),
        "last_error": look.fault,
    }
