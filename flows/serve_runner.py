"""The child of ``dyadrisk serve`` that polls the schedule and starts flow runs.

Run as ``python -m flows.serve_runner``. It ends when its parent does.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flows.settings import Settings, load_settings, prepare_prefect

log = logging.getLogger(__name__)

CATCH_UP_SECONDS = 3600.0
PARENT_CHECK_SECONDS = 2.0
# A run that was under way when its process was killed is started again this often.
MAX_RESTARTS = 3
# One daily run beside one other, such as a backfill.
RUN_LIMIT = 2


def deployments(settings: Settings) -> list[Any]:
    """Return what is served: the scheduled daily run, and a backfill to start by hand."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import EntrypointType

    from flows.backfill import backfill
    from flows.daily import daily

    one_at_a_time = ConcurrencyLimitConfig(
        limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE
    )
    common: dict[str, Any] = {
        "entrypoint_type": EntrypointType.MODULE_PATH,
        "concurrency_limit": one_at_a_time,
    }
    return [
        daily.to_deployment("daily", cron=settings.schedule_cron, tags=["daily"], **common),
        backfill.to_deployment("backfill", tags=["backfill"], **common),
    ]


def revive_runs(client: Any, deployment_names: list[str]) -> int:
    """Return how many runs of dead processes were scheduled again.

    Only one runner serves these deployments, so at its start a run that is
    said to be under way has lost its process.
    """
    from prefect.client.schemas.filters import (
        DeploymentFilter,
        DeploymentFilterName,
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed, Scheduled

    kinds = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    lost = client.read_flow_runs(
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=deployment_names)),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=kinds))
        ),
    )
    for run in lost:
        client.set_flow_run_state(
            run.id, Crashed(message="The process of this run is gone."), force=True
        )
        if run.run_count <= MAX_RESTARTS and run.state_type != StateType.CANCELLING:
            client.set_flow_run_state(
                run.id, Scheduled(name="Restarted", message="Started again."), force=True
            )
    return len(lost)


def catch_up() -> None:
    """Submit the days that were missed; what goes wrong is logged, the schedule goes on."""
    from flows.catchup import CatchUpParams, submit_missed_days
    from flows.stages import open_run

    settings = load_settings()
    params = CatchUpParams(settings.schedule_cron, settings.catch_up_days)
    try:
        submit_missed_days(open_run("catch-up").engine, params, datetime.now(UTC))
    except Exception:
        log.exception("catch-up failed; it is tried again in an hour")


def every(seconds: float, act: Callable[[], None], stop: threading.Event) -> None:
    """Call ``act`` now and then again after each pause, until stopped."""
    while True:
        act()
        if stop.wait(seconds):
            return


def end_with_parent(parent: int) -> None:
    """Ask this process to stop once its parent is gone."""
    if os.getppid() != parent:
        log.warning("the parent process is gone: stopping")
        os.kill(os.getpid(), signal.SIGTERM)


def _start(seconds: float, act: Callable[[], None]) -> None:
    stop = threading.Event()
    threading.Thread(target=every, args=(seconds, act, stop), daemon=True).start()


def main() -> None:
    """Serve the deployments until SIGTERM or SIGINT."""
    parent = os.getppid()
    settings = load_settings()
    prepare_prefect(settings.home)
    from prefect import serve
    from prefect.client.orchestration import get_client

    found = deployments(settings)
    with get_client(sync_client=True) as client:
        for deployment in found:
            deployment.apply()
        count = revive_runs(client, [deployment.name for deployment in found])
    if count:
        log.warning("%d runs had lost their process", count)
    _start(PARENT_CHECK_SECONDS, lambda: end_with_parent(parent))
    _start(CATCH_UP_SECONDS, catch_up)
    serve(*found, pause_on_shutdown=False, print_starting_message=False, limit=RUN_LIMIT)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    main()
