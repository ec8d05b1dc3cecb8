"""Break a daily run in every way, run it again, compare the tables; print a markdown table.

    python -m bench.faults --articles flows/sample [--only worker,server,...]

Each case has a store of its own. Its run goes through one Prefect server, is held in the
middle of a stage (see sitecustomize.py), the fault is made, whatever died is started
again, and the same day is run again. "Equal" means: the content of every table has the
digest of an undisturbed run. Needs Linux, root for the small disk, and a C compiler for
the clock; a case whose means are missing is left out and said so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.cli_ops import opened
from models.db import store
from tests.flows.processes import ROOT, Stage

AS_OF = "2026-03-29"
HERE = Path(__file__).parent
STAGES = ("upgrade", "prepare", "ingest", "extract", "aggregate", "score", "publish")
Digest = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Seen:
    """One line of the table."""

    fault: str
    when: str
    run: str
    again: str
    is_equal: bool


class Bench:
    """A server and what all cases share."""

    def __init__(self, folder: Path, articles: Path) -> None:
        self.folder, self.articles = folder, articles
        self.stage = Stage(folder / "server")
        self.start_server()
        self.whole = self.undisturbed()

    def start_server(self) -> subprocess.Popen[bytes]:
        port = str(self.stage.port)
        server = self.stage.start(
            "prefect", "server", "start", "--host", "127.0.0.1", "--port", port
        )
        self.stage.wait_until(self.stage.is_up, "a server")
        return server

    def command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "flows.cli", "run"),
            *("--as-of", AS_OF, "--articles", str(self.articles)),
        ]

    def environment(self, home: Path, **over: str) -> dict[str, str]:
        kept = self.stage.environment | {
            "DYADRISK_HOME": str(home),
            "PREFECT_API_URL": self.stage.api_url,
            "PYTHONPATH": f"{HERE}{os.pathsep}{ROOT}",
            "FAULT_MARKER": str(home.with_suffix(".held")),
        }
        kept.pop("DYADRISK_ARTICLES", None)
        return kept | over

    def start(self, home: Path, before: tuple[str, ...] = (), **over: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*before, *self.command()],
            cwd=ROOT,
            env=self.environment(home, **over),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def held(self, home: Path, stage: str, before: tuple[str, ...] = (), **over: str) -> Held:
        """Return a run that waits in the middle of a stage."""
        process = self.start(home, before, FAULT_STAGE=stage, **over)
        marker = home.with_suffix(".held")
        deadline = time.monotonic() + 300
        while not marker.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no pause in {stage}: {process.communicate()[1][-3000:]}")
            time.sleep(0.05)
        return Held(process, marker)

    def again(self, home: Path, before: tuple[str, ...] = (), **over: str) -> str:
        process = self.start(home, before, **over)
        said = process.communicate(timeout=600)[1]
        return "completed" if process.returncode == 0 else f"failed: {last_line(said)}"

    def digest(self, home: Path, url: str | None = None) -> Digest:
        with opened(url or f"sqlite:///{home / 'dyadrisk.db'}") as engine:
            return store.content_digest(engine)

    def undisturbed(self) -> Digest:
        home = self.folder / "whole"
        said = self.again(home)
        assert said == "completed", said
        return self.digest(home)

    def line(self, fault: str, when: str, run: str, home: Path, url: str | None = None) -> Seen:
        over = {"DYADRISK_DB_URL": url} if url else {}
        again = self.again(home, **over)
        found = self.digest(home, url)
        unequal = [name for name in found if found[name] != self.whole[name]]
        words = again if not unequal else f"{again}; differing: {', '.join(unequal)}"
        return Seen(fault, when, run, words, not unequal)


@dataclass
class Held:
    """A run that waits."""

    process: subprocess.Popen[str]
    marker: Path

    def kill(self) -> str:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.marker.unlink()
        return "process gone, its transaction rolled back"

    def go_on(self) -> str:
        """Let it run to its end and return what it said of it."""
        self.marker.unlink()
        try:
            said = self.process.communicate(timeout=300)[1]
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return "waited 300 s, then was killed"
        return "completed" if self.process.returncode == 0 else f"failed: {last_line(said)}"


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return lines[-1].replace("|", "/")[:220] if lines else "nothing said"


def kill_worker(bench: Bench) -> Iterator[Seen]:
    """kill -9 of the run's process in each stage."""
    for stage in STAGES:
        home = bench.folder / f"worker-{stage}"
        seen = bench.held(home, stage).kill()
        yield bench.line("kill -9 of the run's process", stage, seen, home)


