"""Lists of article addresses: the pages behind them are read, each once, and kept when killed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from flows.ingest import IngestOptions
from flows.ingest_build import BuildParams
from flows.ingest_sources import SourceRun, ingest_sources
from flows.ingest_urls import ListRun, ingest_urls
from flows.settings import Settings
from flows.sources.catalog import Source
from flows.sources.http import Fetcher, HttpParams
from models.db import store
from tests.integration.hostile_server import run_hostile_server

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
PARAMS = HttpParams(
    connect_seconds=2,
    read_seconds=1.0,
    total_seconds=2.0,
    backoff_seconds=0.01,
    host_interval_seconds=0.0,
    allow_private=True,
)


@pytest.fixture(scope="module")
def hostile():
    with run_hostile_server() as server:
        yield server


@pytest.fixture
def fetcher():
    with Fetcher(PARAMS) as found:
        yield found


def write_gkg(path, hostile, keys, stamp="20260109101500"):
    """Write a GKG 2.1 file that names pages of the server."""
    rows = [["k", stamp, "1", "a.example", hostile.url(key)] + [""] * 22 for key in keys]
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    return path


def read(engine, paths, fetcher, run_id="r1", **days):
    options = IngestOptions(BuildParams(NOW, **days), is_live=True)
    return ingest_urls(engine, paths, fetcher, ListRun(run_id, NOW, options))


def test_pages_of_a_local_gkg_file(engine, hostile, fetcher, tmp_path):
    keys = ["/pages/g1", "/pages/g2", "/pages/g1?utm_source=x", "/missing", "/private/page"]
    path = write_gkg(tmp_path / "day.gkg.csv", hostile, keys)
    report = read(engine, [path], fetcher)
    assert (report.read, report.new, report.duplicate) == (5, 2, 1)
    assert report.rejected == {"http_404": 1, "robots": 1}
    found = store.read_articles(engine)
    assert {row["outlet"] for row in found} == {"a.example"}
    assert {row["published_at"] for row in found} == {datetime(2026, 1, 9, 10, 15, tzinfo=UTC)}
    assert all(row["text"].startswith("The foreign minister of Peru") for row in found)


def test_what_is_stored_is_not_asked_for_again(engine, hostile, fetcher, tmp_path):
    hostile.hits.clear()
    path = write_gkg(tmp_path / "a.csv", hostile, [f"/pages/again{n}" for n in range(3)])
    read(engine, [path], fetcher)
    before = store.content_digest(engine)
    again = read(engine, [path, path], fetcher, "r2")
    assert (again.read, again.new, again.duplicate) == (6, 0, 6)
    assert [hostile.hits[f"/pages/again{n}"] for n in range(3)] == [1, 1, 1]
    assert store.content_digest(engine) == before


def test_days_that_are_not_wanted_are_not_asked_for(engine, hostile, fetcher, tmp_path):
    early = write_gkg(tmp_path / "a.csv", hostile, ["/pages/early"], stamp="20251201000000")
    (tmp_path / "b.txt").write_text(hostile.url("/pages/plain") + "\n")
    report = read(engine, [early, tmp_path / "b.txt"], fetcher, since=date(2026, 1, 1))
    assert (report.read, report.new, report.left_out) == (2, 1, 1)
    assert hostile.hits["/pages/early"] == 0


def test_a_local_list_is_a_source_as_well(engine, hostile, fetcher, tmp_path):
    write_gkg(tmp_path / "day.gkg.csv", hostile, ["/pages/s1", "/pages/s2"])
    source = Source("gkg-day", "GDELT", str(tmp_path / "*.gkg.csv"), kind="gdelt-gkg")
    run = SourceRun("r1", NOW, force=True)
    report = ingest_sources(engine, [source], Settings(), run, fetcher=fetcher)
    assert (report.new, report.rejected_count) == (2, 0)
    again = ingest_sources(engine, [source], Settings(), run, fetcher=fetcher)
    assert again.read == 0
