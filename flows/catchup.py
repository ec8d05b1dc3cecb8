"""Days that the daily run missed: which they are, and running each of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING
from uuid import UUID

from cronsim import CronSim, CronSimError
from prefect import flow

from features.errors import ConfigError
from flows.settings import load_settings
from flows.stages import open_run
from models.db import store

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

DAILY = "daily/daily"
CATCH_UP_TAG = "catch-up"
MAX_TRIES_A_DAY = 3
MAX_RUN_SECONDS = 6 * 3600.0
CHECK_SECONDS = 2.0
_RUN_LIMIT = 200


@dataclass(frozen=True)
class CatchUpParams:
    """When a day counts as missed.

    Args:
        cron: schedule of the daily run, UTC.
        max_days: how far back days are made good; 0 makes nothing good.
    """

    cron: str
    max_days: int


def due_time(cron: str, day: date) -> datetime | None:
    """Return when the schedule asks for the first run of a UTC day, or None.

    Raises:
        ConfigError: the schedule is not a cron expression.

    Example:
        >>> due_time("0 6 * * *", date(2026, 1, 10)).hour
        6
    """
    midnight = datetime.combine(day, time_of_day(), UTC)
    try:
        moment = next(CronSim(cron, midnight - timedelta(seconds=1)))
    except CronSimError as err:
        raise ConfigError(
            f"expected a cron expression such as '0 6 * * *', got {cron!r};"
            " see the setting schedule_cron"
        ) from err
    return moment if moment.date() == day else None


def is_due(cron: str, day: date, now: datetime) -> bool:
    """Return whether the schedule asked for a run on this UTC day, at or before now."""
    moment = due_time(cron, day)
    return moment is not None and moment <= now


def missed_days(scored: Iterable[date], now: datetime, params: CatchUpParams) -> list[date]:
    """Return the days that were due since the last scored one, oldest first.

    A store without any score has missed nothing but today, due or not. A gap further
    back needs no run: the next one scores the day and the week before itself.

    Args:
        scored: as_of_dates that have scores.
        now: UTC.
        params: schedule and bound.
    """
    today = now.date()
    last = max((day for day in scored if day <= today), default=None)
    if not params.max_days or last is None:
        return [today] if params.max_days else []
    first = max(last + timedelta(days=1), today - timedelta(days=params.max_days))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return [day for day in days if is_due(params.cron, day, now)]


def day_of_run(run: FlowRun) -> date | None:
    """Return the as_of_date of a daily run: its parameter, else its scheduled day."""
    given = run.parameters.get("as_of_date")
    if given:
        return date.fromisoformat(str(given)[:10])
    moment = run.expected_start_time
    return None if moment is None else moment.astimezone(UTC).date()


def runs_by_day(client: SyncPrefectClient, deployment_id: UUID) -> dict[date, list[FlowRun]]:
    """Return the newest runs of the deployment by their as_of_date."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.client.schemas.sorting import FlowRunSort

    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=_RUN_LIMIT,
    )
    found: dict[date, list[FlowRun]] = {}
    for run in runs:
        if (day := day_of_run(run)) is not None:
            found.setdefault(day, []).append(run)
    return found


def should_submit(runs: Iterable[FlowRun], today: date) -> bool:
    """Return whether a missed day may be tried: none is waiting, and not too often today."""
    from prefect.client.schemas.objects import TERMINAL_STATES

    found = list(runs)
    tries = [
        run
        for run in found
        if CATCH_UP_TAG in run.tags and run.created and run.created.astimezone(UTC).date() == today
    ]
    ended = all(run.state_type in TERMINAL_STATES for run in found)
    return ended and len(tries) < MAX_TRIES_A_DAY


def run_missed_days(
    engine: Engine, params: CatchUpParams, now: datetime, deployment: str = DAILY
) -> list[date]:
    """Run each missed day one after the other, and return the days.

    A day is left alone while a run of it waits or is under way, and is tried at
    most a few times a calendar day: calling this often is harmless.

    Args:
        engine: the store, migrated.
        params: schedule and bound.
        now: UTC.
        deployment: the daily deployment, ``flow/name``.
    """
    from prefect.client.orchestration import get_client

    days = missed_days(store.read_scored_days(engine), now, params)
    if not days:
        return []
    with get_client(sync_client=True) as client:
        deployment_id = client.read_deployment_by_name(deployment).id
        runs = runs_by_day(client, deployment_id)
        chosen = [day for day in days if should_submit(runs.get(day, ()), now.date())]
        for day in chosen:
            log.info("catch-up: running %s", day)
            _run_day(client, deployment_id, day)
    return chosen


def _run_day(client: SyncPrefectClient, deployment_id: UUID, day: date) -> None:
    run = client.create_flow_run_from_deployment(
        deployment_id,
        name=f"daily-{day}",
        parameters={"as_of_date": day.isoformat()},
        tags=[CATCH_UP_TAG],
    )
    deadline = time.monotonic() + MAX_RUN_SECONDS
    while time.monotonic() < deadline:
        time.sleep(CHECK_SECONDS)
        state = client.read_flow_run(run.id).state
        if state is not None and state.is_final():
            return
    log.warning("catch-up: the run of %s has not ended after %.0f s", day, MAX_RUN_SECONDS)


@flow(name="catch-up", flow_run_name=lambda: f"catch-up-{datetime.now(UTC):%Y-%m-%d-%H%M}")
def catch_up() -> list[date]:
    """Run each day that was due since the last scored one, oldest first; alert of lateness."""
    from flows.alerts import alert_late

    settings = load_settings()
    params = CatchUpParams(settings.schedule_cron, settings.catch_up_days)
    engine = open_run("catch-up").engine
    alert_late(engine, settings, datetime.now(UTC), emit=True)
    return run_missed_days(engine, params, datetime.now(UTC))
