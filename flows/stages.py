"""The stages of a run as plain functions: load, check, compute, store. No Prefect here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

from sqlalchemy import Engine

from features.errors import DataError
from flows.aggregate import aggregate_days
from flows.champions import load_in_force
from flows.extract import ExtractReport, extract_shard, pending_shards
from flows.history import load_history
from flows.ingest import IngestReport, ingest_paths
from flows.ingest_retry import apply_retention
from flows.ingest_sources import SourceRun, ingest_sources
from flows.register import register_shipped
from flows.score import ScoreReport, score_days
from flows.settings import Settings, load_settings
from flows.sources.catalog import load_sources
from flows.textstage import extractor_version, text_stage
from flows.track_files import load_track_record
from models.db import store
from models.db.migrate import upgrade
from models.db.session import open_store
from models.risk.artifact import RiskClassifier, load_champions

log = logging.getLogger(__name__)

# Changes are shown against these many days before.
COMPARED_DAYS = (7, 1)


@dataclass(frozen=True)
class Run:
    """What every stage of one run shares; built anew in each process."""

    settings: Settings
    engine: Engine
    run_id: str
    version: str


@cache
def _open(url: str) -> Engine:
    engine = open_store(url)
    upgrade(engine)
    return engine


def open_run(run_id: str) -> Run:
    """Return the run's settings and its store, migrated to the current schema.

    Raises:
        ConfigError: a setting or the database URL is wrong.
        FatalError: the database cannot be reached.
    """
    settings = load_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = _open(settings.database_url)
    return Run(settings, engine, run_id, extractor_version(settings))


def prepare_stage(run: Run) -> int:
    """Register the classifiers and load what is shipped into a new store; return history rows."""
    register_shipped(run.engine, champions(), run.run_id)
    load_track_record(run.engine, run.run_id)
    return load_history(run.engine, run.run_id) if run.settings.portal_history else 0


def sample_corpus() -> Path:
    """Return the folder of the shipped sample articles."""
    return Path(str(resources.files("flows") / "sample"))


def article_paths(settings: Settings, articles: Sequence[str]) -> tuple[Path, ...]:
    """Return what to read: the arguments, else the settings, else the sample corpus."""
    if articles:
        return tuple(Path(path) for path in articles)
    if settings.articles or settings.fetch_sources:
        return settings.articles
    return (sample_corpus(),)


def reading_time(as_of_date: date, now: datetime) -> datetime:
    """Return when articles count as read: now, or the last second before a past as_of_date.

    A replayed day dates texts without a date or a year as it would have done then.
    """
    return min(now, datetime.combine(as_of_date, time(), UTC) - timedelta(seconds=1))


def ingest_stage(run: Run, articles: Sequence[str], as_of_date: date) -> IngestReport:
    """Read, clean, date and store the articles.

    Raises:
        DataError: the files held items and every one of them was refused, and no source
            brought a readable one. Sources that fail alone only degrade the day.
    """
    paths = article_paths(run.settings, articles)
    fetched_at = reading_time(as_of_date, datetime.now(UTC))
    report = ingest_paths(run.engine, paths, fetched_at, run.run_id, run.settings)
    is_refused = report.read > 0 and report.rejected_count == report.read
    if run.settings.fetch_sources and as_of_date >= datetime.now(UTC).date():
        report += fetch_stage(run)
    if is_refused and report.rejected_count == report.read:
        raise DataError(
            f"expected at least one readable article, all {report.read} items were refused;"
            " see raw_reject for the reasons"
        )
    return report


def fetch_stage(run: Run) -> IngestReport:
    """Look at the news sources that are due; one that fails stops no other."""
    sources = load_sources(run.settings.sources_file)
    return ingest_sources(
        run.engine, sources, run.settings, SourceRun(run.run_id, datetime.now(UTC))
    )


def shards_stage(run: Run) -> list[list[str]]:
    """Return the article ids still to be coded, in shards."""
    return pending_shards(run.engine, run.version)


def extract_stage(run: Run, article_ids: Sequence[str]) -> ExtractReport:
    """Code one shard of articles into events."""
    stage = text_stage(run.settings)
    return extract_shard(run.engine, article_ids, stage, run.version, run.run_id)


def aggregate_stage(run: Run) -> int:
    """Bring the daily pair counts up to date; return the days rebuilt.

    Texts that retention no longer allows go now: what they say has been coded.
    """
    day_count = aggregate_days(run.engine, run.version, run.run_id)
    apply_retention(run.engine, run.settings, run.run_id, datetime.now(UTC))
    return day_count


@cache
def champions() -> tuple[RiskClassifier, ...]:
    """Return the shipped classifiers, loaded once a process."""
    return tuple(load_champions())


def score_stage(run: Run, as_of_dates: Sequence[date]) -> list[ScoreReport]:
    """Score all active pairs as of each of the days with the classifiers in force."""
    in_force = load_in_force(run.engine)
    return score_days(run.engine, as_of_dates, run.version, in_force, run.run_id)


def days_to_score(run: Run, as_of_date: date) -> list[date]:
    """Return the day itself, and the day and week before where they were not scored yet.

    A first run then knows already what changed.
    """
    earlier = [as_of_date - timedelta(days=back) for back in COMPARED_DAYS]
    missing = [day for day in earlier if not store.read_day(run.engine, day, limit=1)]
    return [*missing, as_of_date]
