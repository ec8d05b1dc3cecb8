"""A PostgreSQL of one's own that can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy.engine import make_url

from bench.embedded_postgres import load_pgserver


class Postgres:
    """A server in a folder; a context that removes both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Any = None

    def __enter__(self) -> Postgres:
        self.server = load_pgserver().get_server(self.folder / "d")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Return its address."""
        url = make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    @property
    def data(self) -> Path:
        """Return the folder of its data."""
        return self.folder / "d"

    def kill(self) -> None:
        """Kill every process of the server at once, as a lost machine would."""
        parent = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for pid in (parent, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{parent}").exists() and not _is_zombie(parent):
            time.sleep(0.05)

    def start(self) -> None:
        """Start it again on its data, by the command that it was started with."""
        words = (self.data / "postmaster.opts").read_text().split(" ", 1)
        user = (self.data / "postmaster.opts").owner()
        # They name a dead process, which seems alive while nobody reaps it.
        for lock in (*self.data.glob("postmaster.pid"), *self.data.glob(".s.PGSQL.*.lock")):
            lock.unlink()
        command = f"{words[0]} {words[1].strip()} >>{self.data / 'again.log'} 2>&1 &"
        given = ["su", user, "-c", command] if os.getuid() == 0 else ["sh", "-c", command]
        subprocess.run(given, check=True, stdin=subprocess.DEVNULL)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
