"""RSS and Atom documents to raw items. Parsing only: fetching is in ``http``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import feedparser

from features.errors import SkippableError
from features.identity import describe_reject, hash_text
from features.page import strip_markup
from features.types import RawItem, Reject

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed: what it says itself, and when it says that it was changed."""

    item: RawItem
    has_full_text: bool
    updated: str | None = None


def is_html(data: bytes) -> bool:
    """Return whether a document is an HTML page, whatever its sender called it."""
    return _HTML.match(data[:4096]) is not None


def is_feed(data: bytes) -> bool:
    """Return whether a document looks like RSS, Atom or RDF."""
    return _FEED_ROOT.search(data[:8192]) is not None


def check_feed(data: bytes) -> None:
    """Raise when a document cannot be a feed or must not be parsed.

    Raises:
        SkippableError: ``empty``, ``html_not_feed``, ``entity`` (a document type
            with own entities: bombs and external files come this way).
    """
    if not data.strip():
        raise SkippableError("empty", "expected a feed, got nothing")
    if is_html(data):
        raise SkippableError("html_not_feed", "expected RSS or Atom, got an HTML page")
    if _ENTITY.search(data):
        raise SkippableError("entity", "the feed declares entities of its own; it was not parsed")


def read_feed(
    data: bytes, origin: str, fetched_at: datetime, outlet: str | None = None
) -> Iterator[FeedEntry | Reject]:
    """Yield the entries of a feed; entries with one GUID or link only once.

    Args:
        data: the document's bytes.
        origin: its path or URL.
        fetched_at: UTC.
        outlet: publisher, if known; else the feed's title.

    Raises:
        SkippableError: nothing of the document can be used.
    """
    check_feed(data)
    try:
        parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except ValueError as err:  # lone surrogates in base64 content, NUL in the encoding's name
        raise SkippableError("broken_xml", f"no entry can be read: {err}") from err
    if parsed.bozo and not parsed.entries:
        raise SkippableError("broken_xml", f"no entry can be read: {_fault(parsed)}")
    if not parsed.entries and not is_feed(data):
        raise SkippableError("not_a_feed", "expected RSS or Atom, got other XML")
    name = outlet or parsed.feed.get("title") or None
    seen: set[str] = set()
    for index, entry in enumerate(parsed.entries, start=1):
        found = _build_entry(entry, f"{origin}#item {index}", fetched_at, name)
        key = found.item.record_id or found.item.url or hash_text(found.item.body)
        if key in seen:
            continue
        seen.add(key)
        yield found
    if parsed.bozo and _is_broken(parsed):
        yield describe_reject(
            origin, "broken_xml", f"read {len(parsed.entries)} entries, then {_fault(parsed)}"
        )


def _is_broken(parsed: Any) -> bool:
    harmless = (
        feedparser.CharacterEncodingOverride,
        feedparser.NonXMLContentType,
    )
    return not isinstance(parsed.get("bozo_exception"), harmless)


def _fault(parsed: Any) -> str:
    fault = parsed.get("bozo_exception")
    return " ".join(str(fault).split())[:200] or type(fault).__name__


def _build_entry(entry: Any, origin: str, fetched_at: datetime, outlet: str | None) -> FeedEntry:
    contents = [part.get("value", "") for part in entry.get("content", [])]
    summary = entry.get("summary", "") or ""
    full = max(contents, key=len, default="")
    text = full if len(full) > len(summary) else summary
    source = entry.get("source", {}).get("title") if entry.get("source") else None
    item = RawItem(
        origin=origin,
        kind="record",
        body=text,
        fetched_at=fetched_at,
        url=_link(entry),
        title=strip_markup(entry.get("title", "") or "") or None,
        published=entry.get("published") or entry.get("updated") or entry.get("date"),
        outlet=source or outlet,
        language=None,
        record_id=entry.get("id") or None,
    )
    # Not entry.get, which gives the time of publication where none of a change is stated.
    updated = dict.get(entry, "updated")
    return FeedEntry(item, len(strip_markup(full)) > 600, updated)


def _link(entry: Any) -> str | None:
    link = entry.get("link") or ""
    if link.startswith(("http://", "https://")):
        return str(link)
    guid = entry.get("id") or ""
    return str(guid) if guid.startswith(("http://", "https://")) else None
