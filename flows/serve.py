"""``dyadrisk serve``: Prefect's server with its UI and the runner of the schedule, kept alive.

The parent process starts two children and starts one again when it dies. A server that
answers already is used as it is if it is named by PREFECT_API_URL, or was left over by a
killed parent of the same home.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx

from features.errors import FatalError
from flows.alert_rules import read_rules
from flows.serve_guard import hold_home, refuse_other_server
from flows.settings import Settings, child_environment, own_server, prefect_home

log = logging.getLogger(__name__)

START_SECONDS = 180.0
STOP_SECONDS = 30.0
LEFT_OVER_SECONDS = 15.0
CHECK_SECONDS = 1.0
MAX_PAUSE_SECONDS = 60.0
# A child that lived this long was healthy: its next death is a first one.
STEADY_SECONDS = 120.0

Say = Callable[[str], None]


@dataclass
class Child:
    """A process that is kept alive, with pauses that double while it keeps dying."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_seconds: float = 1.0
    stop_signal: signal.Signals = signal.SIGTERM

    def start(self) -> None:
        """Start the process in a session of its own: a Ctrl-C reaches the parent only."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 our own interpreter and modules
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def is_alive(self) -> bool:
        """Return whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def next_pause(self) -> float:
        """Return the seconds to wait before the next start."""
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.pause_seconds = 1.0
        pause, self.pause_seconds = (
            self.pause_seconds,
            min(2 * self.pause_seconds, MAX_PAUSE_SECONDS),
        )
        return pause

    def stop(self) -> None:
        """Ask the process to stop; kill what is left of it and its children after a while."""
        if self.process is None:
            return
        if self.is_alive():
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop within %.0f s: killed", self.name, STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def local_address(settings: Settings) -> str:
    """Return where this machine reaches the server: loopback when it binds to all addresses."""
    host = settings.ui_host
    if host in ("0.0.0.0", "::"):  # noqa: S104 compared, not bound
        host = "127.0.0.1"
    return (
        f"http://[{host}]:{settings.ui_port}"
        if ":" in host
        else f"http://{host}:{settings.ui_port}"
    )


def is_healthy(api_url: str) -> bool:
    """Return whether a Prefect server answers."""
    try:
        return httpx.get(f"{api_url}/health", timeout=5.0).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def server_child(settings: Settings) -> Child:
    """Return the process of Prefect's server and UI."""
    host, port = settings.ui_host, str(settings.ui_port)
    address = local_address(settings)
    environment = child_environment(
        settings,
        PREFECT_SERVER_LOGGING_LEVEL="WARNING",
        # Other web pages in the operator's browser may not talk to the server.
        PREFECT_SERVER_CORS_ALLOWED_ORIGINS=address,
        PREFECT_UI_API_URL="/api",
    )
    command = [sys.executable, "-m", "flows.serve_server", "--host", host, "--port", port]
    return Child("Prefect server", command, environment)


def runner_child(settings: Settings, api_url: str) -> Child:
    """Return the process that polls the schedule."""
    command = [sys.executable, "-m", "flows.serve_runner"]
    environment = child_environment(settings, PREFECT_API_URL=api_url)
    # On SIGINT Prefect's runner stops its flow runs; its SIGTERM handler leaves them.
    return Child("runner", command, environment, stop_signal=signal.SIGINT)


def wait_for_server(api_url: str, child: Child | None, stop: threading.Event) -> None:
    """Return once the server answers or a stop was asked for.

    Raises:
        FatalError: it ended, or did not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(api_url):
        if stop.wait(CHECK_SECONDS):
            return
        if child is not None and not child.is_alive():
            raise FatalError(
                f"expected Prefect's server to start at {api_url}, it ended; is the port taken,"
                " or the address another machine's? set ui_port or ui_host"
            )
        if time.monotonic() > deadline:
            raise FatalError(
                f"expected a Prefect server at {api_url} within {START_SECONDS:.0f} s, got none;"
                " start it, or unset PREFECT_API_URL"
            )


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM and SIGINT set; the old handlers come back after."""
    stop = threading.Event()
    names = (signal.SIGTERM, signal.SIGINT)
    old = [signal.signal(name, lambda *_: stop.set()) for name in names]
    try:
        yield stop
    finally:
        for name, handler in zip(names, old, strict=True):
            signal.signal(name, handler)


def keep_alive(children: list[Child], api_url: str, stop: threading.Event) -> None:
    """Start dead children again until a stop is asked for.

    A server child that never was started stands in for a foreign server: it is
    started once that one no longer answers.
    """
    while not stop.wait(CHECK_SECONDS):
        for child in children:
            if child.is_alive() or (child.process is None and is_healthy(api_url)):
                continue
            pause = child.next_pause()
            log.warning("%s is gone: starting it again in %.0f s", child.name, pause)
            if stop.wait(pause):
                return
            child.start()


def start_or_adopt(server: Child, api_url: str, say: Say) -> None:
    """Start the server, unless one of this home was left over and goes on answering.

    One whose parent was killed is about to end: it is given time for that.

    Raises:
        FatalError: another installation's server answers there.
    """
    deadline = time.monotonic() + LEFT_OVER_SECONDS
    while is_healthy(api_url):
        refuse_other_server(api_url, prefect_home())
        if time.monotonic() > deadline:
            return
        time.sleep(CHECK_SECONDS)
    say("==> starting Prefect's server (10 to 40 s)")
    server.start()


def serve(settings: Settings, say: Say) -> None:
    """Run the server and the schedule until SIGTERM or SIGINT.

    Args:
        settings: address, schedule, database.
        say: prints a line for the operator.

    Raises:
        ConfigError: the alert rules are wrong.
        FatalError: the server does not start, or another one serves here.
    """
    read_rules(settings.alerts_file)
    foreign = own_server()
    api_url = foreign or f"{local_address(settings)}/api"
    server = None if foreign else server_child(settings)
    runner = runner_child(settings, api_url)
    with hold_home(settings.home), stop_on_signals() as stop:
        try:
            if server is not None:
                start_or_adopt(server, api_url, say)
            wait_for_server(api_url, server if server and server.process else None, stop)
            if not stop.is_set():
                runner.start()
                for line in describe(settings, api_url):
                    say(line)
                keep_alive([child for child in (server, runner) if child], api_url, stop)
        finally:
            say("==> stopping")
            runner.stop()
            if server is not None:
                server.stop()
    say("==> stopped")


def describe(settings: Settings, api_url: str) -> list[str]:
    """Return the lines that tell the operator where everything is."""
    from sqlalchemy import make_url

    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    lines = [
        f"Prefect UI  {api_url.removesuffix('/api')}",
        f"Prefect API {api_url}",
        f"Schedule    daily at {settings.schedule_cron!r} UTC, missed days up to"
        f" {settings.catch_up_days} back are made good",
        f"Database    {shown}",
        "Stop        Ctrl-C, or SIGTERM",
    ]
    if settings.ui_host not in ("127.0.0.1", "localhost", "::1"):
        lines.append(
            f"Warning     the server listens on {settings.ui_host}: whoever reaches it can start"
            " runs; set PREFECT_SERVER_API_AUTH_STRING or put a proxy with a login before it"
        )
    return lines
