"""Whatever comes in, items or refusals come out: no crash, no hang.

A few cases a test by default, the same each time; `make fuzz` tries 10,000 new ones
(DYADRISK_FUZZ_CASES).
"""

from __future__ import annotations

import contextlib
import json
import os
import string
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from features.article import build_article
from features.date_text import parse_date
from features.dateline import find_dateline
from features.dates import find_date_line, parse_url_date
from features.errors import SkippableError
from features.identity import canonicalize_url
from features.types import Article, RawItem, Reject
from flows.ingest_build import BuildParams, build_batch
from flows.sources.decode import decode_bytes
from flows.sources.feeds import FeedEntry, read_feed
from flows.sources.files import FileParams, read_path
from flows.sources.gdelt_urls import read_pages
from flows.sources.sitemaps import read_sitemap
from flows.sources.streams import StreamLimits

NOW = datetime(2026, 1, 10, tzinfo=UTC)
FEW = 25
CASES = int(os.environ.get("DYADRISK_FUZZ_CASES", FEW))
PARAMS = FileParams(limits=StreamLimits(document_bytes=100_000, line_bytes=20_000))
fuzz = settings(
    max_examples=CASES,
    derandomize=CASES == FEW,
    deadline=10_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

NAMES = st.sampled_from(
    ["text", "title", "date", "url", "outlet", "id", "language", "sources", "body", "link", "x"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)
PIECES = st.sampled_from(
    [
        "<rss>", "</rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>",
        "<description>", "<pubDate>Fri, 09 Jan 2026 10:00:00 GMT</pubDate>", "<guid>", "<feed>",
        "<entry>", "<content>", "<![CDATA[", "]]>", "&amp;", "&#0;", "&#xD800;", "&x;", "<!--",
        '<?xml version="1.0" encoding="', 'utf-16"?>', "<html>", "<body>", "<p>", "</p>", "<div>",
        '<meta property="article:published_time" content="', '">', "<script>", "</script>", "<h1>",
        '<script type="application/ld+json">', '{"datePublished": ', "<article>", "<table><tr><td>",
        "The minister flew to Lima on Friday.", "WASHINGTON, Jan 09 — ", "0", "LEAVE A REPLY",
        "<urlset>", "<url><loc>https://a.example/1</loc></url>", "\x00", "\ufeff",
        "é", "中", "\ud7ff",
        "https://example.org/2026/01/09/x", "<" * 30, "[" * 30, "{" * 30, " " * 30, "\n",
    ]
)  # fmt: skip
SOUP = st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join)
BYTES = st.binary(max_size=400) | SOUP.map(lambda text: text.encode("utf-8", "replace"))
ENCODED = st.builds(
    lambda text, name: text.encode(name, "replace"),
    SOUP,
    st.sampled_from(["latin-1", "utf-16", "utf-16-le", "cp1251", "shift_jis", "utf-7", "gb18030"]),
)
SUFFIXES = st.sampled_from(
    [
        "txt",
        "html",
        "xml",
        "jsonl",
        "json",
        "csv",
        "parquet",
        "jsonl.gz",
        "parquet.gz",
        "txt.zip",
        "zip",
        "txt.zst",
        "csv.xz",
        "x",
        "",
    ]
)

pytestmark = pytest.mark.timeout(max(300, CASES // 5))


def try_build(item: RawItem) -> Article | None:
    try:
        article = build_article(item)
    except SkippableError:
        return None
    assert article.published_at <= NOW
    assert article.published_at.tzinfo is not None
    assert article.language == "en"
    assert article.article_id
    assert article.content_hash
    article.text.encode("utf-8")
    article.title.encode("utf-8")
    assert "\x00" not in article.text
    return article


@fuzz
@given(name=SUFFIXES, data=BYTES | ENCODED)
@example("csv", b"date\rtext\r1,\rthe end\n")
@example("csv", b"text,a\rb\n")
@example("txt", b"!\r!")
@example("txt", b"\xff\xfe\x00\xd8a")
@example("csv", b"text" + b"a" * 150_000 + b"\n1\n")
@example("csv", "text,a\nThe minister left.,1\n".encode("utf-16"))
@example("jsonl", '{"text": "The minister left."}\n'.encode("utf-16")[:-1])
def test_any_file(tmp_path, name, data):
    path = tmp_path / f"a.{name}"
    path.write_bytes(data)
    found = list(read_path(path, NOW, PARAMS))
    assert all(isinstance(item, RawItem | Reject) for item in found)
    batch = build_batch(found, BuildParams(NOW))
    assert batch.item_count == len(found)


@fuzz
@given(records=st.lists(st.dictionaries(NAMES, JSON, max_size=8) | JSON, max_size=5))
@example([[{}], {}])
@example([[{}, float("inf")], {}])
@example([{"text": "x" * 20_000}, {"text": "y"}])
def test_any_json_lines(tmp_path, records):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    found = list(read_path(path, NOW, PARAMS))
    is_array = len(records) == 1 and isinstance(records[0], list)
    assert is_array or len(found) == (len(records) or 1)
    for item in found:
        if isinstance(item, RawItem):
            try_build(item)


@fuzz
@given(data=BYTES | ENCODED)
@example(b'<?encoding="\x00"?>')
@example(b"<rss><channel><item><title>a</title><link>http://[</link></item></channel></rss>")
@example(b"<rss><channel><item><pubDate>Fri, 99 Foo 99999</pubDate></item></channel></rss>")
def test_any_feed(data):
    try:
        found = list(read_feed(data, "https://a.example/feed", NOW))
    except SkippableError:
        return
    for entry in found:
        if isinstance(entry, FeedEntry):
            try_build(entry.item)


@fuzz
@given(markup=SOUP, kind=st.sampled_from(["html", "text", "record"]), url=st.none() | st.text())
def test_any_page(markup, kind, url):
    item = RawItem("o", kind, markup, NOW, url=url)
    first = try_build(item)
    assert try_build(item) == first


@fuzz
@given(text=st.text(max_size=80) | st.from_regex(r"[0-9T:+\-/. ]{1,30}", fullmatch=True))
def test_any_date(text):
    found = parse_date(text)
    assert found is None or found.utcoffset() is not None
    parse_url_date(text)
    find_date_line([text])
    opening = find_dateline(text)
    assert opening is None or 0 < opening.end <= len(text)


@fuzz
@given(
    text=st.text(max_size=60) | st.text(string.printable, max_size=40).map("http://a.b/".__add__)
)
def test_any_url(text):
    found = canonicalize_url(text)
    assert found is None or found.startswith(("http://", "https://"))
    assert found is None or canonicalize_url(found) is not None


@fuzz
@given(data=BYTES | ENCODED)
def test_any_bytes(data):
    try:
        text = decode_bytes(data)
    except SkippableError as err:
        assert err.reason in {"binary", "encoding"}
    else:
        assert isinstance(text, str)
    with contextlib.suppress(SkippableError):
        read_sitemap(data)
    list(read_pages(data, "o"))
