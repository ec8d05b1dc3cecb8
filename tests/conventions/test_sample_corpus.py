"""The shipped sample corpus holds what its documentation promises."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

SAMPLE = Path(__file__).parents[2] / "flows" / "sample"
ATOM = "{http://www.w3.org/2005/Atom}"
FIRST_DAY, LAST_DAY = date(2025, 12, 1), date(2026, 3, 28)
VOCABULARIES = {"www.w3.org", "schema.org"}
RESERVED = re.compile(r"(?:[\w-]+\.)?example\.(?:com|org|net)")
ENGLISH_PAGES, LANGUAGE_PAGE, EMPTY_PAGE = 13, "fr-*.html", "empty-navigation.html"


def read_page(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_bytes())


def read_paragraphs(root: html.HtmlElement) -> str:
    return " ".join(part.text_content() for part in root.xpath("//article//p | //body/p | //div/p"))


def read_rss() -> list[etree._Element]:
    return etree.parse(SAMPLE / "feeds" / "world.xml").findall(".//item")


def read_atom() -> list[etree._Element]:
    return etree.parse(SAMPLE / "feeds" / "diplomacy.atom.xml").findall(f"{ATOM}entry")


def read_records() -> list[dict[str, str]]:
    lines = (SAMPLE / "wire.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_page_paths() -> list[Path]:
    return sorted((SAMPLE / "pages").glob("*.html"))


def read_dispatch_paths() -> list[Path]:
    return sorted((SAMPLE / "dispatches").glob("*.txt"))


def find_page_day(path: Path) -> date | None:
    root = read_page(path)
    stamps = root.xpath("//meta[@property='article:published_time']/@content")
    if stamps:
        return datetime.fromisoformat(stamps[0]).date()
    url = root.xpath("//link[@rel='canonical']/@href")[0]
    match = re.search(r"/(\d{4})/(\d\d)/(\d\d)/", url)
    return date(*map(int, match.groups())) if match else None


def collect_days() -> list[date]:
    rss = [
        parsedate_to_datetime(item.findtext("pubDate") or "").astimezone(UTC).date()
        for item in read_rss()
    ]
    atom = [
        datetime.fromisoformat(entry.findtext(f"{ATOM}published") or "").date()
        for entry in read_atom()
    ]
    records = [date.fromisoformat(record["date"][:10]) for record in read_records()]
    pages = [day for path in read_page_paths() if (day := find_page_day(path))]
    dispatches = [date.fromisoformat(path.name[:10]) for path in read_dispatch_paths()]
    return rss + atom + records + pages + dispatches


def test_counts_per_shape() -> None:
    counts = (len(read_rss()), len(read_atom()), len(read_records()), len(read_dispatch_paths()))
    assert counts == (15, 6, 34, 13)
    assert len(read_page_paths()) == ENGLISH_PAGES + 2
    assert len(collect_days()) >= 64


def test_documentation_states_the_counts() -> None:
    text = (SAMPLE.parents[1] / "docs" / "sample_corpus.md").read_text(encoding="utf-8")
    for words in ("15 items", "6 entries", "13 in English", "34 lines", "13 files"):
        assert words in text, f"docs/sample_corpus.md does not say {words!r}"


def test_days_lie_in_the_period_and_fill_every_month() -> None:
    days = collect_days()
    assert min(days) >= FIRST_DAY
    assert max(days) <= LAST_DAY
    months = Counter(f"{day:%Y-%m}" for day in days)
    assert min(months[month] for month in ("2025-12", "2026-01", "2026-02", "2026-03")) >= 12
    assert sum(day >= date(2026, 3, 22) for day in days) >= 12
    assert sum(date(2026, 1, 1) <= day <= date(2026, 1, 9) for day in days) >= 8


def test_only_reserved_domains_are_named() -> None:
    for path in SAMPLE.rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"'<>)]+", text)}
            strange = {host for host in hosts - VOCABULARIES if not RESERVED.fullmatch(host or "")}
            assert not strange, f"{path.name} names {strange}"


@pytest.mark.parametrize("path", read_dispatch_paths(), ids=lambda path: path.stem)
def test_dispatch_has_a_dateline_without_year_and_a_full_date(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    day = date.fromisoformat(path.name[:10])
    assert re.search(rf"^[A-ZÁÉ ]+, {day:%b} {day:%d} — ", text, re.M)
    assert re.search(r"[A-Z][a-z]+ \d{1,2}, 20(?:25|26)", text)


def test_two_dispatches_carry_counters_and_a_comment_form() -> None:
    texts = [path.read_text(encoding="utf-8") for path in read_dispatch_paths()]
    dirty = [text for text in texts if "LEAVE A REPLY" in text and re.search(r"^0$", text, re.M)]
    assert len(dirty) == 2


def test_french_and_empty_pages_are_present() -> None:
    french = sorted((SAMPLE / "pages").glob(LANGUAGE_PAGE))
    assert len(french) == 1
    assert read_page(french[0]).get("lang") == "fr"
    empty = read_page(SAMPLE / "pages" / EMPTY_PAGE)
    assert not empty.xpath("//article")
    assert empty.xpath("//nav")


def test_one_page_is_windows_1252_and_one_dated_by_its_address_only() -> None:
    odd = [path for path in read_page_paths() if b'charset="windows-1252"' in path.read_bytes()]
    assert len(odd) == 1
    with pytest.raises(UnicodeDecodeError):
        odd[0].read_bytes().decode("utf-8")
    assert "Bogotá" in odd[0].read_bytes().decode("windows-1252")
    undated = [
        path
        for path in read_page_paths()
        if path.name != EMPTY_PAGE
        and not read_page(path).xpath("//meta[@property='article:published_time'] | //time")
    ]
    assert len(undated) == 1
    assert find_page_day(undated[0]) == date(2026, 2, 22)


def test_one_story_stands_under_three_addresses() -> None:
    marker = "extended by ten days"
    item = next(i for i in read_rss() if marker in (i.findtext("description") or ""))
    page = next(p for p in read_page_paths() if marker in read_paragraphs(read_page(p)))
    record = next(r for r in read_records() if marker in r["text"])
    described = html.fragment_fromstring(item.findtext("description") or "", create_parent=True)
    texts = [read_paragraphs(read_page(page)), described.text_content(), record["text"]]
    urls = {item.findtext("link"), record["url"], str(page)}
    assert len(urls) == len(set(texts)) == 3
    words = [re.findall(r"\w+", text) for text in texts]
    for other in words[1:]:
        assert SequenceMatcher(None, words[0], other, autojunk=False).ratio() > 0.85


def test_articles_are_short_but_not_empty() -> None:
    texts = [record["text"] for record in read_records()]
    texts += [path.read_text(encoding="utf-8") for path in read_dispatch_paths()]
    texts += [item.findtext("description") or "" for item in read_rss()]
    for text in texts:
        assert 60 <= len(text.split()) <= 320, text[:60]


def test_readme_says_what_the_texts_are() -> None:
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    for words in (
        "written by the dyadrisk developers",
        "Apache-2.0",
        "fictional",
        "not to be cited",
    ):
        assert words in text
