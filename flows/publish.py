"""What a run leaves for people: Prefect artifacts, tables and the HTML report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.report import write_report
from flows.text import plain
from models.db import store

if TYPE_CHECKING:
    from flows.daily import DailyReport
    from flows.stages import Run

TOP_COUNT = 20
_TABLE_COLUMNS = ("dyad", "level", "prob", "prob_low", "prob_high", "change_1d", "change_7d")


def publish_run(run: Run, report: DailyReport) -> None:
    """Create the run's artifacts: a markdown report and a table of the top pairs."""
    top = store.read_day(run.engine, report.as_of_date, limit=TOP_COUNT)
    if run.settings.report:
        write_report(run.engine, report.as_of_date, run.settings.home / "report.html")
    create_table_artifact(
        key="top-pairs",
        table=[{name: _cell(row[name]) for name in (*_TABLE_COLUMNS, "top_driver")} for row in top],
        description=f"Highest risk of force within 30 days, as of {report.as_of_date}",
    )
    create_markdown_artifact(
        key="run-report",
        markdown=render_markdown(report, top),
        description=f"Daily run as of {report.as_of_date}",
    )


def _cell(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def render_markdown(report: DailyReport, top: Sequence[Mapping[str, Any]]) -> str:
    """Return the run report as markdown; article text in it is made inert."""
    lines = [
        f"# Daily run as of {report.as_of_date}",
        "",
        "## Counts",
        "",
        *_count_lines(report),
        "",
        "## Highest pairs (force within 30 days)",
        "",
        "| pair | level | probability | interval | 1 day | 7 days | top driver |",
        "|---|---|---|---|---|---|---|",
        *(_pair_line(row) for row in top),
        "",
        "## Seconds a stage",
        "",
        "| stage | seconds |",
        "|---|---|",
        *(f"| {stage} | {seconds:.1f} |" for stage, seconds in report.seconds.items()),
    ]
    return "\n".join(lines) + "\n"


def _count_lines(report: DailyReport) -> list[str]:
    ingest, score = report.ingest, report.score
    lines = []
    if ingest is not None:
        lines.append(
            f"- items read {ingest.read}, new articles {ingest.new},"
            f" refused {ingest.rejected_count}"
        )
        lines.extend(f"  - {reason}: {n}" for reason, n in sorted(ingest.rejected.items()))
    lines.append(
        f"- articles coded {report.extract.article_count},"
        f" new events {report.extract.event_count}, days counted {report.day_count}"
    )
    if score is not None:
        lines.append(
            f"- pairs scored {score.pair_count}, coverage of the past 30 days {score.coverage:.0%}"
        )
    return lines


def _pair_line(row: Mapping[str, Any]) -> str:
    return (
        f"| {row['dyad']} | {row['level']} | {row['prob']:.1%} "
        f"| {row['prob_low']:.1%} to {row['prob_high']:.1%} "
        f"| {_points(row['change_1d'])} | {_points(row['change_7d'])} "
        f"| {plain(row['top_driver'] or '').replace('|', '/')} |"
    )


def _points(change: float | None) -> str:
    return "" if change is None else f"{100 * change:+.1f}"
