"""Moving the schema up and down from code; works from an installed package too."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, text

from features.errors import DataError
from models.db.session import lock_key
from models.db.tables import METADATA
from models.db.views import VIEWS, create_views, drop_views, stale_views

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

# Alembic is imported where it is used: commands that only read need not wait for it.
log = logging.getLogger(__name__)

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def alembic_config(conn: Connection | None = None) -> Config:
    """Return the migration settings; they live beside the revisions, not in a file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if conn is not None:
        config.attributes["connection"] = conn
    return config


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(alembic_config())


def _context(conn: Connection, **options: Any) -> MigrationContext:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(conn, opts=options)


def head_revision() -> str:
    """Return the newest revision of the code."""
    head = _scripts().get_current_head()
    if head is None:
        raise DataError("expected migrations beside the code, got none; reinstall the package")
    return head


def current_revision(engine: Engine) -> str | None:
    """Return the revision of the database, or None when it is empty."""
    with engine.connect() as conn:
        return _revision(conn)


def upgrade(engine: Engine, revision: str = "head") -> bool:
    """Return whether anything changed; bring tables and views to a revision.

    Several processes may call it at once: one works, the others wait.

    Raises:
        DataError: the database is newer than the code.
    """
    from alembic import command

    with engine.connect() as conn:
        if revision == "head" and _is_current(conn):
            return False
    with _schema_change(engine) as conn:
        if revision == "head" and _is_current(conn):
            return False
        _refuse_newer(conn)
        drop_views(conn)
        command.upgrade(alembic_config(conn), revision)
        if _revision(conn) == head_revision():
            create_views(conn)
    log.info("store upgraded to %s", revision)
    return True


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take tables back to a revision; views exist at the newest revision only."""
    from alembic import command

    with _schema_change(engine) as conn:
        drop_views(conn)
        command.downgrade(alembic_config(conn), revision)
        if _revision(conn) == head_revision():
            create_views(conn)
    log.info("store downgraded to %s", revision)


def check(engine: Engine) -> list[str]:
    """Return what differs between the database and the code, one line each; empty when equal."""
    from alembic.autogenerate import compare_metadata

    with engine.connect() as conn:
        context = _context(conn, include_object=_is_ours)
        found = [_describe(item) for item in compare_metadata(context, METADATA)]
        found += [f"view {name} differs or is missing" for name in stale_views(conn)]
        if _revision(conn) != head_revision():
            found.insert(0, f"revision is {_revision(conn)}, the code is at {head_revision()}")
    return found


def _is_ours(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind == "table" and name in VIEWS)


def _describe(item: Any) -> str:
    if isinstance(item, list):
        return "; ".join(_describe(part) for part in item)
    return " ".join(str(part) for part in item if part is not None)


def _revision(conn: Connection) -> str | None:
    return _context(conn).get_current_revision()


def _is_current(conn: Connection) -> bool:
    return _revision(conn) == head_revision() and not stale_views(conn)


def _refuse_newer(conn: Connection) -> None:
    known = {item.revision for item in _scripts().walk_revisions()}
    stored = _revision(conn)
    if stored is not None and stored not in known:
        raise DataError(
            f"expected a database revision that this version knows, got {stored!r};"
            " install the newer version of the program"
        )


@contextmanager
def _schema_change(engine: Engine) -> Iterator[Connection]:
    """Yield a lone writer's transaction in which tables may be rebuilt.

    SQLite rebuilds a table by drop and rename, which would cascade into its
    children, so foreign keys rest meanwhile and are checked at the end.
    """
    with engine.execution_options(sqlite_begin="IMMEDIATE").connect() as conn:
        is_sqlite = conn.dialect.name == "sqlite"
        raw: Any = conn.connection.dbapi_connection
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with conn.begin():
                if not is_sqlite:
                    key = {"key": lock_key("schema")}
                    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
                yield conn
                _check_references(conn)
        finally:
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys = ON")


def _check_references(conn: Connection) -> None:
    if conn.dialect.name != "sqlite":
        return
    broken = conn.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DataError(
            f"expected intact references after the migration, got {len(broken)} broken ones,"
            f" first {tuple(broken[0])!r}; the migration was undone"
        )
