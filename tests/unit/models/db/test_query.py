from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from models.db.query import (
    between,
    chunked,
    day_start,
    equal_to,
    fetch_by_keys,
    fetch_frame,
    select_all,
)
from models.db.tables import RAW_SOURCE
from models.db.upsert import upsert_rows


def test_chunks():
    assert list(chunked(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunked([])) == []


def test_conditions_leave_out_what_is_none():
    assert equal_to(RAW_SOURCE, kind=None, outlet="x")[0].compare(RAW_SOURCE.c.outlet == "x")
    assert len(equal_to(RAW_SOURCE, kind=None, outlet="x")) == 1
    assert between(RAW_SOURCE.c.cursor, None, None) == []
    assert len(between(RAW_SOURCE.c.cursor, "a", "b")) == 2


def test_days_start_at_midnight_utc():
    assert day_start(date(2026, 1, 9)) == datetime(2026, 1, 9, tzinfo=UTC)


def test_many_keys_are_asked_in_chunks_and_once(memory):
    upsert_rows(memory, RAW_SOURCE, [{"source_id": f"s{i}"} for i in range(1100)], "r")
    keys = [f"s{i}" for i in range(1100)] * 2
    query = select(RAW_SOURCE.c.source_id)
    assert len(fetch_by_keys(memory, query, RAW_SOURCE.c.source_id, keys)) == 1100


def test_an_empty_frame_has_its_columns(memory):
    frame = fetch_frame(memory, select_all(RAW_SOURCE))
    assert list(frame.columns) == RAW_SOURCE.columns.keys()
    assert len(frame) == 0
