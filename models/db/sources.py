"""Writing and reading the sources and how they fare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from models.db.query import Record, equal_to, fetch, select_all
from models.db.session import Bind
from models.db.tables import RAW_SOURCE
from models.db.upsert import upsert_rows
from models.db.views import VIEWS


def upsert_sources(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many sources are new or changed; absent columns keep their value."""
    return upsert_rows(bind, RAW_SOURCE, rows, run_id)


def read_sources(bind: Bind, *, kind: str | None = None) -> list[Record]:
    """Return all sources as dicts, ordered by id."""
    return fetch(bind, select_all(RAW_SOURCE, equal_to(RAW_SOURCE, kind=kind)))


def read_source(bind: Bind, source_id: str) -> Record | None:
    """Return one source, or None when it is unknown."""
    found = fetch(bind, select_all(RAW_SOURCE, equal_to(RAW_SOURCE, source_id=source_id)))
    return found[0] if found else None


def read_source_health(bind: Bind) -> list[Record]:
    """Return how each source fares, the worst first (view ``source_health``)."""
    view = VIEWS["source_health"].table
    order = (view.columns.failure_count.desc(), view.columns.source_id)
    return fetch(bind, select(view).order_by(*order))
