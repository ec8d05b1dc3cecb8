"""A store in memory for the quick tests; both databases are tested in tests/integration."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models.db.session import open_store, writing
from models.db.tables import METADATA
from models.db.views import create_views


@pytest.fixture
def memory() -> Iterator[Engine]:
    """Open an SQLite store in memory with all tables and views."""
    engine = open_store("sqlite://")
    with writing(engine) as conn:
        METADATA.create_all(conn)
        create_views(conn)
    yield engine
    engine.dispose()
