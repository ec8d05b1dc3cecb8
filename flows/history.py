"""The shipped pair history: daily pair counts computed from the Wikipedia portal."""

from __future__ import annotations

import logging
from importlib import resources

import pyarrow.parquet as pq
from sqlalchemy import Engine

from features.registry import DYAD_DAY_COLUMNS
from flows.stream import HISTORY_CORPUS, HISTORY_VERSION
from models.db import store
from models.db.session import writing

log = logging.getLogger(__name__)

DAYS_NAME, VOLUME_NAME = "portal_dyad_days.parquet", "portal_day_volume.parquet"


def load_history(engine: Engine, run_id: str) -> int:
    """Put the shipped history into a store that has none; return the rows written."""
    if store.count_dyad_days(engine, HISTORY_CORPUS):
        return 0
    folder = resources.files("features") / "data" / "history"
    common = {"extractor_version": HISTORY_VERSION, "corpus": HISTORY_CORPUS}
    with resources.as_file(folder / DAYS_NAME) as path:
        days = [row | common for row in pq.read_table(path).to_pylist()]
    with resources.as_file(folder / VOLUME_NAME) as path:
        volumes = [row | common for row in pq.read_table(path).to_pylist()]
    zero = dict.fromkeys(DYAD_DAY_COLUMNS, 0)
    with writing(engine) as conn:
        store.upsert_day_volumes(conn, volumes, run_id)
        store.upsert_dyad_days(conn, [zero | row for row in days], run_id)
    log.info("history: %d pair days of the portal loaded", len(days))
    return len(days)
