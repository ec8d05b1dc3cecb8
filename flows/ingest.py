"""Raw items to stored articles, rejects and stories. Plain functions, no Prefect."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from features.article import ArticleParams
from features.readings import Reconciled, reconcile_readings
from features.types import Article, RawItem, Reject
from flows.ingest_build import Batch, BuildParams, build_batches, hash_batch, split_batches
from flows.settings import Settings
from flows.sources.files import FileParams, read_path
from flows.sources.streams import ReadMeter, StreamLimits
from flows.stories import group_stories
from models.db import store
from models.db.batches import read_batch, remember_batch
from models.db.readings import read_heads, read_superseded, store_readings
from models.db.session import exclusive
from models.db.stories import upsert_bands

log = logging.getLogger(__name__)


@dataclass
class IngestReport:
    """What one ingest did.

    Args:
        read: items that came in; the other counts add up to it.
        new, updated, duplicate: articles; updated ones became or brought a version.
        left_out: articles outside the days that were asked for.
        rejected: refused items by reason.
        source_failures: source id -> why it could not be read.
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    duplicate: int = 0
    left_out: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    source_failures: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        refused = ", ".join(f"{count} {reason}" for reason, count in sorted(self.rejected.items()))
        return (
            f"{self.read} items read, {self.new} new, {self.updated} updated,"
            f" {self.duplicate} known, {self.rejected_count} refused"
            + (f" ({refused})" if refused else "")
        )

    @property
    def rejected_count(self) -> int:
        """Return how many items were refused."""
        return sum(self.rejected.values())

    def __iadd__(self, other: IngestReport) -> IngestReport:
        self.read += other.read
        self.new += other.new
        self.updated += other.updated
        self.duplicate += other.duplicate
        self.left_out += other.left_out
        self.rejected.update(other.rejected)
        self.source_failures.update(other.source_failures)
        return self


Progress = Callable[[IngestReport], None]


@dataclass(frozen=True)
class IngestOptions:
    """How a stream of items is taken in.

    Args:
        build: what is accepted and how dates are bounded.
        is_live: readings come in the order of time, so the last one counts.
        source_id: the source that the items come from, if it has a row.
        skips_known: batches stored before are skipped (files, not live sources).
        workers: processes that clean texts.
        progress: called after each batch with the report so far.
    """

    build: BuildParams
    is_live: bool = False
    source_id: str | None = None
    skips_known: bool = False
    workers: int = 1
    progress: Progress | None = None


@dataclass(frozen=True)
class PathOptions:
    """How files are taken in.

    Args:
        now: no stated date may be later, UTC; by default the clock.
        since: articles published before this day are left out.
        until: articles published after this day are left out.
        again: clean also what was stored before.
        meter: told how many bytes of the files are read.
        progress: called after each batch.
    """

    now: datetime | None = None
    since: date | None = None
    until: date | None = None
    again: bool = False
    meter: ReadMeter | None = None
    progress: Progress | None = None


def ingest_paths(
    engine: Engine,
    paths: Sequence[Path],
    fetched_at: datetime,
    run_id: str,
    settings: Settings,
    how: PathOptions | None = None,
) -> IngestReport:
    """Read files and folders into the store, group stories, and return what happened.

    Args:
        engine: the store.
        paths: files, folders or glob patterns.
        fetched_at: stands for the day of reading where a text has no date of its own, UTC.
        run_id: the run that writes.
        settings: limits of size.
        how: days, clock, progress.
    """
    how = how or PathOptions()
    limits = StreamLimits(document_bytes=settings.max_document_bytes)
    params = FileParams(limits=limits, meter=how.meter)
    items = (item for path in paths for item in read_path(path, fetched_at, params))
    accept = ArticleParams(max_chars=settings.max_article_chars, needs_known_date=True)
    latest = max(how.now or datetime.now(UTC), fetched_at)
    build = BuildParams(latest, accept, since=how.since, until=how.until)
    options = IngestOptions(
        build, skips_known=not how.again, workers=count_workers(), progress=how.progress
    )
    report = ingest_items(engine, items, run_id, options)
    group_stories(engine, run_id, build.story)
    log.info(
        "ingest: %d items read, %d new, %d updated, %d met again, %d refused",
        report.read,
        report.new,
        report.updated,
        report.duplicate,
        report.rejected_count,
    )
    return report


def count_workers() -> int:
    """Return how many processes clean large inputs: one a core, four at most."""
    return min(os.cpu_count() or 1, 4)


def ingest_items(
    engine: Engine, items: Iterable[RawItem | Reject], run_id: str, options: IngestOptions
) -> IngestReport:
    """Clean and store a stream of items, batch by batch; stories are grouped later."""
    report = IngestReport()
    batches = split_batches(items)
    if options.skips_known:
        batches = _skip_known(engine, batches, options.build, report)
    for batch in build_batches(batches, options.build, options.workers):
        report += store_batch(engine, batch, run_id, options)
        log.debug("ingest: %s", report)
        if options.progress:
            options.progress(report)
    return report


def _skip_known(
    engine: Engine,
    batches: Iterator[list[RawItem | Reject]],
    params: BuildParams,
    report: IngestReport,
) -> Iterator[list[RawItem | Reject]]:
    """Yield the batches that are not stored yet; count the others as met again."""
    for batch in batches:
        counts = read_batch(engine, hash_batch(batch, params))
        if counts is None:
            yield batch
            continue
        report.read += len(batch)
        report.rejected.update(counts)
        report.duplicate += len(batch) - sum(counts.values())


def store_batch(engine: Engine, batch: Batch, run_id: str, options: IngestOptions) -> IngestReport:
    """Write one batch in one transaction; return its counts.

    Which reading wins is decided from what is stored: no other ingest writes meanwhile.
    """
    ids = [article.article_id for article in batch.articles]
    with exclusive(engine, "articles") as conn:
        heads = read_heads(conn, ids)
        superseded = read_superseded(conn, heads)
        found = reconcile_readings(batch.articles, heads, superseded, options.is_live)
        source_id = options.source_id
        winners = [_as_row(article, source_id) for article in found.winners]
        losers = [_as_row(article, source_id) for article in found.losers]
        store_readings(conn, winners, losers, run_id)
        upsert_bands(conn, _sign(batch, found), run_id)
        rejects = [store.reject_row(reject, source_id) for reject in batch.rejects]
        store.upsert_rejects(conn, rejects, run_id)
        refused = Counter(reject.reason for reject in batch.rejects)
        if options.skips_known:
            remember_batch(conn, batch.batch_hash, batch.item_count, refused, run_id)
    return IngestReport(
        read=batch.item_count,
        new=found.new,
        updated=found.updated,
        duplicate=found.duplicate,
        left_out=batch.left_out,
        rejected=refused,
    )


def _as_row(article: Article, source_id: str | None) -> dict[str, object]:
    """Return the table row; ``dataclasses.asdict`` copies deeply and costs a third of the time."""
    row: dict[str, object] = {name: getattr(article, name) for name in article.__slots__}
    row["source_id"] = source_id
    return row


def _sign(batch: Batch, found: Reconciled) -> list[dict[str, object]]:
    """Return the signature rows of the articles whose text or day is new."""
    bands = {
        (article.article_id, article.content_hash): row
        for article, row in zip(batch.articles, batch.bands, strict=True)
    }
    return [
        {
            "article_id": article.article_id,
            "day_number": article.published_at.date().toordinal(),
            "bands": bands[article.article_id, article.content_hash],
            "content_hash": article.content_hash,
        }
        for article in found.winners
        if article.article_id in found.resigned
    ]
