"""The daily flow: prepare -> ingest -> extract -> aggregate -> score -> publish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, TypeVar

from prefect import Task, flow, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

from features.errors import RetriableError
from flows import stages
from flows.alerts import AlertReport, alert_failure, alert_stage
from flows.daylock import hold_day
from flows.extract import ExtractReport
from flows.ingest import IngestReport
from flows.publish import publish_run
from flows.run_log import send_stage_logs
from flows.scale import extract_all
from flows.score import ScoreReport
from flows.settings import load_settings

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class DailyReport:
    """What one daily run did; counts, seconds a stage, and the paths it wrote."""

    as_of_date: date
    run_id: str
    ingest: IngestReport | None = None
    extract: ExtractReport = field(default_factory=ExtractReport)
    day_count: int = 0
    score: ScoreReport | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the seconds spent inside to ``stage``."""
        started = time.monotonic()
        try:
            yield
        finally:
            spent = time.monotonic() - started
            self.seconds[stage] = round(self.seconds.get(stage, 0.0) + spent, 2)


def is_retriable(_task: object, _run: object, state: object) -> bool:
    """Return whether a failed task may pass when tried again."""
    try:
        state.result()  # type: ignore[attr-defined]
    except RetriableError:
        return True
    except Exception:
        return False
    return False


def _batch(name: str, description: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Return a decorator that makes a batch task: retried only for what may pass."""
    return task(
        name=name,
        description=description,
        retries=3,
        retry_delay_seconds=[2, 10, 60],
        retry_condition_fn=is_retriable,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


def run_id() -> str:
    """Return the id of the flow run that is under way."""
    return str(runtime.flow_run.id or "local")


@_batch("prepare", "Migrate the store and load the shipped pair history into a new one.")
def prepare() -> int:
    """Prepare the store; return the history rows loaded."""
    return stages.prepare_stage(stages.open_run(run_id()))


@_batch("ingest", "Read, clean, date and store the articles; refused items are kept with a reason.")
def ingest(articles: tuple[str, ...], as_of_date: date) -> IngestReport:
    """Ingest articles."""
    return stages.ingest_stage(stages.open_run(run_id()), articles, as_of_date)


@_batch("list shards", "List the articles that are still to be coded.")
def list_shards() -> list[list[str]]:
    """List the shards still to be coded."""
    return stages.shards_stage(stages.open_run(run_id()))


@_batch("extract", "Code one shard of articles into directed events.")
def extract(article_ids: list[str]) -> ExtractReport:
    """Code one shard."""
    return stages.extract_stage(stages.open_run(run_id()), article_ids)


@_batch("aggregate", "Count the events of each pair and publication day.")
def aggregate() -> int:
    """Bring the daily counts up to date; return the days rebuilt."""
    return stages.aggregate_stage(stages.open_run(run_id()))


@_batch("list days", "List the days to score: the day itself, earlier ones for the changes.")
def list_days(as_of_date: date) -> list[date]:
    """List the days to score."""
    return stages.days_to_score(stages.open_run(run_id()), as_of_date)


@_batch("score", "Score every active pair with the champion classifiers.")
def score(as_of_dates: list[date]) -> list[ScoreReport]:
    """Score all active pairs as of the days."""
    return stages.score_stage(stages.open_run(run_id()), as_of_dates)


@_batch("alert", "Check the alert rules; store, send and emit what is new.")
def alert(as_of_date: date) -> AlertReport:
    """Alert whom the rules name."""
    return alert_stage(stages.open_run(run_id()), as_of_date)


@_batch("publish", "Write the run report, the tables and the HTML report.")
def publish(report: DailyReport) -> None:
    """Publish what the run found."""
    publish_run(stages.open_run(run_id()), report)


def intended_date() -> date:
    """Return the UTC day of the run's scheduled time, else of now: a late run keeps its day."""
    moment = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    return moment.astimezone(UTC).date()


def name_run() -> str:
    """Return a run name such as ``daily-2026-01-10``."""
    given = runtime.flow_run.parameters.get("as_of_date")
    return f"daily-{given or intended_date()}"


@flow(
    name="daily",
    flow_run_name=name_run,
    persist_result=False,
    validate_parameters=True,
    on_failure=[alert_failure],
    on_crashed=[alert_failure],
)
def daily(as_of_date: date | None = None, articles: tuple[str, ...] = ()) -> DailyReport:
    """Ingest news, code events, count them per pair and score every pair's risk.

    Args:
        as_of_date: only news published before 00:00 UTC of this day counts;
            by default the day for which the run is scheduled.
        articles: files or folders to read; by default those of the settings,
            else the sample corpus.
    """
    send_stage_logs()
    report = DailyReport(as_of_date or intended_date(), run_id())
    with hold_day(stages.open_run(report.run_id).engine, report.as_of_date):
        run_stages(report, articles)
    return end_state(report)


def end_state(report: DailyReport) -> DailyReport:
    """Return the report; when sources failed, as a completed state that is named Degraded."""
    failures = report.ingest.source_failures if report.ingest else {}
    if not failures:
        return report
    names = ", ".join(sorted(failures)[:5])
    sources = "1 source" if len(failures) == 1 else f"{len(failures)} sources"
    message = f"scored without {sources} that failed: {names}"
    state: Any = Completed(name="Degraded", message=message, data=report)
    return state  # type: ignore[no-any-return]


def run_stages(report: DailyReport, articles: tuple[str, ...]) -> None:
    """Run the stages one after the other and fill in the report."""
    with report.timed("prepare"):
        prepare()
    with report.timed("ingest"):
        report.ingest = ingest(articles, report.as_of_date)
    with report.timed("extract"):
        report.extract = extract_all(list_shards, extract, load_settings())
    with report.timed("aggregate"):
        report.day_count = aggregate()
    with report.timed("score"):
        report.score = score(list_days(report.as_of_date))[-1]
    with report.timed("alert"):
        alert(report.as_of_date)
    publish(report)
