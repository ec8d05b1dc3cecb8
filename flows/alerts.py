"""Alerts end to end: evaluate the rules, store each alert once, send it, emit its event."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from features.errors import DyadriskError
from flows.alert_delivery import emit_events, send
from flows.alert_rules import (
    Alert,
    Rule,
    fire_failed,
    fire_late,
    fire_scores,
    fire_sources,
    read_rules,
    sort_messages,
)
from flows.settings import Settings, load_settings
from models.db import store

if TYPE_CHECKING:
    from flows.stages import Run

log = logging.getLogger(__name__)

# What could not be sent is tried again this long.
RETRY_DAYS = 3


@dataclass(frozen=True)
class AlertReport:
    """What one check did."""

    fired: int = 0
    new: int = 0
    sent: int = 0


def find_alerts(engine: Engine, rules: Sequence[Rule], as_of_date: date) -> list[Alert]:
    """Return what the rules say of a day's scores and of the sources; nothing is stored."""
    found: list[Alert] = []
    health = store.read_source_health(engine) if any(r.kind == "stale" for r in rules) else []
    for rule in rules:
        if rule.kind in ("level", "jump"):
            found.extend(fire_scores(rule, _read_day(engine, rule, as_of_date)))
        found.extend(fire_sources(rule, health, as_of_date))
    return found


def _read_day(engine: Engine, rule: Rule, as_of_date: date) -> list[dict[str, Any]]:
    return store.read_day(engine, as_of_date, outcome=rule.outcome, horizon_days=rule.horizon_days)


def find_late(
    engine: Engine, rules: Sequence[Rule], settings: Settings, now: datetime
) -> list[Alert]:
    """Return the alerts of runs that are overdue."""
    late = [rule for rule in rules if rule.kind == "late"]
    if not late:
        return []
    from flows.catchup import due_time

    days = store.read_scored_days(engine, until=now.date() + timedelta(days=1))
    recent = [now.date() - timedelta(days=n) for n in range(2)]
    times = [(day, due_time(settings.schedule_cron, day)) for day in recent]
    due = [(day, moment) for day, moment in times if moment is not None]
    last = days[-1] if days else None
    return [alert for rule in late for alert in fire_late(rule, last, due, now)]


def raise_alerts(
    engine: Engine, rules: Sequence[Rule], found: Sequence[Alert], run_id: str, *, emit: bool
) -> AlertReport:
    """Store the alerts that are new, emit their events and send what is still to be sent.

    An alert is stored before it is sent and marked after: a process that dies
    between the two sends it again, never not at all.
    """
    fresh = store.add_alerts(engine, found, run_id)
    if emit and fresh:
        emit_events(fresh)
    since = datetime.now(UTC).date() - timedelta(days=RETRY_DAYS)
    oldest = min([since, *(alert["day"] for alert in fresh)])
    waiting = [
        alert
        for alert in store.read_alerts(engine, since=oldest, is_delivered=False)
        if alert["day"] >= since or _key(alert) in {_key(new) for new in fresh}
    ]
    sent = deliver(engine, rules, waiting, run_id)
    log.info("alerts: %d fired, %d new, %d sent", len(found), len(fresh), sent)
    return AlertReport(len(found), len(fresh), sent)


def _key(alert: Alert) -> store.AlertKey:
    return store.alert_key(alert)


def deliver(engine: Engine, rules: Sequence[Rule], alerts: Sequence[Alert], run_id: str) -> int:
    """Send the alerts to their channels and mark them; return how many went out."""
    taken: dict[store.AlertKey, list[str]] = {}
    for outbox in sort_messages(rules, alerts):
        if send(outbox):
            for alert in outbox.alerts:
                taken.setdefault(_key(alert), []).append(outbox.channel)
    for key, channels in taken.items():
        store.mark_delivered(engine, [key], ",".join(channels), datetime.now(UTC), run_id)
    return len(taken)


def alert_stage(run: Run, as_of_date: date) -> AlertReport:
    """Check the rules of the settings against the day; the stage of the daily flow."""
    rules = read_rules(run.settings.alerts_file)
    if not rules:
        return AlertReport()
    found = find_alerts(run.engine, rules, as_of_date)
    return raise_alerts(run.engine, rules, found, run.run_id, emit=True)


def alert_late(engine: Engine, settings: Settings, now: datetime, *, emit: bool) -> AlertReport:
    """Raise the alerts of overdue runs."""
    rules = read_rules(settings.alerts_file)
    found = find_late(engine, rules, settings, now)
    return raise_alerts(engine, rules, found, "late", emit=emit) if found else AlertReport()


def alert_failure(flow: Any, flow_run: Any, state: Any) -> None:
    """Raise the alerts of a daily run that failed or crashed; a hook of the flow."""
    from flows.catchup import day_of_run
    from models.db.session import open_store

    del flow
    settings = load_settings()
    rules = read_rules(settings.alerts_file)
    day = day_of_run(flow_run) or datetime.now(UTC).date()
    words = (str(state.name).lower(), str(state.message or ""))
    found = [alert for rule in rules for alert in fire_failed(rule, day, *words)]
    if not found:
        return
    try:
        raise_alerts(open_store(settings.database_url), rules, found, str(flow_run.id), emit=True)
    except DyadriskError:
        log.warning("the store cannot take the alert: it is sent without being stored")
        for outbox in sort_messages(rules, found):
            send(outbox)
