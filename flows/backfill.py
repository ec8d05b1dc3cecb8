"""The backfill flow: many articles at once, then a score for every day of a range."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prefect import flow, get_run_logger, runtime
from prefect.artifacts import create_progress_artifact, update_progress_artifact

from flows import stages
from flows.daily import aggregate, extract, ingest, list_shards, prepare, run_id, score
from flows.daylock import hold_day
from flows.extract import ExtractReport


@dataclass(frozen=True)
class BackfillReport:
    """What one backfill did."""

    article_count: int
    event_count: int
    day_count: int


def name_run() -> str:
    """Return a run name such as ``backfill-2025-12-01-2026-03-28``."""
    given = runtime.flow_run.parameters
    return f"backfill-{given['start']}-{given['end']}"


@flow(name="backfill", flow_run_name=name_run, persist_result=False)
def backfill(start: date, end: date, articles: tuple[str, ...] = ()) -> BackfillReport:
    """Ingest articles, code them and score every day of a range, both ends included.

    A killed backfill is run again with the same arguments: what is done is skipped.

    Args:
        start: first as_of_date to score.
        end: last as_of_date to score.
        articles: files or folders to read, as for the daily flow.
    """
    logger = get_run_logger()
    engine = stages.open_run(run_id()).engine
    prepare()
    logger.info("ingest: %s", ingest(articles, end))
    shards = list_shards()
    progress = create_progress_artifact(0.0, key="backfill", description="Days scored")
    total = sum((extract(shard) for shard in shards), start=ExtractReport())
    aggregate()
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    for done, day in enumerate(days, start=1):
        with hold_day(engine, day):
            score(day)
        update_progress_artifact(progress, 100.0 * done / len(days))
    return BackfillReport(total.article_count, total.event_count, len(days))
