"""Real Prefect processes for tests: a server, workers, ``dyadrisk serve``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).parents[2]
Found = TypeVar("Found")

# Far above what anything here takes on a free machine; a busy one is no failure.
LONG_SECONDS = 600.0
AUTH = "ops:a-long-password"
ARTICLE = (
    "LIMA, Jan 08 — Peru's president met the president of Chile on Thursday, 8 January 2026,"
    " and Ecuador threatened Colombia with new tariffs."
)


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until(ask: Callable[[], Found], what: str) -> Found:
    """Return the first true answer; fail after a long time."""
    deadline = time.monotonic() + LONG_SECONDS
    while time.monotonic() < deadline:
        try:
            if answer := ask():
                return answer
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"expected {what} within {LONG_SECONDS:.0f} s")


@dataclass
class Stage:
    """A folder with one article, settings for it, and the processes started in it."""

    folder: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "news").mkdir(parents=True, exist_ok=True)
        (self.folder / "news" / "lima.txt").write_text(ARTICLE)
        kept = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
        self.environment = {
            **kept,
            "DYADRISK_HOME": str(self.folder / "var"),
            "DYADRISK_ARTICLES": str(self.folder / "news"),
            "DYADRISK_PORTAL_HISTORY": "false",
            "DYADRISK_REPORT": "false",
            "DYADRISK_UI_PORT": str(self.port),
            "PREFECT_HOME": str(self.folder / "var" / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_DATABASE_TIMEOUT": "60",  # its SQLite on a busy machine
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
                "prefect.server.concurrency.lease_storage.filesystem"
            ),
            "DO_NOT_TRACK": "1",
            "PYTHONPATH": str(ROOT),
            **self.environment,
        }
        (self.folder / "var" / "prefect").mkdir(parents=True, exist_ok=True)

    @property
    def ui_url(self) -> str:
        """Return the address of the UI."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """Return the address of the API."""
        return f"{self.ui_url}/api"

    @property
    def store_url(self) -> str:
        """Return the address of the store."""
        return self.environment.get(
            "DYADRISK_DB_URL", f"sqlite:///{self.folder / 'var' / 'dyadrisk.db'}"
        )

    def start(self, *command: str, **over: str) -> subprocess.Popen[bytes]:
        """Start ``python -m command`` in a session of its own; its output goes to a log."""
        with (self.folder / f"{command[0]}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self.folder,
                env={**self.environment, **over},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def call(self, *command: str, timeout: float = LONG_SECONDS, **over: str) -> str:
        """Run ``python -m command`` to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env={**self.environment, **over},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.stdout

    def post(self, path: str, **body: Any) -> Any:
        """Return the answer of the API."""
        answer = httpx.post(f"{self.api_url}/{path}", json=body, timeout=20.0, auth=self.login)
        answer.raise_for_status()
        return answer.json()

    def runs(self, *states: str) -> list[dict[str, Any]]:
        """Return the flow runs in these state types."""
        kinds = {"state": {"type": {"any_": list(states)}}}
        found: list[dict[str, Any]] = self.post("flow_runs/filter", flow_runs=kinds)
        return found

    @property
    def login(self) -> tuple[str, str] | None:
        """Return user and password of the server, if it wants them."""
        user, _, password = self.environment.get("PREFECT_API_AUTH_STRING", "").partition(":")
        return (user, password) if user else None

    def is_up(self) -> bool:
        """Return whether the server answers."""
        return httpx.get(f"{self.api_url}/health", timeout=5.0, auth=self.login).is_success

    def wait_until(self, ask: Callable[[], Found], what: str) -> Found:
        """Return the first true answer; fail with the logs."""
        try:
            return wait_until(ask, what)
        except AssertionError as err:
            raise AssertionError(f"{err}\n{self.logs()}") from err

    def logs(self) -> str:
        """Return the last lines of all logs, for a failed test."""
        parts = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {p.name}\n{p.read_text(errors='replace')[-3000:]}" for p in parts)

    def stop(self) -> None:
        """Kill whatever was started and is left, and what that has started."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for pid in live_members("DYADRISK_HOME", self.environment["DYADRISK_HOME"]):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def live_members(name: str, value: str) -> list[int]:
    """Return the processes whose environment holds ``name=value``."""
    wanted = f"{name}={value}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found
