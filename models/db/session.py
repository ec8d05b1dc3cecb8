"""Opening the store: engines, transactions and locks on SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from features.errors import ConfigError, FatalError, RetriableError

log = logging.getLogger(__name__)

Bind = Engine | Connection

BUSY_TIMEOUT_SECONDS: Final = 120
CONNECT_TIMEOUT_SECONDS: Final = 10
_DRIVERS: Final = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_BUSY: Final = ("database is locked", "database table is locked", "deadlock detected")


def parse_store_url(url: str) -> URL:
    """Return a database URL with the driver that the store uses.

    Args:
        url: ``sqlite:///path/file.db``, ``sqlite://`` (in memory) or
            ``postgresql://user:password@host/name``.

    Raises:
        ConfigError: it is not a URL, or names another database.

    Example:
        >>> parse_store_url("postgresql://ana@db/risk").drivername
        'postgresql+psycopg'
    """
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError) as err:
        raise ConfigError(
            "expected a database URL such as 'sqlite:///dyadrisk.db' or"
            f" 'postgresql://user@host/name', got {_hide(url)!r}; set the database URL"
        ) from err
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise ConfigError(
            f"expected a sqlite or postgresql URL, got {parsed.drivername!r};"
            " other databases are not supported"
        )
    return parsed.set(drivername=driver)


def _hide(url: str) -> str:
    return "..." if "@" in url else url


def open_store(url: str, *, read_only: bool = False) -> Engine:
    """Return an engine on the store, having reached it once.

    SQLite runs in WAL mode with foreign keys on and waits for other writers;
    PostgreSQL sessions run in UTC. Call ``migrate.upgrade`` before first use.

    Args:
        url: see ``parse_store_url``.
        read_only: refuse every write, for readers and explorers.

    Raises:
        ConfigError: the URL is wrong.
        FatalError: the database cannot be reached.
    """
    parsed = parse_store_url(url)
    make = _sqlite_engine if parsed.get_backend_name() == "sqlite" else _postgres_engine
    engine = make(parsed, read_only)
    is_file = parsed.get_backend_name() == "sqlite"
    try:
        with engine.connect() as conn:
            # SQLite looks into its file only for a query of what it holds.
            conn.execute(text("SELECT COUNT(*) FROM sqlite_master" if is_file else "SELECT 1"))
    except (DBAPIError, OSError) as err:
        engine.dispose()
        shown = parsed.render_as_string(hide_password=True)
        advice = "the path and its rights" if is_file else "the address, the rights and the server"
        raise FatalError(
            f"expected to reach the database {shown!r}, got {_first_line(err)!r}; check {advice}"
        ) from err
    return engine


def _first_line(err: BaseException) -> str:
    origin = getattr(err, "orig", None) or err
    return (str(origin).strip().splitlines() or [type(origin).__name__])[0]


def _postgres_engine(url: URL, read_only: bool) -> Engine:
    options = "-c timezone=UTC"
    if read_only:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        hide_parameters=True,  # article text and secrets stay out of messages
        pool_pre_ping=True,
        pool_size=5,
        connect_args={
            "options": options,
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "dyadrisk",
        },
    )


def _sqlite_engine(url: URL, read_only: bool) -> Engine:
    kwargs: dict[str, Any] = {"connect_args": {"timeout": BUSY_TIMEOUT_SECONDS}}
    if _is_memory(url):
        kwargs = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    elif not read_only:
        _make_folder(Path(str(url.database)))
    elif not Path(str(url.database)).is_file():
        raise FatalError(
            f"expected a database file at {url.database!r}, found none;"
            " run the daily flow or `db upgrade` first"
        )
    engine = create_engine(url, hide_parameters=True, **kwargs)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the begin event below starts transactions
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _is_memory(url: URL) -> bool:
    return url.database in (None, "", ":memory:")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise FatalError(
            f"expected to create the folder of {str(path)!r}, got {err.strerror!r};"
            " choose a path that may be written"
        ) from err


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of ORM sessions on the engine."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def writing(bind: Bind) -> Iterator[Connection]:
    """Yield a connection in a write transaction; commit at the end, or undo all.

    A connection that is handed in is used as it is, within its own transaction.

    Raises:
        RetriableError: another writer held the database for too long, or the
            connection was lost on the way or the server is away.
        FatalError: the database cannot be written.
    """
    if isinstance(bind, Connection):
        yield bind
        return
    engine = bind.execution_options(sqlite_begin="IMMEDIATE")
    try:
        with engine.begin() as conn:
            yield conn
    except DBAPIError as err:
        if (found := _as_store_error(err, "write")) is err:
            raise
        raise found from err


@contextmanager
def reading(bind: Bind) -> Iterator[Connection]:
    """Yield a connection that sees one state of the store.

    Raises:
        RetriableError: the connection was lost on the way, or the server is away.
        FatalError: the database cannot be read or has no tables yet.
    """
    if isinstance(bind, Connection):
        yield bind
        return
    try:
        with bind.connect() as conn:
            yield conn
    except DBAPIError as err:
        if (found := _as_store_error(err, "read")) is err:
            raise
        raise found from err


def _as_store_error(err: DBAPIError, verb: str) -> Exception:
    """Return the error that callers act on; a fault of the code stays as it is."""
    reason = _first_line(err)
    said = f"expected to {verb} the store, got {reason!r};"
    if any(part in reason for part in _BUSY):
        return RetriableError(f"{said} another writer was busy, try again")
    if err.connection_invalidated or _is_away(err):
        return RetriableError(f"{said} the connection was lost, try again once the server runs")
    if _lacks_table(err, reason):
        return FatalError(f"{said} the store is empty or of another version: `dyadrisk db upgrade`")
    if isinstance(err, OperationalError):
        return FatalError(f"{said} check the disk, the rights and that the store is upgraded")
    return err


def _is_away(err: DBAPIError) -> bool:
    """Return whether a PostgreSQL server was not to be reached, is starting or is stopping."""
    state = getattr(err.orig, "sqlstate", "")  # SQLite's errors have none, and no server
    return isinstance(err, OperationalError) and (state is None or state.startswith("57P"))


def _lacks_table(err: DBAPIError, reason: str) -> bool:
    is_old = reason.startswith(("no such table", "no such column"))  # SQLite has no codes
    return is_old or getattr(err.orig, "sqlstate", None) == "42P01"


@contextmanager
def exclusive(engine: Engine, name: str) -> Iterator[Connection]:
    """Yield a write transaction that no other holder of the same name runs beside.

    PostgreSQL takes a transaction-level advisory lock on the name; SQLite has
    one writer at a time anyway. Hand the connection to every write inside.

    Args:
        engine: the store.
        name: what is being guarded, such as ``"aggregate"``.

    Raises:
        RetriableError: another holder kept it for too long (SQLite).
        FatalError: the database cannot be reached or written.
    """
    with writing(engine) as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(name)})
        yield conn


def lock_key(name: str) -> int:
    """Return the 63-bit number that stands for a lock name.

    Example:
        >>> lock_key("aggregate") == lock_key("aggregate") > 0
        True
    """
    digest = hashlib.sha256(f"dyadrisk/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def vacuum(engine: Engine) -> None:
    """Give free space back and refresh the statistics that query plans rest on."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()  # the engine would start a transaction
        try:
            cursor = raw.cursor()
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "ANALYZE"):
                cursor.execute(statement)
        finally:
            raw.close()
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM (ANALYZE)")
    log.info("vacuum done on %s", engine.dialect.name)
