"""Training, backtest and verification as flows, for deployments and the UI."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from prefect import flow, runtime
from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)

from flows.backtest import BacktestRequest, write_report
from flows.backtest import run as run_backtest
from flows.corpora import choose_source
from flows.daily import intended_date
from flows.run_log import send_stage_logs
from flows.stages import open_run
from flows.train import TrainRequest, train_all
from flows.verify import verify
from models.db import store
from models.risk.labels import HORIZONS, OUTCOMES

Outcome = Literal["force", "escalation"]
Use = Literal["features", "labels", "both"]


def _run_id() -> str:
    return str(runtime.flow_run.id or "local")


def name_by_day() -> str:
    """Return a run name such as ``train-2026-01-10``."""
    return f"{runtime.flow_run.flow_name}-{intended_date()}"


@flow(name="train", flow_run_name=name_by_day, persist_result=False)
def train(
    events: str | None = None,
    use: Use = "both",
    outcomes: tuple[Outcome, ...] = (),
    horizons: tuple[int, ...] = (),
) -> list[str]:
    """Train classifiers and register them as challengers; promoting one stays a decision.

    Args:
        events: coded event table (parquet or CSV) in place of text events.
        use: what that table gives: features, labels, or both.
        outcomes: which to train; none means all.
        horizons: which to train, days; none means all.
    """
    send_stage_logs()
    run = open_run(_run_id())
    source = choose_source(None, Path(events) if events else None, use)
    folder = run.settings.home / "classifiers" / source.digest[:8]
    progress = create_progress_artifact(0.0, key="training", description="Classifiers trained")
    steps = len(outcomes or OUTCOMES) * len(horizons or HORIZONS) + 1
    done = iter(range(1, steps + 1))

    def say(_line: str) -> None:
        update_progress_artifact(progress, 100.0 * next(done, steps) / steps)  # type: ignore[arg-type]

    report = train_all(source, folder, TrainRequest(outcomes, horizons), say)
    store.upsert_classifiers(run.engine, report.entries, run.run_id)
    return [entry["classifier_version"] for entry in report.entries]


@flow(name="backtest", flow_run_name=name_by_day, persist_result=False)
def backtest(
    first_year: int = 2010,
    last_year: int = 2025,
    outcomes: tuple[Outcome, ...] = ("force",),
    horizons: tuple[int, ...] = (30,),
    events: str | None = None,
    use: Use = "both",
) -> int:
    """Fit on the past, test on the next year, year by year; compare with every baseline.

    Args:
        first_year: first test year.
        last_year: last test year.
        outcomes: what is predicted.
        horizons: days ahead.
        events: coded event table (parquet or CSV) in place of text events.
        use: what that table gives: features, labels to judge by, or both.
    """
    send_stage_logs()
    run = open_run(_run_id())
    source = choose_source(None, Path(events) if events else None, use)
    report = run_backtest(source, BacktestRequest(outcomes, horizons, first_year, last_year))
    create_markdown_artifact(
        key="backtest", markdown=report.markdown(), description="Rolling-origin backtest"
    )
    for path in write_report(report, run.settings.home / "backtest"):
        if path.suffix == ".png":
            publish_picture(path)
    return len(report.summaries)


def publish_picture(path: Path) -> None:
    """Make a picture readable in the UI, carried inside the artifact itself."""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    create_image_artifact(
        image_url=f"data:image/png;base64,{data}",
        key=path.stem.replace("_", "-"),
        description=path.stem.replace("_", " "),
    )


@flow(name="verify-scores", flow_run_name=name_by_day, persist_result=False)
def verify_due(today: date | None = None) -> int:
    """Hold the scores whose horizon has passed against what happened.

    Args:
        today: scores due before this day are held up; by default the scheduled day.
    """
    send_stage_logs()
    return verify(today or intended_date() or datetime.now(UTC).date()).verified_count
