"""One look at one source: what it brought and how it answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from features.date_text import parse_date
from features.errors import RetriableError, SkippableError
from features.identity import describe_reject
from features.types import RawItem, Reject
from flows.sources.catalog import Source, is_web
from flows.sources.feeds import FeedEntry, read_feed
from flows.sources.files import FileParams, list_files, read_path
from flows.sources.gdelt_urls import ListedPage, find_latest, read_page_file, read_pages, unpack
from flows.sources.http import Fetched, Fetcher
from flows.sources.pages import (
    identify_link,
    item_of_answer,
    item_of_link,
    item_of_listed,
    read_page_of,
)
from flows.sources.records import ColumnMap
from flows.sources.sitemaps import SitemapLink, read_sitemap
from flows.sources.streams import StreamLimits

log = logging.getLogger(__name__)

# Pages are read for at most this long in one look; the rest is postponed.
LOOK_SECONDS = 600.0
_CHILD_SITEMAPS = 3
# A feed may show a change this much later than it dates it.
_FEED_DELAY = timedelta(hours=1)

# From article ids to the stored heads (published_at, title) of those that are known.
FindKnown = Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]


@dataclass
class Look:
    """What one look at a source brought.

    Args:
        items: articles to be, and refusals.
        later: more of them, read only when they are asked for.
        is_unchanged: the source said that nothing is new.
        known_count: entries whose article is stored already.
        fault: why the source itself could not be read.
        retry_after: seconds that it asked us to stay away.
        moments: publication times it stated, for its habit.
    """

    items: list[RawItem | Reject] = field(default_factory=list)
    later: Iterator[RawItem | Reject] = field(default_factory=lambda: iter(()))
    is_unchanged: bool = False
    known_count: int = 0
    fault: str | None = None
    reason: str | None = None
    retry_after: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    seconds: float = 0.0
    moments: list[datetime] = field(default_factory=list)

    def take(self) -> Iterator[RawItem | Reject]:
        """Yield all items, once."""
        yield from self.items
        yield from self.later

    @property
    def newest_at(self) -> datetime | None:
        """Return the latest publication time that the source stated."""
        return max(self.moments, default=None)

    @property
    def gap_hours(self) -> float | None:
        """Return the usual time between two of its articles."""
        ordered = sorted(set(self.moments))
        gaps = [(b - a).total_seconds() / 3600 for a, b in pairwise(ordered)]
        return round(median(gaps), 3) if len(gaps) >= 3 else None


@dataclass(frozen=True)
class LookContext:
    """What every look shares."""

    fetcher: Fetcher
    fetched_at: datetime
    find_known: FindKnown
    clock: Callable[[], float] = time.monotonic


def look_at_source(source: Source, state: Mapping[str, Any], context: LookContext) -> Look:
    """Return what a source brings now; a source that fails raises nothing.

    Args:
        source: where to look.
        state: its stored row: ``etag`` and ``last_modified`` of the last answer.
        context: fetcher, time and what is known.
    """
    look = Look()
    started = context.clock()
    try:
        _READERS[source.kind](source, state, context, look)
    except SkippableError as err:
        look.fault, look.reason = str(err), err.reason
        look.items.append(describe_reject(source.url, err.reason, str(err)))
    except RetriableError as err:
        look.fault, look.reason, look.retry_after = str(err), "unreachable", err.retry_after
    look.seconds = round(context.clock() - started, 3)
    return look


def _fetch_changed(
    source: Source, state: Mapping[str, Any], context: LookContext, look: Look
) -> Fetched | None:
    found = context.fetcher.fetch(source.url, state.get("etag"), state.get("last_modified"))
    look.etag = found.etag or (state.get("etag") if found.is_unchanged else None)
    look.last_modified = found.last_modified or (
        state.get("last_modified") if found.is_unchanged else None
    )
    look.is_unchanged = found.is_unchanged
    return None if found.is_unchanged else found


def _read_rss(source: Source, state: Mapping[str, Any], context: LookContext, look: Look) -> None:
    answer = _fetch_changed(source, state, context, look)
    if answer is None:
        return
    entries: list[FeedEntry] = []
    for found in read_feed(answer.body, source.url, context.fetched_at, source.outlet):
        if isinstance(found, Reject):
            look.items.append(found)
        else:
            entries.append(_complete(found, source))
    look.items.extend(_read_entries(entries, source, state, context, look))


def _complete(entry: FeedEntry, source: Source) -> FeedEntry:
    item = replace(entry.item, language=source.language, origin=entry.item.url or entry.item.origin)
    return replace(entry, item=item)


def _read_sitemap_source(
    source: Source, state: Mapping[str, Any], context: LookContext, look: Look
) -> None:
    answer = _fetch_changed(source, state, context, look)
    if answer is None:
        return
    links = read_sitemap(unpack_gzip(answer.body, context.fetcher.params.max_bytes))
    children = [link for link in links if link.is_index][:_CHILD_SITEMAPS]
    pages = [link for link in links if not link.is_index]
    for child in children:
        body = context.fetcher.fetch(child.url).body
        inner = read_sitemap(unpack_gzip(body, context.fetcher.params.max_bytes))
        pages += [link for link in inner if not link.is_index]
    entries = [
        FeedEntry(item_of_link(link, source, context.fetched_at), False, link.updated)
        for link in pages[: source.max_pages * 4]
    ]
    look.items.extend(_read_entries(entries, source, state, context, look))


def unpack_gzip(data: bytes, limit: int) -> bytes:
    """Return a gzip document unpacked, other data as they are.

    Raises:
        SkippableError: ``bomb`` or ``broken_archive``.
    """
    import zlib

    if not data.startswith(b"\x1f\x8b"):
        return data
    machine = zlib.decompressobj(wbits=31)
    try:
        found = machine.decompress(data, limit + 1)
    except zlib.error as err:
        raise SkippableError("broken_archive", f"not gzip: {err}") from err
    if len(found) > limit:
        raise SkippableError("bomb", f"the document expands beyond {limit} bytes")
    return found


def _read_single_page(
    source: Source, state: Mapping[str, Any], context: LookContext, look: Look
) -> None:
    answer = _fetch_changed(source, state, context, look)
    if answer is not None:
        link = SitemapLink(source.url)
        look.items.append(item_of_answer(item_of_link(link, source, context.fetched_at), answer))


def _read_gdelt(source: Source, state: Mapping[str, Any], context: LookContext, look: Look) -> None:
    entries = []
    for found in _list_pages(source, state, context, look):
        if isinstance(found, Reject):
            look.items.append(found)
            continue
        named = replace(found, outlet=found.outlet or source.outlet)
        item = replace(item_of_listed(named, context.fetched_at), language=source.language)
        entries.append(FeedEntry(item, has_full_text=False))
    look.items.extend(_read_entries(entries, source, state, context, look))


def _list_pages(
    source: Source, state: Mapping[str, Any], context: LookContext, look: Look
) -> Iterator[ListedPage | Reject]:
    """Yield the addresses of a list on the web, or of local files."""
    if not is_web(source.url):
        for path in list_files(Path(source.url)):
            yield from read_page_file(path)
        return
    answer = _fetch_changed(source, state, context, look)
    if answer is None:
        return
    body = answer.body
    if source.url.endswith(".txt"):
        body = context.fetcher.fetch(find_latest(body, source.kind)).body
    yield from read_pages(unpack(body, context.fetcher.params.max_bytes * 5), source.url)


def _read_files(source: Source, state: Mapping[str, Any], context: LookContext, look: Look) -> None:
    """Set the items up to be read one by one: there may be more than memory holds."""
    columns = ColumnMap().merge(dict(source.columns))
    limits = StreamLimits(document_bytes=context.fetcher.params.max_bytes)
    params = FileParams(columns=columns, limits=limits)
    found = read_path(Path(source.url), context.fetched_at, params)
    look.later = (_name_outlet(item, source.outlet) for item in found)


def _name_outlet(item: RawItem | Reject, outlet: str) -> RawItem | Reject:
    if isinstance(item, RawItem) and item.outlet is None:
        return replace(item, outlet=outlet)
    return item


def _read_entries(
    entries: Sequence[FeedEntry],
    source: Source,
    state: Mapping[str, Any],
    context: LookContext,
    look: Look,
) -> Iterator[RawItem | Reject]:
    """Yield the entries as items, with their pages where those are wanted and new."""
    ids = [identify_link(entry.item) for entry in entries]
    known = context.find_known([i for i in ids if i])
    deadline = context.clock() + LOOK_SECONDS
    page_count = 0
    for entry, article_id in zip(entries, ids, strict=True):
        stated = parse_date(entry.item.published or "")
        if stated is not None and stated <= context.fetched_at:
            look.moments.append(stated)
        head = known.get(article_id or "")
        if not source.pages or entry.has_full_text or not entry.item.url:
            yield entry.item
        elif head is not None and not _is_changed(entry, head, state.get("last_success_at")):
            look.known_count += 1
        elif page_count >= source.max_pages or context.clock() > deadline:
            yield describe_reject(entry.item.origin, "postponed", "more pages than one look reads")
        else:
            page_count += 1
            yield read_page_of(entry.item, context.fetcher)


def _is_changed(entry: FeedEntry, head: Mapping[str, Any], looked_at: datetime | None) -> bool:
    """Return whether a feed says that a stored page changed since we read it.

    A change that it stated before the last look was seen then, an hour of delay aside.
    """
    stated, updated = (parse_date(text or "") for text in (entry.item.published, entry.updated))
    title = entry.item.title
    if stated is not None and stated > head["published_at"]:
        return True
    if title is not None and " ".join(title.split()) != head["title"]:
        return True
    if updated is None or updated <= head["ingested_at"]:
        return False
    return looked_at is None or updated > looked_at - _FEED_DELAY


_READERS: dict[str, Callable[[Source, Mapping[str, Any], LookContext, Look], None]] = {
    "rss": _read_rss,
    "sitemap": _read_sitemap_source,
    "page": _read_single_page,
    "files": _read_files,
    "gdelt-gkg": _read_gdelt,
    "gdelt-mentions": _read_gdelt,
}
