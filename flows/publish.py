"""What a run leaves for people: Prefect artifacts, tables and the HTML report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.report import write_report
from flows.run_report import RunTables, render_report
from flows.text import plain, safe_link
from models.db import store

if TYPE_CHECKING:
    from flows.daily import DailyReport
    from flows.stages import Run

TOP_COUNT = 20
DRIFT_COUNT = 10
_PAIR_COLUMNS = ("dyad", "level", "prob", "prob_low", "prob_high", "change_1d", "change_7d")
_SOURCE_COLUMNS = (
    "source_id",
    "outlet",
    "state",
    "article_count",
    "reject_count",
    "failure_count",
    "latency_seconds",
    "last_success_at",
    "last_article_at",
    "last_error",
)


def publish_run(run: Run, report: DailyReport) -> None:
    """Create the run's artifacts: a markdown report and the tables behind it."""
    tables = read_tables(run, report.as_of_date)
    if run.settings.report:
        write_report(run.engine, report.as_of_date, run.settings.home / "report.html")
    _publish_pairs("top-pairs", "Highest risk of force within 30 days", tables.top, tables, report)
    _publish_pairs("movers", "Risk moved most in seven days", tables.movers, tables, report)
    _publish_sources(store.read_source_health(run.engine))
    create_markdown_artifact(
        key="run-report",
        markdown=render_report(report, tables),
        description=f"Daily run as of {report.as_of_date}",
    )


def read_tables(run: Run, as_of_date: date) -> RunTables:
    """Return what the store says of the day."""
    top = store.read_day(run.engine, as_of_date, limit=TOP_COUNT)
    movers = store.read_movers(run.engine, as_of_date=as_of_date, limit=TOP_COUNT)
    evidence = {}
    for dyad in dict.fromkeys(row["dyad"] for row in (*top, *movers)):
        for row in store.read_evidence(run.engine, dyad, as_of_date=as_of_date, limit=1):
            evidence[dyad] = row
    drift = [
        row
        for row in store.read_drift(run.engine, as_of_date=as_of_date)
        if row["level"] != "stable"
    ]
    drift.sort(key=lambda row: -row["psi"])
    ill = [row for row in store.read_source_health(run.engine) if row["state"] != "ok"]
    return RunTables(top, movers, evidence, drift[:DRIFT_COUNT], ill)


def _publish_pairs(
    key: str,
    words: str,
    rows: Sequence[Mapping[str, Any]],
    tables: RunTables,
    report: DailyReport,
) -> None:
    shown = []
    for row in rows:
        found = tables.evidence.get(row["dyad"], {})
        shown.append(
            {name: _cell(row[name]) for name in (*_PAIR_COLUMNS, "top_driver")}
            | {"sentence": plain(found.get("sentence") or "", 200)}
            | {"link": safe_link(found.get("url")) or ""}
        )
    create_table_artifact(key=key, table=shown, description=f"{words}, as of {report.as_of_date}")


def _publish_sources(rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        table = [{name: _cell(row[name]) for name in _SOURCE_COLUMNS} for row in rows]
        create_table_artifact(key="source-health", table=table, description="How sources fare")


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return plain(value, 200) if isinstance(value, str) else value
