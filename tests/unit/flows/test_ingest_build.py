"""Batches are the same wherever they are built; workers do not outlive their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from features.types import RawItem
from flows import ingest_build
from flows.ingest_build import BuildParams, build_batches

NOW = datetime(2026, 1, 10, tzinfo=UTC)
PARENT = """
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import os
from flows.ingest_build import end_with_parent

if __name__ == "__main__":
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=end_with_parent) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(120)
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def test_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, "utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert is_running(worker)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    for _ in range(300):
        if not is_running(worker):
            return
        time.sleep(0.1)
    raise AssertionError("the worker waits for a parent that is gone")


@pytest.mark.parametrize("seconds", [0.0, 1e9], ids=["other processes", "this process"])
def test_batches_come_in_order_wherever_they_are_built(monkeypatch, seconds):
    monkeypatch.setattr(ingest_build, "PARALLEL_AFTER_SECONDS", seconds)
    texts = [f"The minister of Peru signed treaty number {n} in Lima." for n in range(4)]
    items = [[RawItem(f"{n}.txt", "record", text, NOW)] for n, text in enumerate(texts)]
    found = list(build_batches(iter(items), BuildParams(NOW), workers=2))
    assert [batch.articles[0].text for batch in found] == texts
