"""Who may serve: one ``dyadrisk serve`` a home, and on its port no other installation's server.

Two of them on one Prefect server would each start the other's runs against its own database.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from features.errors import FatalError
from flows.settings import prefect_login

LOCK_NAME = "serve.lock"


@contextmanager
def hold_home(home: Path) -> Iterator[None]:
    """Hold the home for the time of the block; the lock ends with the process.

    Raises:
        FatalError: another process holds it.
    """
    path = home.resolve() / LOCK_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            lock.seek(0)
            raise FatalError(
                f"expected no other `dyadrisk serve` for {str(home.resolve())!r},"
                f" got process {lock.read().strip() or 'unknown'}; stop it, or set another home"
            ) from err
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def server_home(api_url: str) -> Path | None:
    """Return the home folder of the Prefect server that answers, or None if it does not say."""
    try:
        answer = httpx.get(f"{api_url}/admin/settings", timeout=5.0, auth=prefect_login())
        found = answer.raise_for_status().json().get("home")
    except (httpx.HTTPError, ValueError, AttributeError):
        return None
    return Path(found) if isinstance(found, str) else None


def refuse_other_server(api_url: str, prefect_home: Path) -> None:
    """Accept a server that was left over in this home; refuse any other.

    Args:
        api_url: where a server answers although this process has started none.
        prefect_home: PREFECT_HOME of this installation.

    Raises:
        FatalError: the server is another's, or does not say whose it is.
    """
    found = server_home(api_url)
    if found is not None and found.resolve() == prefect_home.resolve():
        return
    whose = "an unknown home" if found is None else repr(str(found))
    raise FatalError(
        f"expected {api_url} to be free, got a Prefect server of {whose};"
        " set ui_port to another port, or PREFECT_API_URL to use that server"
    )
