"""Two runs of one day never overlap, and a dead holder holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from features.errors import RetriableError
from flows.cli_ops import opened
from flows.daylock import hold_day

DAY, OTHER = date(2026, 1, 10), date(2026, 1, 11)
HOLDER = """
import sys, time
from datetime import date
from flows.daylock import hold_day
from models.db.session import open_store
with hold_day(open_store(sys.argv[1]), date(2026, 1, 10)):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_same_day_waits_and_another_does_not(store_url: str) -> None:
    with opened(store_url) as first, opened(store_url) as second:
        with hold_day(first, DAY):
            with pytest.raises(RetriableError, match="other run"), hold_day(second, DAY, 0.0):
                raise AssertionError("unreachable")
            with hold_day(second, OTHER, 0.0):
                pass
        with hold_day(second, DAY, 0.0):
            pass


def test_a_killed_holder_lets_go(store_url: str) -> None:
    root = Path(__file__).parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, store_url], stdout=subprocess.PIPE, cwd=root, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with opened(store_url) as engine:
        with pytest.raises(RetriableError), hold_day(engine, DAY, 0.0):
            raise AssertionError("unreachable")
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        holder.stdout.close()
        with hold_day(engine, DAY, 10.0):
            pass
