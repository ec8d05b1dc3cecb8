"""The same rows on a Dask cluster as in one process, also when a worker dies."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.cli_ops import opened
from flows.scale import local_cluster
from models.db import store

pytest.importorskip("prefect_dask")
pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(1500),
    pytest.mark.usefixtures("prefect_server"),
    # Dask and its libraries warn of sockets and loops when a cluster goes away.
    pytest.mark.filterwarnings("ignore"),
]
AS_OF = date(2026, 1, 10)


@pytest.fixture
def articles(tmp_path: Path) -> str:
    path = tmp_path / "news.jsonl"
    lines = [
        {
            "id": str(number),
            "date": f"2026-01-0{1 + number % 9}",
            "text": f"Peru's president met the president of Chile for talks number {number} on"
            " trade. Ecuador threatened Colombia with tariffs.",
        }
        for number in range(12)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return str(path)


def run(url: str, articles: str, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Any:
    monkeypatch.setattr("flows.extract.SHARD_ARTICLES", 3)
    values = {"db_url": url, "portal_history": "false", "report": "false"} | settings
    for name, value in values.items():
        monkeypatch.setenv(f"DYADRISK_{name.upper()}", value)
    from flows.daily import daily

    daily(as_of_date=AS_OF, articles=(articles,))
    with opened(url) as engine:
        return store.content_digest(engine)


def kill_a_busy_worker(cluster: Any) -> None:
    """Wait until a worker has work, then kill its process."""
    while not any(worker.processing for worker in cluster.scheduler.workers.values()):
        time.sleep(0.05)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)


def test_a_cluster_writes_the_same_rows_and_loses_no_shard_with_a_worker(
    tmp_path: Path, articles: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    alone = run(f"sqlite:///{tmp_path / 'a.db'}", articles, monkeypatch)
    url = f"sqlite:///{tmp_path / 'b.db'}"
    monkeypatch.setenv("DYADRISK_DB_URL", url)  # workers inherit it when they start
    with LocalCluster(**local_cluster(2)) as cluster:
        killer = threading.Thread(target=kill_a_busy_worker, args=(cluster,), daemon=True)
        killer.start()
        address = {"runner": "dask", "dask_address": cluster.scheduler_address}
        spread = run(url, articles, monkeypatch, **address)
        assert not killer.is_alive()
    assert spread == alone
    assert alone["core_extraction"][0] == 12
