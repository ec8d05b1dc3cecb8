"""Writing and reading alerts: each once per rule, subject and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from models.db.query import Record, between, equal_to, fetch, fetch_by_keys, select_all
from models.db.rows import clean_rows
from models.db.session import Bind, writing
from models.db.tables import OUT_ALERT
from models.db.upsert import upsert_rows

AlertKey = tuple[str, str, date]


def add_alerts(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> list[Record]:
    """Return the alerts that are new; one stored already is left as it is, so it fires once."""
    records = clean_rows(OUT_ALERT, rows)
    with writing(bind) as conn:
        days = {record["day"] for record in records}
        stored = fetch_by_keys(conn, select_all(OUT_ALERT), OUT_ALERT.columns.day, days)
        known = {alert_key(row) for row in stored}
        fresh = [record for record in records if alert_key(record) not in known]
        upsert_rows(conn, OUT_ALERT, [dict(record) for record in fresh], run_id)
    return fresh


def upsert_alerts(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many alerts are new or changed."""
    return upsert_rows(bind, OUT_ALERT, rows, run_id)


def alert_key(row: Mapping[str, Any]) -> AlertKey:
    """Return rule, subject and day of an alert."""
    return (row["rule"], row["subject"], row["day"])


def mark_delivered(
    bind: Bind, keys: Iterable[AlertKey], channels: str, delivered_at: datetime, run_id: str
) -> int:
    """Return how many alerts were marked as delivered.

    Args:
        bind: engine or connection.
        keys: rule, subject and day of each alert.
        channels: channels that took it, joined by commas.
        delivered_at: when, UTC.
        run_id: the run that delivered.
    """
    column = OUT_ALERT.columns
    values = {
        "is_delivered": True,
        "channels": channels,
        "delivered_at": delivered_at,
        "run_id": run_id,
    }
    with writing(bind) as conn:
        return sum(
            conn.execute(
                update(OUT_ALERT)
                .where(column.rule == rule, column.subject == subject, column.day == day)
                .values(values)
            ).rowcount
            for rule, subject, day in keys
        )


def read_alerts(
    bind: Bind,
    *,
    since: date | None = None,
    until: date | None = None,
    subject: str | None = None,
    is_delivered: bool | None = None,
) -> list[Record]:
    """Return alerts as dicts, ordered by rule, subject and day."""
    conditions = between(OUT_ALERT.columns.day, since, until)
    conditions += equal_to(OUT_ALERT, subject=subject, is_delivered=is_delivered)
    return fetch(bind, select_all(OUT_ALERT, conditions))
