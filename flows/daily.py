"""The daily flow: prepare -> ingest -> extract -> aggregate -> score -> publish."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE

from features.errors import RetriableError
from flows import stages
from flows.daylock import hold_day
from flows.extract import ExtractReport
from flows.ingest import IngestReport
from flows.publish import publish_run
from flows.score import ScoreReport


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


def _batch(name: str, description: str):  # type: ignore[no-untyped-def]
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
    return stages.prepare_stage(stages.open_run(run_id()))


@_batch("ingest", "Read, clean, date and store the articles; refused items are kept with a reason.")
def ingest(articles: tuple[str, ...], as_of_date: date) -> IngestReport:
    return stages.ingest_stage(stages.open_run(run_id()), articles, as_of_date)


@_batch("list shards", "List the articles that are still to be coded.")
def list_shards() -> list[list[str]]:
    return stages.shards_stage(stages.open_run(run_id()))


@_batch("extract", "Code one shard of articles into directed events.")
def extract(article_ids: list[str]) -> ExtractReport:
    return stages.extract_stage(stages.open_run(run_id()), article_ids)


@_batch("aggregate", "Count the events of each pair and publication day.")
def aggregate() -> int:
    return stages.aggregate_stage(stages.open_run(run_id()))


@_batch("score", "Score every active pair with the champion classifiers.")
def score(as_of_date: date) -> ScoreReport:
    return stages.score_stage(stages.open_run(run_id()), as_of_date)


@_batch("compare", "Score the day and the week before where they are missing, for the changes.")
def compare(as_of_date: date) -> list[date]:
    return stages.compare_stage(stages.open_run(run_id()), as_of_date)


@_batch("publish", "Write the run report, the tables and the HTML report.")
def publish(report: DailyReport) -> None:
    publish_run(stages.open_run(run_id()), report)


def intended_date() -> date:
    """Return the UTC day of the run's scheduled time, else of now: a late run keeps its day."""
    moment = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    return moment.astimezone(UTC).date()


def name_run() -> str:
    """Return a run name such as ``daily-2026-01-10``."""
    given = runtime.flow_run.parameters.get("as_of_date")
    return f"daily-{given or intended_date()}"


@flow(name="daily", flow_run_name=name_run, persist_result=False, validate_parameters=True)
def daily(as_of_date: date | None = None, articles: tuple[str, ...] = ()) -> DailyReport:
    """Ingest news, code events, count them per pair and score every pair's risk.

    Args:
        as_of_date: only news published before 00:00 UTC of this day counts;
            by default the day for which the run is scheduled.
        articles: files or folders to read; by default those of the settings,
            else the sample corpus.
    """
    report = DailyReport(as_of_date or intended_date(), run_id())
    with hold_day(stages.open_run(report.run_id).engine, report.as_of_date):
        run_stages(report, articles)
    return report


def run_stages(report: DailyReport, articles: tuple[str, ...]) -> None:
    """Run the stages one after the other and fill in the report."""
    logger = get_run_logger()
    with report.timed("prepare"):
        prepare()
    with report.timed("ingest"):
        report.ingest = ingest(articles, report.as_of_date)
    logger.info("ingest: %s", report.ingest)
    with report.timed("extract"):
        for shard in list_shards():
            report.extract += extract(shard)
    logger.info("extract: %s", report.extract)
    with report.timed("aggregate"):
        report.day_count = aggregate()
    with report.timed("score"):
        compare(report.as_of_date)
        report.score = score(report.as_of_date)
    logger.info("score: %s", report.score)
    publish(report)
