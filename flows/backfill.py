"""The backfill flow: many articles at once, then a score for every day of a range."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from prefect import flow, runtime
from prefect.artifacts import create_progress_artifact, update_progress_artifact

from flows import stages
from flows.daily import aggregate, extract, ingest, list_shards, prepare, run_id, score
from flows.daylock import hold_day
from flows.scale import extract_all
from flows.settings import load_settings

# Days that share one reading of the stream; each batch is a task.
SCORED_AT_ONCE = 7


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
    engine = stages.open_run(run_id()).engine
    prepare()
    ingest(articles, end)
    progress = create_progress_artifact(0.0, key="backfill", description="Days scored")
    total = extract_all(list_shards, extract, load_settings())
    aggregate()
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    for begin in range(0, len(days), SCORED_AT_ONCE):
        batch = days[begin : begin + SCORED_AT_ONCE]
        with ExitStack() as held:
            for day in batch:
                held.enter_context(hold_day(engine, day))
            score(batch)
        if isinstance(progress, UUID):
            update_progress_artifact(progress, 100.0 * (begin + len(batch)) / len(days))
    return BackfillReport(total.article_count, total.event_count, len(days))
