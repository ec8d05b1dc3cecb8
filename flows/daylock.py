"""One run a day and store at a time: a lock that ends with the process that holds it.

PostgreSQL keeps it as a session's advisory lock, SQLite as a locked file beside the
database. Neither outlives a killed process, so nothing has to be cleaned up by hand.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, text

from features.errors import RetriableError
from models.db.session import lock_key

log = logging.getLogger(__name__)

WAIT_SECONDS = 3600.0
CHECK_SECONDS = 1.0


@contextmanager
def hold_day(engine: Engine, day: date, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the day for the time of the block; wait while another process holds it.

    Args:
        engine: the store.
        day: as_of_date of the run.
        wait_seconds: how long to wait for the other run.

    Raises:
        RetriableError: the other run still holds it after that time.
    """
    if engine.dialect.name == "postgresql":
        with _hold_in_database(engine, day, wait_seconds):
            yield
    elif engine.url.database in (None, "", ":memory:"):
        yield  # nobody else can see this store
    else:
        folder = Path(str(engine.url.database)).absolute()
        with _hold_file(folder.with_name(f"{folder.name}.{day}.lock"), day, wait_seconds):
            yield


def _wait(take: Callable[[], bool], day: date, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    said = False
    while not take():
        if not said:
            log.info("another run of %s is under way: waiting for it", day)
            said = True
        if time.monotonic() > deadline:
            raise RetriableError(
                f"expected the other run of {day} to end within {wait_seconds:.0f} s, it has not;"
                " look at it before you start this one again"
            )
        time.sleep(CHECK_SECONDS)


@contextmanager
def _hold_in_database(engine: Engine, day: date, wait_seconds: float) -> Iterator[None]:
    key = {"key": lock_key(f"day/{day}")}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:

        def take() -> bool:
            return bool(conn.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one())

        _wait(take, day, wait_seconds)
        try:
            yield
        finally:
            # The session may be dead with its server; then the lock is gone too.
            conn.invalidate()


@contextmanager
def _hold_file(path: Path, day: date, wait_seconds: float) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    held: list[int] = []

    def take() -> bool:
        found = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        if _lock(found) and _is_at(path, found):
            held.append(found)
            return True
        os.close(found)
        return False

    _wait(take, day, wait_seconds)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # still held: who waits finds it gone and makes a new one
        os.close(held[0])


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
