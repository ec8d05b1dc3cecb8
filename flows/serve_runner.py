"""The child of ``dyadrisk serve`` that polls the schedule and starts flow runs.

Run as ``python -m flows.serve_runner``. It ends when its parent does.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from features.errors import DyadriskError
from flows.parent import repeat, watch_parent
from flows.settings import Settings, load_settings, prepare_prefect

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

log = logging.getLogger(__name__)

CATCH_UP_SECONDS = 3600.0
SOON_SECONDS = 300.0
# A run is started at most this often when its process dies.
MAX_STARTS = 3
# One daily run beside one other, such as a backfill.
RUN_LIMIT = 2
VERIFY_CRON = "0 8 * * 1"


def deployments(settings: Settings) -> list[Any]:
    """Return what is served: daily and weekly by schedule, the rest to start by hand."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.types.entrypoint import EntrypointType

    from flows.backfill import backfill
    from flows.daily import daily
    from flows.risk_flows import backtest, train, verify_due

    one_at_a_time = ConcurrencyLimitConfig(
        limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE
    )
    common: dict[str, Any] = {
        "entrypoint_type": EntrypointType.MODULE_PATH,
        "concurrency_limit": one_at_a_time,
    }
    return [
        daily.to_deployment("daily", cron=settings.schedule_cron, tags=["daily"], **common),
        verify_due.to_deployment("verify", cron=VERIFY_CRON, tags=["classifier"], **common),
        backfill.to_deployment("backfill", tags=["backfill"], **common),
        train.to_deployment("train", tags=["classifier"], **common),
        backtest.to_deployment("backtest", tags=["classifier"], **common),
    ]


def restart_dead_runs(client: SyncPrefectClient, names: list[str], since: datetime) -> int:
    """Return how many runs whose process died were scheduled again.

    Only one runner serves these deployments, so at its start a run that is said
    to be under way has lost its process. One that was cancelled stays so.

    Args:
        client: of the server.
        names: of the deployments.
        since: runs that were due before are left as they are.
    """
    from prefect.client.schemas.filters import (
        DeploymentFilter,
        DeploymentFilterName,
        FlowRunFilter,
        FlowRunFilterExpectedStartTime,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import State, StateType
    from prefect.states import Crashed, Scheduled

    dead = [StateType.PENDING, StateType.RUNNING, StateType.CRASHED]
    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=names)),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=dead)),
            expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"after_": since}),
        ),
    )
    gone: State[Any] = Crashed(message="The process of this run died.")
    again: State[Any] = Scheduled(
        name="Restarted", message="The process of this run died: started again."
    )
    for run in runs:
        if run.state_type != StateType.CRASHED:
            client.set_flow_run_state(run.id, gone, force=True)
        if run.run_count < MAX_STARTS:
            client.set_flow_run_state(run.id, again, force=True)
    return sum(run.run_count < MAX_STARTS for run in runs)


def catch_up() -> float:
    """Run the days that were missed; return the seconds until the next look.

    What goes wrong is logged and the schedule goes on. A database that is away at the
    start of the machine is soon there: it is asked again earlier.
    """
    from flows.alerts import alert_late
    from flows.catchup import CatchUpParams, run_missed_days
    from flows.stages import open_run

    settings = load_settings()
    params = CatchUpParams(settings.schedule_cron, settings.catch_up_days)
    try:
        engine = open_run("catch-up").engine
        alert_late(engine, settings, datetime.now(UTC), emit=True)
        run_missed_days(engine, params, datetime.now(UTC))
    except DyadriskError as err:
        log.warning("catch-up is tried again in %.0f s: %s", SOON_SECONDS, err)
        return SOON_SECONDS
    except Exception:
        log.exception("catch-up failed; it is tried again in %.0f s", CATCH_UP_SECONDS)
    return CATCH_UP_SECONDS


def main() -> None:
    """Serve the deployments until SIGINT."""
    parent = os.getppid()
    settings = load_settings()
    prepare_prefect(settings.home)
    from prefect import serve
    from prefect.client.orchestration import get_client

    found = deployments(settings)
    with get_client(sync_client=True) as client:
        for deployment in found:
            deployment.apply()
        since = datetime.now(UTC) - timedelta(days=settings.catch_up_days)
        count = restart_dead_runs(client, [deployment.name for deployment in found], since)
    if count:
        log.warning("runs started again because their process died: %d", count)
    watch_parent(parent)
    repeat(catch_up)
    serve(*found, pause_on_shutdown=False, print_starting_message=False, limit=RUN_LIMIT)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with suppress(KeyboardInterrupt):
        main()
