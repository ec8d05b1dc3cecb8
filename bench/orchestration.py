"""What Prefect costs a daily run: the same day with and without it, side by side.

    python -m bench.orchestration --repeats 3

Every figure is a median over new processes, taken in turns, of a day that the store has
scored before (so that both do the same work). The stages alone are the same functions
without tasks, flow and artifacts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.flows.processes import ROOT, Stage

AS_OF = "2026-03-29"
CHILD = """
import json, sys, time
started = time.perf_counter()
import prefect
imported = time.perf_counter()
from datetime import date
from flows import daily as program, publish, stages
ready = time.perf_counter()
day = date.fromisoformat(sys.argv[2])
if sys.argv[1] == "alone":
    from tests.flows.killed_runs import TASKS
    for name in (*TASKS, "publish"):
        setattr(program, name, getattr(program, name).fn)
    publish.create_table_artifact = publish.create_markdown_artifact = lambda **_: None
    program.daily.fn(day)
else:
    program.daily(as_of_date=day)
ended = time.perf_counter()
print(json.dumps({"run": ended - ready, "import_prefect": imported - started}))
"""


def run_once(kind: str, environment: dict[str, str]) -> dict[str, float]:
    """Return the seconds of one run in a new process."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, kind, AS_OF],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found | {"process": time.perf_counter() - started}


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    folder = Path(tempfile.mkdtemp(prefix="orchestration-"))
    stage = Stage(folder, environment={"PREFECT_LOGGING_LEVEL": "ERROR"})
    stage.environment |= {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300"}
    stage.environment.pop("DYADRISK_ARTICLES")
    stage.environment.pop("DYADRISK_PORTAL_HISTORY")
    served = stage.environment | {"PREFECT_API_URL": stage.api_url}
    try:
        port = str(stage.port)
        stage.start("prefect", "server", "start", "--host", "127.0.0.1", "--port", port)
        stage.wait_until(stage.is_up, "a server")
        run_once("served", served)  # fills the store
        kinds = ("alone", "served")
        runs = [{kind: run_once(kind, served) for kind in kinds} for _ in range(repeats)]
    finally:
        stage.stop()
    temporary = [run_once("temporary", stage.environment | fresh(folder)) for _ in range(2)]
    figures = {kind: middle([run[kind]["run"] for run in runs]) for kind in kinds}
    figures["overhead, server running"] = middle(
        [run["served"]["run"] - run["alone"]["run"] for run in runs]
    )
    figures["temporary server, new database"] = round(temporary[0]["run"], 1)
    figures["temporary server, its second start"] = round(temporary[1]["run"], 1)
    figures["import prefect"] = middle([run["served"]["import_prefect"] for run in runs])
    print(json.dumps(figures, indent=1), f"load {os.getloadavg()[0]:.1f}", sep="\n")
    shutil.rmtree(folder, ignore_errors=True)


def fresh(folder: Path) -> dict[str, str]:
    """Return the environment of a temporary server, whose database is new the first time."""
    home = folder / "temporary"
    home.mkdir(exist_ok=True)
    return {"PREFECT_HOME": str(home)}


def middle(values: list[float]) -> float:
    """Return the median, in hundredths."""
    return round(median(values), 2)


if __name__ == "__main__":
    main()
