"""Many batches at once: one after the other here, or on a Dask cluster through Prefect.

The tasks are the same either way, and so are the rows they write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from features.errors import ConfigError
from flows.extract import ExtractReport

if TYPE_CHECKING:
    from prefect import Task

    from flows.settings import Settings

log = logging.getLogger(__name__)

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def run_batches(
    step: Task[[Batch], Result], name: str, batches: Sequence[Batch], settings: Settings
) -> list[Result]:
    """Return a task's result for each batch, in their order.

    Args:
        step: a task of one argument; what it writes does not depend on the other batches.
        name: of that argument.
        batches: the argument's values.
        settings: which runner.
    """
    if settings.runner == "local" or len(batches) < 2:
        return [step(batch) for batch in batches]
    with dask_runner(settings) as runner:
        futures = [runner.submit(step, parameters={name: batch}) for batch in batches]
        return [future.result() for future in futures]


def extract_all(
    list_shards: Callable[[], list[list[str]]],
    extract: Task[[list[str]], ExtractReport],
    settings: Settings,
) -> ExtractReport:
    """Code everything that is still to be coded, and return the sum of the reports.

    Raises:
        ConfigError: workers of the cluster wrote somewhere else.
    """
    found = run_batches(extract, "article_ids", list_shards(), settings)
    if settings.runner != "local" and (left := sum(map(len, list_shards()))):
        raise ConfigError(
            f"expected the workers to code all articles, {left} are left: start the workers"
            " with the same DYADRISK_DB_URL and the same version of the program"
        )
    return sum(found, start=ExtractReport())


def dask_runner(settings: Settings) -> Any:
    """Return Prefect's task runner on the named cluster, else on a cluster of this machine.

    Raises:
        ConfigError: the extra is not installed, or remote workers would write a local file.
    """
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as err:
        raise ConfigError(
            "expected the package prefect-dask for the runner 'dask', got none;"
            " install dyadrisk[scale]"
        ) from err
    if settings.dask_address is None:
        return DaskTaskRunner(cluster_kwargs=local_cluster(settings.dask_workers))
    is_here = any(host in settings.dask_address for host in ("127.0.0.1", "localhost"))
    if settings.database_url.startswith("sqlite") and not is_here:
        raise ConfigError(
            "expected PostgreSQL for workers on other machines, got SQLite; set db_url"
        )
    return DaskTaskRunner(address=settings.dask_address)


def local_cluster(worker_count: int) -> dict[str, Any]:
    """Return what a cluster of this machine is made with: processes of one thread each."""
    return {
        "n_workers": worker_count,
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": None,
    }
