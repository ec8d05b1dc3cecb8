"""``dyadrisk serve``: scheduled runs on their own, killed children, a clean stop."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import store
from tests.flows.processes import Stage, live_members

pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux"),
]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    found = Stage(tmp_path, environment={"DYADRISK_SCHEDULE_CRON": "* * * * *"})
    yield found
    found.stop()


def scheduled_done(stage: Stage) -> bool:
    return any(run["auto_scheduled"] for run in stage.runs("COMPLETED"))


def listening_addresses(port: int) -> set[str]:
    """Return the addresses on which a port is listened to, as Linux writes them."""
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    local = [line[1].split(":") for line in lines if line[3] == "0A"]
    return {address for address, found in local if int(found, 16) == port}


def said_by(stage: Stage, number: int) -> str:
    """Return what the n-th process of the stage has printed."""
    return (stage.folder / f"flows.cli-{number}.log").read_text()


def test_serve_runs_the_schedule_survives_kills_and_stops_cleanly(stage: Stage) -> None:
    parent = stage.start("flows.cli", "serve")
    stage.wait_until(stage.is_up, "a server")
    assert listening_addresses(stage.port) == {"0100007F"}  # 127.0.0.1 and no other
    stage.wait_until(lambda: scheduled_done(stage), "a scheduled run")
    [day] = store.read_scored_days(store.open_store(stage.store_url))[-1:]
    assert f"daily-{day}" in {run["name"] for run in stage.runs("COMPLETED")}

    home = stage.environment["DYADRISK_HOME"]
    others = [pid for pid in live_members("DYADRISK_HOME", home) if pid != parent.pid]
    assert len(others) >= 2
    for pid in others:
        os.kill(pid, signal.SIGKILL)
    done = stage.wait_until(lambda: stage.runs("COMPLETED"), "the server to come back")
    stage.wait_until(lambda: len(stage.runs("COMPLETED")) > len(done), "a run after the restart")

    parent.kill()  # what it had started ends by itself, and a new one starts anew
    parent.wait()
    again = stage.start("flows.cli", "serve")
    stage.wait_until(lambda: "Prefect UI" in said_by(stage, 1), "the new parent to serve")
    done = stage.runs("COMPLETED")
    stage.wait_until(lambda: len(stage.runs("COMPLETED")) > len(done), "a run of the new parent")
    second = stage.start("flows.cli", "serve")
    assert second.wait(120) == 1
    assert f"got process {again.pid}" in said_by(stage, 2)

    again.send_signal(signal.SIGTERM)
    assert again.wait(120) == 0
    assert live_members("DYADRISK_HOME", home) == []
    said = said_by(stage, 1)
    assert f"Prefect UI  {stage.ui_url}" in said
    assert said.rstrip().endswith("==> stopped")
