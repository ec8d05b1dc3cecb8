"""The flow over a hostile internet: nothing hangs, nothing is lost, every refusal has a reason."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from features.errors import RetriableError, SkippableError
from flows.ingest_sources import SourceRun, ingest_sources
from flows.settings import Settings
from flows.sources import guard
from flows.sources.catalog import Source
from flows.sources.http import Fetcher, HttpParams
from models.db import store
from tests.integration.hostile_server import run_hostile_server

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
PARAMS = HttpParams(
    contact="ops@example.org",
    connect_seconds=2,
    read_seconds=1.0,
    total_seconds=2.0,
    max_bytes=2_000_000,
    backoff_seconds=0.01,
    max_wait_seconds=1.0,
    host_interval_seconds=0.0,
    allow_private=True,
)

# path -> reason by which the source (or its only page) is refused; None: articles come.
CASES = {
    "/good.xml": None,
    "/busy-once": None,
    "/down-once": None,
    "/charset.xml": None,
    "/future.xml": None,
    "/twins.xml": None,
    "/cut.xml": "broken_xml",
    "/loop1": "redirect_loop",
    "/chain/0": "redirect_loop",
    "/to-file": "forbidden_scheme",
    "/nowhere": "bad_redirect",
    "/busy": "unreachable",
    "/down": "unreachable",
    "/slow": "unreachable",
    "/hang": "unreachable",
    "/short": "unreachable",
    "/garbage": "unreachable",
    "/gone": "http_410",
    "/login": "http_401",
    "/missing": "http_404",
    "/bomb": "bomb",
    "/huge": "too_large",
    "/endless": "too_large",
    "/empty": "empty",
    "/brotli": "encoding",
    "/broken-gzip": "broken_archive",
    "/broken.xml": "broken_xml",
    "/not-a-feed.xml": "not_a_feed",
    "/laughs.xml": "entity",
    "/external.xml": "entity",
    "/html.xml": "html_not_feed",
}


@pytest.fixture(scope="module")
def hostile():
    with run_hostile_server() as server:
        yield server


@pytest.fixture
def fetcher():
    with Fetcher(PARAMS) as found:
        yield found


def source(hostile, path, **over):
    name = path.strip("/").replace("/", "-").replace(".", "-").lower()
    return Source(
        f"s-{name}", "Hostile Times", hostile.url(path), **({"country_iso3": "PER"} | over)
    )


def run(engine, sources, fetcher, run_id="r1", now=NOW):
    return ingest_sources(
        engine, sources, Settings(), SourceRun(run_id, now, force=True), fetcher=fetcher
    )


def reasons(engine, source_id):
    return {row["reason"] for row in store.read_rejects(engine, source_id=source_id)}


def test_whole_hostile_internet(engine, hostile, fetcher):
    sources = [source(hostile, path) for path in CASES]
    started = time.monotonic()
    report = run(engine, sources, fetcher)
    assert time.monotonic() - started < 60
    for path, reason in CASES.items():
        item = source(hostile, path)
        row = store.read_source(engine, item.id)
        assert row is not None, path
        if reason is None:
            assert row["article_count"] > 0, path
            assert row["last_error"] is None, path
        elif reason == "unreachable":
            assert row["failure_count"] == 1, path
            assert row["last_error"], path
            assert item.id in report.source_failures
        else:
            assert reason in reasons(engine, item.id), path
    assert report.read == report.new + report.updated + report.duplicate + report.rejected_count
    assert report.new > 0


def test_articles_are_clean_and_dated(engine, hostile, fetcher):
    paths = ("/good.xml", "/charset.xml", "/future.xml")
    run(engine, [source(hostile, path) for path in paths], fetcher)
    found = {row["title"]: row for row in store.read_articles(engine)}
    good = found["Talks on file good1"]
    assert good["published_at"] == datetime(2026, 1, 9, 10, tzinfo=UTC)
    assert good["outlet"] == "Hostile Times"
    assert good["text"].startswith("The foreign minister of Peru")
    for furniture in ("cookies", "LEAVE A REPLY", "comment", "Home", "All rights reserved"):
        assert furniture not in good["text"]
    assert "Bogotá and to São Paulo" in found["Talks on file charset"]["text"]
    assert found["Talks on file future"]["published_at"] == NOW
    assert found["Talks on file future"]["date_origin"] == "fetched"


def test_not_modified_and_due(engine, hostile, fetcher):
    good = source(hostile, "/good.xml")
    run(engine, [good], fetcher)
    pages = sum(count for path, count in hostile.hits.items() if path.startswith("/pages/good"))
    again = run(engine, [good], fetcher, "r2")
    assert again.read == 0
    assert pages == sum(n for path, n in hostile.hits.items() if path.startswith("/pages/good"))
    skipped = ingest_sources(engine, [good], Settings(), SourceRun("r3", NOW), fetcher=fetcher)
    assert skipped.read == 0
    row = store.read_source(engine, good.id)
    assert (row["etag"], row["article_count"], row["failure_count"]) == ('"v1"', 3, 0)


def test_redirect_is_followed(engine, hostile, fetcher):
    assert run(engine, [source(hostile, "/to-good")], fetcher).new == 3


def test_twins_count_once(engine, hostile, fetcher):
    report = run(engine, [source(hostile, "/twins.xml")], fetcher)
    assert (report.new, report.rejected_count) == (1, 0)


def test_changed_article_is_kept_as_a_version(engine, hostile, fetcher):
    changing = source(hostile, "/changing.xml")
    run(engine, [changing], fetcher)
    second = run(engine, [changing], fetcher, "r2")
    assert (second.new, second.updated) == (0, 1)
    counts = store.count_rows(engine)
    assert (counts["raw_article"], counts["raw_article_version"]) == (1, 1)


def test_a_correction_that_a_feed_tells_of_is_read_once(engine, hostile, fetcher):
    hostile.hits.clear()
    corrected = source(hostile, "/corrected.xml")
    assert run(engine, [corrected], fetcher).new == 1
    later = datetime.now(UTC) + timedelta(hours=3)
    assert run(engine, [corrected], fetcher, "r2", later).updated == 1
    assert run(engine, [corrected], fetcher, "r3", later).read == 0
    (article,) = store.read_articles(engine)
    assert article["text"].endswith("gave the number 2.")
    assert article["published_at"] == datetime(2026, 1, 9, 10, tzinfo=UTC)


def test_robots_and_deep_pages(engine, hostile, fetcher):
    private = source(hostile, "/robots.xml")
    deep = source(hostile, "/deep.xml")
    report = run(engine, [private, deep], fetcher)
    assert hostile.hits["/private/page"] == 0
    assert report.new == 1  # the feed's own text stands in for the page that robots may not read
    assert reasons(engine, deep.id) <= {"unreadable", "empty", "too_short"}


def test_gzipped_sitemap(engine, hostile, fetcher):
    report = run(engine, [source(hostile, "/sitemap.xml.gz", kind="sitemap")], fetcher)
    assert report.new == 2


def test_retry_after_is_remembered(engine, hostile, fetcher):
    busy = source(hostile, "/busy")
    run(engine, [busy], fetcher)
    asked = hostile.hits["/busy"]
    ingest_sources(engine, [busy], Settings(), SourceRun("r2", NOW), fetcher=fetcher)
    assert hostile.hits["/busy"] == asked


def test_named_agent(hostile, fetcher):
    fetcher.fetch(hostile.url("/pages/agent"))
    assert any("dyadrisk/" in a and "ops@example.org" in a for a in hostile.agents)


def test_patience_is_bounded(hostile):
    waits: list[float] = []
    hostile.hits.clear()
    with (
        Fetcher(PARAMS, sleep=waits.append) as fetcher,
        pytest.raises(RetriableError, match="500"),
    ):
        fetcher.fetch(hostile.url("/down"))
    assert hostile.hits["/down"] == PARAMS.attempts
    assert len(waits) == PARAMS.attempts - 1
    assert waits[1] > 0


def test_hosts_are_not_hurried(hostile):
    waits: list[float] = []
    params = HttpParams(allow_private=True, host_interval_seconds=5.0, use_robots=False)
    with Fetcher(params, sleep=waits.append, clock=lambda: 100.0) as fetcher:
        for n in range(3):
            fetcher.fetch(hostile.url(f"/pages/{n}"))
    assert waits == [5.0, 10.0]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://127.0.0.1/",
        "http://user:secret@example.org/",
        "http:///nohost",
        "http://[::1",
        "javascript:alert(1)",
        "",
    ],
)
def test_only_plain_web_addresses(url, fetcher):
    with pytest.raises(SkippableError):
        fetcher.fetch(url)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"],
)
def test_private_hosts_are_refused(hostile, host):
    with (
        Fetcher(HttpParams(use_robots=False, host_interval_seconds=0, attempts=1)) as fetcher,
        pytest.raises((SkippableError, RetriableError)) as caught,
    ):
        fetcher.fetch(f"http://{host}:{hostile.port}/pages/x")
    assert hostile.hits["/pages/x"] == 0
    if isinstance(caught.value, SkippableError):
        assert caught.value.reason == "forbidden_address"


@pytest.mark.parametrize("path", ["/to-loopback", "/to-metadata"])
def test_redirects_to_private_hosts_are_refused(hostile, path, monkeypatch):
    real = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda a: a == "127.0.0.1" or real(a))
    params = HttpParams(use_robots=False, host_interval_seconds=0, attempts=1)
    with Fetcher(params) as fetcher, pytest.raises(SkippableError) as caught:
        fetcher.fetch(hostile.url(path))
    assert caught.value.reason == "forbidden_address"


def test_a_name_that_changes_its_address_is_caught(hostile, monkeypatch):
    answers = iter(["93.184.215.14", "127.0.0.1"])
    monkeypatch.setattr(
        guard.socket,
        "getaddrinfo",
        lambda host, port, **_: [(2, 1, 6, "", (next(answers), port))],
    )
    assert guard.resolve_host("rebind.example", 80, allow_private=False) == ["93.184.215.14"]
    with pytest.raises(SkippableError):
        guard.resolve_host("rebind.example", 80, allow_private=False)


def test_postponed_pages_are_told(engine, hostile, fetcher):
    report = run(engine, [source(hostile, "/good.xml", max_pages=1)], fetcher)
    assert report.new == 1
    assert report.rejected == Counter(postponed=2)


def test_files_are_a_source_that_is_cleaned_once(engine, fetcher, tmp_path):
    text = "The president of Peru received the president of Chile in Lima."
    (tmp_path / "a.csv").write_text(
        f"cuerpo,fecha\n{text},05/01/2026\n{text} They spoke of copper.,31.12\n"
    )
    columns = (("text", "cuerpo"), ("published", "fecha"), ("date_format", "%d/%m/%Y"))
    files = Source("files", "Own Wire", str(tmp_path / "*.csv"), kind="files", columns=columns)
    report = run(engine, [files], fetcher)
    assert (report.new, report.rejected) == (1, Counter(no_date=1))
    (article,) = store.read_articles(engine)
    assert article["published_at"] == datetime(2026, 1, 5, tzinfo=UTC)
    assert (article["outlet"], article["source_id"]) == ("Own Wire", "files")
    again = run(engine, [files], fetcher, "r2")
    assert (again.read, again.new, again.duplicate) == (2, 0, 1)
