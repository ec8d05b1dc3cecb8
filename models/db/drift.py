"""Writing and reading feature drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from models.db.query import Record, equal_to, fetch, select_all
from models.db.session import Bind
from models.db.tables import OUT_DRIFT
from models.db.upsert import upsert_rows


def upsert_drift(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many drift rows are new or changed."""
    return upsert_rows(bind, OUT_DRIFT, rows, run_id)


def read_drift(
    bind: Bind, *, as_of_date: date | None = None, classifier_version: str | None = None
) -> list[Record]:
    """Return drift rows as dicts, ordered by day and column."""
    conditions = equal_to(OUT_DRIFT, as_of_date=as_of_date, classifier_version=classifier_version)
    return fetch(bind, select_all(OUT_DRIFT, conditions))