def kill_server(bench: Bench) -> Iterator[Seen]:
    """kill -9 of Prefect's server; it is started again while the run goes on, or after."""
    for comes_back in (True, False):
        home = bench.folder / f"server-{comes_back}"
        held = bench.held(home, "extract")
        os.killpg(bench.stage.processes[-1].pid, signal.SIGKILL)
        bench.stage.processes[-1].wait()
        if comes_back:
            bench.start_server()
            seen = held.go_on()
        else:
            seen = held.go_on()
            bench.start_server()
        when = "extract; back at once" if comes_back else "extract; away until the run had ended"
        yield bench.line("kill -9 of Prefect's server", when, seen, home)


def kill_postgres(bench: Bench) -> Iterator[Seen]:
    """kill -9 of every PostgreSQL process."""
    from tests.flows.postgres import Postgres

    for stage in ("ingest", "score"):
        home = bench.folder / f"postgres-{stage}"
        with Postgres(Path(tempfile.mkdtemp(prefix="pg"))) as server:
            held = bench.held(home, stage, DYADRISK_DB_URL=server.url)
            server.kill()
            server.start()
            seen = held.go_on()
            yield bench.line("kill -9 of PostgreSQL, started again", stage, seen, home, server.url)


def fill_disk(bench: Bench) -> Iterator[Seen]:
    """A disk too small for the run, made larger afterwards."""
    for size in ("4m",):
        home = bench.folder / f"disk-{size}"
        home.mkdir()
        with small_disk(home, size):
            seen = bench.again(home)
            subprocess.run(["mount", "-o", "remount,size=500m", str(home)], check=True)
            yield bench.line(f"full disk ({size})", "as it comes", seen, home)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def change_clock(bench: Bench) -> Iterator[Seen]:
    """The time of day jumps in the middle of the run."""
    if shutil.which("cc") is None:
        print("left out: no C compiler on this machine", file=sys.stderr)
        return
    library = bench.folder / "clock.so"
    build = ("cc", "-shared", "-fPIC", "-o", str(library), str(HERE / "clock.c"), "-ldl")
    subprocess.run(build, check=True)
    for days in (-1, 2):
        home = bench.folder / f"clock{days}"
        given = home.with_suffix(".seconds")
        given.write_text("0")
        clock = {"LD_PRELOAD": str(library), "FAULT_CLOCK": str(given)}
        held = bench.held(home, "extract", **clock)
        given.write_text(str(days * 86400))
        seen = held.go_on()
        yield bench.line(f"the clock jumps by {days:+d} d", "extract", seen, home)


CASES: dict[str, Callable[[Bench], Iterator[Seen]]] = {
    "worker": kill_worker,
    "server": kill_server,
    "postgres": kill_postgres,
    "disk": fill_disk,
    "clock": change_clock,
}


def main() -> None:
    """Run the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--only", default=",".join(CASES))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    bench = None
    print("| fault | in stage | the run | run again | tables equal |\n|---|---|---|---|---|")
    try:
        bench = Bench(folder, options.articles.resolve())
        for name in options.only.split(","):
            for seen in CASES[name](bench):
                cells = (seen.fault, seen.when, seen.run, seen.again)
                print(f"| {' | '.join(cells)} | {'yes' if seen.is_equal else 'NO'} |", flush=True)
    finally:
        if bench is not None:
            bench.stage.stop()
        with suppress(OSError):
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
