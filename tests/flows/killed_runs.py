"""A daily run that is killed again and again: the program behind test_killed_run.py.

    python -m tests.flows.killed_runs STORE_URL AS_OF ARTICLES...

Runs the daily flow in child processes, without a server. Every child finds the store as
the one before left it, and dies by SIGKILL when a transaction is about to commit, so that
what it wrote in that one is lost: first at the first commit of the first stage, then at
its second, until a stage is through, then in the next stage. The first child that lives
ends the program, which prints how many died, stage by stage.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from flows import daily as program

TASKS = ("prepare", "ingest", "list_shards", "extract", "aggregate", "list_days", "score", "alert")
STAGES = ("upgrade", *TASKS)
MAX_CHILDREN = 100


def without_server() -> None:
    """Turn the tasks into the functions behind them; artifacts need a server and are left out."""
    for name in TASKS:
        setattr(program, name, getattr(program, name).fn)
    program.publish = lambda _report: None


def die_at(stage: str, number: int, diary: Path) -> None:
    """Kill this process at the n-th commit of a stage, or at the first one of a later stage."""
    commits = 0

    def count(_connection: Any) -> None:
        nonlocal commits
        now = stage_of_now()
        commits += now == stage
        if commits == number or STAGES.index(now) > STAGES.index(stage):
            diary.write_text(now)
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", count)


def stage_of_now() -> str:
    """Return the stage whose function is on the stack."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name in TASKS:
            return str(frame.f_code.co_name)
        frame = frame.f_back
    return "upgrade"


def run_child(as_of_date: date, articles: Sequence[str], point: tuple[str, int, Path]) -> bool:
    """Return whether a run that was to die at a point lived."""
    child = os.fork()
    if child == 0:
        die_at(*point)
        code = 1
        try:
            program.daily.fn(as_of_date, tuple(articles))
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return False
    if status:
        raise SystemExit(f"expected a child killed at {point}, it failed by itself")
    return True


def main() -> None:
    """Run until one lives."""
    url, day, *articles = sys.argv[1:]
    os.environ["DYADRISK_DB_URL"] = url
    without_server()
    diary = Path(os.environ["DYADRISK_HOME"]) / "diary"
    killed: Counter[str] = Counter()
    stage, number = STAGES[0], 1
    for _ in range(MAX_CHILDREN):
        if run_child(date.fromisoformat(day), articles, (stage, number, diary)):
            break
        died_in = diary.read_text()
        stage, number = (stage, number + 1) if died_in == stage else (died_in, 2)
        killed[died_in] += 1
    print(json.dumps(killed))


if __name__ == "__main__":
    main()
