"""A store in memory for the quick tests; both databases are tested in tests/integration."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models.db.session import open_store, writing
from models.db.tables import METADATA
from models.db.views import create_views


@pytest.fixture(scope="session")
def blank() -> Iterator[sqlite3.Connection]:
    """Make a database with all tables and views once, to copy from."""
    engine = open_store("sqlite://")
    with writing(engine) as conn:
        METADATA.create_all(conn)
        create_views(conn)
    copy = sqlite3.connect(":memory:")
    raw = engine.raw_connection()
    raw.driver_connection.backup(copy)
    raw.close()
    engine.dispose()
    yield copy
    copy.close()


@pytest.fixture
def memory(blank: sqlite3.Connection) -> Iterator[Engine]:
    """Open an SQLite store in memory with all tables and views."""
    engine = open_store("sqlite://")
    raw = engine.raw_connection()
    blank.backup(raw.driver_connection)
    raw.close()
    yield engine
    engine.dispose()
