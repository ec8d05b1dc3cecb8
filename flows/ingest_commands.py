"""The work behind the command ``ingest``: plain counts out, progress into a bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.progress import Progress
from sqlalchemy import Engine

from features.article import ArticleParams
from features.errors import ConfigError
from flows.ingest import IngestOptions, IngestReport, PathOptions, ingest_paths
from flows.ingest_build import BuildParams
from flows.ingest_events import ingest_events
from flows.ingest_retry import retry_rejects
from flows.ingest_sources import SourceRun, http_params, ingest_sources
from flows.ingest_urls import ListRun, ingest_urls
from flows.settings import Settings
from flows.sources.catalog import Source
from flows.sources.collect import Look
from flows.sources.files import list_files
from flows.sources.http import Fetcher
from flows.sources.streams import ReadMeter
from models.db import store
from models.db.migrate import upgrade

Counts = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """What the parts of one command share."""

    settings: Settings
    run_id: str
    now: datetime

    @cached_property
    def engine(self) -> Engine:
        """Open the store and bring it to the current schema."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        engine = store.open_store(self.settings.database_url)
        upgrade(engine)
        return engine


def load_articles(
    job: Job,
    paths: Sequence[Path],
    days: tuple[date | None, date | None],
    again: bool,
    bar: Progress,
) -> Counts:
    """Return the counts of taking files in, of a range of days where one is given."""
    since, until = _check_days(days)
    meter, show = _follow_files("articles", paths, bar)
    how = PathOptions(
        now=job.now, since=since, until=until, again=again, meter=meter, progress=show
    )
    report = ingest_paths(job.engine, paths, job.now, job.run_id, job.settings, how)
    show(report)
    return as_counts(report)


def load_urls(
    job: Job, paths: Sequence[Path], days: tuple[date | None, date | None], bar: Progress
) -> Counts:
    """Return the counts of reading the pages that lists of addresses name."""
    since, until = _check_days(days)
    meter, show = _follow_files("pages", paths, bar)
    accept = ArticleParams(max_chars=job.settings.max_article_chars)
    build = BuildParams(job.now, accept, since=since, until=until)
    run = ListRun(job.run_id, job.now, IngestOptions(build, is_live=True), meter, show)
    with Fetcher(http_params(job.settings)) as fetcher:
        report = ingest_urls(job.engine, paths, fetcher, run)
    show(report)
    return as_counts(report)


def _check_days(days: tuple[date | None, date | None]) -> tuple[date | None, date | None]:
    since, until = days
    if since and until and since > until:
        raise ConfigError(f"expected --from not after --to, got {since} and {until}")
    return days


def _follow_files(
    name: str, paths: Sequence[Path], bar: Progress
) -> tuple[ReadMeter, Callable[[IngestReport], None]]:
    """Return a meter of the bytes read, and what moves a line of the bar by it."""
    meter = ReadMeter()
    total = sum(file.stat().st_size for path in paths for file in list_files(path) if file.exists())
    line = bar.add_task(name, total=max(total, 1))

    def show(report: IngestReport) -> None:
        text = f"{report.read} read, {report.new} new"
        bar.update(line, completed=min(meter.done, total), description=text)

    return meter, show


def load_events(job: Job, paths: Sequence[Path], kind: str) -> Counts:
    """Return the counts of loading event tables."""
    report = ingest_events(job.engine, paths, kind, job.run_id)
    return asdict(report) | {"rejected": dict(report.rejected)}


def look_at_sources(job: Job, sources: Sequence[Source], force: bool, bar: Progress) -> Counts:
    """Return the counts of one round over the sources."""
    line = bar.add_task("sources", total=len(sources))

    def show(source: Source, look: Look, report: IngestReport) -> None:
        said = look.fault or f"{report.new} new"
        bar.update(line, advance=1, description=f"{source.id}: {said[:60]}")

    run = SourceRun(job.run_id, job.now, force=force, on_look=show)
    report = ingest_sources(job.engine, sources, job.settings, run)
    return as_counts(report)


def retry(job: Job, reason: str | None) -> Counts:
    """Return the counts of trying refused items again."""
    report = retry_rejects(job.engine, job.settings, job.run_id, job.now, reason)
    return asdict(report) | {"still_refused": dict(report.still_refused)}


def as_counts(report: IngestReport) -> Counts:
    """Return a report as plain JSON values."""
    return asdict(report) | {"rejected": dict(report.rejected)}


def is_all_refused(found: dict[str, Counts]) -> bool:
    """Return whether there was input and every bit of it was refused."""
    parts = [found[name] for name in ("articles", "urls", "sources", "events") if name in found]
    read = sum(int(part["read"]) for part in parts)
    refused = sum(sum(part["rejected"].values()) for part in parts)
    return read > 0 and read == refused
