"""Event tables coded by others: real files are read whole, a broken one is refused row by row."""

from __future__ import annotations

from collections import Counter

import pytest

from features.types import Reject
from flows.ingest_events import EVENT_TABLES, ingest_events, read_events
from flows.sources.gdelt_urls import ListedPage, read_page_file
from models.db import store

pytestmark = pytest.mark.realdata

GDELT_EVENTS = [
    ("events.csv", "gdelt-2.0", 100),
    ("events1.csv", "gdelt-1.0", 100),
    ("gdelt2_export_20151027220000.csv", "gdelt-2.0", 2116),
]


@pytest.mark.parametrize(("name", "kind", "count"), GDELT_EVENTS)
def test_gdelt_events_are_read_whole(data_folder, name, kind, count):
    found = list(read_events(data_folder / "gdelt" / name, EVENT_TABLES[kind]))
    assert len(found) == count
    assert not [item for item in found if isinstance(item, Reject)]


def test_icews_days_are_read_whole(data_folder):
    counts = []
    for path in sorted((data_folder / "events" / "icews_raw_sample").glob("*.tab")):
        found = list(read_events(path, EVENT_TABLES["icews"]))
        assert not [item for item in found if isinstance(item, Reject)]
        counts.append(len(found))
    assert counts == [2338, 1962, 2460]


@pytest.mark.parametrize(
    ("name", "pages", "refused"),
    [
        ("gkg.csv", 98, {}),
        ("gkg1.csv", 118, {79: "bad_url"}),
        ("mentions.csv", 54, {}),
        ("events.csv", 49, {}),
    ],
)
def test_gdelt_lists_of_pages_are_read_whole(data_folder, name, pages, refused):
    found = list(read_page_file(data_folder / "gdelt" / name))
    assert sum(isinstance(item, ListedPage) for item in found) == pages
    assert {
        int(item.origin.rpartition(" ")[2]): item.reason
        for item in found
        if isinstance(item, Reject)
    } == refused


def test_a_malformed_export_is_refused_row_by_row(data_folder, engine):
    path = data_folder / "gdelt" / "malformed_semicolon_export.csv"
    lines = len(path.read_bytes().splitlines())
    report = ingest_events(engine, [path], "gdelt-2.0", "r1")
    assert report.rejected == Counter(broken_row=lines)
    assert report.events == 0
    origins = {row["origin"] for row in store.read_rejects(engine)}
    assert origins == {f"{path.as_posix()}#line {n}" for n in range(1, lines + 1)}


def test_loading_twice_is_loading_once(data_folder, engine):
    path = data_folder / "gdelt" / "gdelt2_export_20151027220000.csv"
    first = ingest_events(engine, [path], "gdelt-2.0", "r1")
    before = store.content_digest(engine)
    assert first.events == 295
    ingest_events(engine, [path], "gdelt-2.0", "r2")
    assert store.content_digest(engine) == before
