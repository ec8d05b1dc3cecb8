"""Hold past scores against what then happened, and keep the monthly track record."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from prefect import flow, runtime
from prefect.artifacts import create_table_artifact
from sqlalchemy import Engine

from flows.stages import open_run
from flows.stream import read_stream
from models.db import store
from models.db.session import writing
from models.risk.labels import HORIZONS, OUTCOMES, ForceRecord, count_force, label_rows
from models.risk.track import monthly_record

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VerifyReport:
    """How many scores were held against the news, and the months written."""

    verified_count: int
    month_count: int


def verify_scores(engine: Engine, today: date, version: str, run_id: str) -> VerifyReport:
    """Store the outcome of every score whose horizon has passed; renew the track record.

    Args:
        engine: the store.
        today: a score is due when its whole horizon lies before this day.
        version: extractor version of the user's own news.
        run_id: the run that writes.
    """
    days, volumes = read_stream(engine, today, version)
    if days.empty:
        return VerifyReport(0, 0)
    record = ForceRecord(days)
    last_seen = max(_as_date(day) for day in volumes["day"]) + timedelta(days=1)
    rows: list[dict[str, Any]] = []
    for outcome in OUTCOMES:
        for horizon_days in HORIZONS:
            before = min(today, last_seen) - timedelta(days=horizon_days - 1)
            due = store.read_scores_to_verify(engine, outcome, horizon_days, before)
            rows.extend(outcome_rows(record, due))
    with writing(engine) as conn:
        store.upsert_score_outcomes(conn, rows, run_id)
        months = monthly_record(store.read_verified_scores(conn))
        store.upsert_track_record(conn, months, run_id)
    log.info("verify: %d scores due, %d months in the record", len(rows), len(months))
    return VerifyReport(len(rows), len(months))


def outcome_rows(record: ForceRecord, scores: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what happened after each score: its key, happened and event_count."""
    groups: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in scores:
        groups[row["outcome"], row["horizon_days"]].append(row)
    found: list[dict[str, Any]] = []
    for (outcome, horizon_days), part in groups.items():
        dyads = np.array([row["dyad"] for row in part], dtype=object)
        as_of = np.array([(row["as_of_date"] - date(1970, 1, 1)).days for row in part])
        count = count_force(record, dyads, as_of, horizon_days)
        happened = label_rows(record, dyads, as_of, outcome, horizon_days)  # type: ignore[arg-type]
        found.extend(
            _outcome(row, bool(h), int(n)) for row, h, n in zip(part, happened, count, strict=True)
        )
    return found


def _outcome(row: Mapping[str, Any], happened: bool, event_count: int) -> dict[str, Any]:
    key = ("dyad", "outcome", "horizon_days", "as_of_date", "classifier_version")
    return {name: row[name] for name in key} | {"happened": happened, "event_count": event_count}


def _as_date(day: Any) -> date:
    return date.fromisoformat(str(day)[:10])


@flow(name="verify", flow_run_name=lambda: f"verify-{runtime.flow_run.parameters.get('today')}")
def verify(today: date) -> VerifyReport:
    """Hold past scores against what happened and publish the track record."""
    run = open_run(str(runtime.flow_run.id))
    report = verify_scores(run.engine, today, run.version, run.run_id)
    table = [_line(row) for row in store.read_track_record(run.engine)][-60:]
    create_table_artifact(key="track-record", table=table, description="Scores against outcomes")
    return report


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "month outcome horizon_days classifier_version score_count happened_count brier"
        " brier_climatology calibration_error hit_count miss_count false_alarm_count"
    )
    return {
        name: round(row[name], 5) if isinstance(row[name], float) else str(row[name])
        for name in names.split()
    }
