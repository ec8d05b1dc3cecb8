"""Pages behind links: the addresses that feeds, sitemaps and lists point at, to raw items."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from features.errors import RetriableError, SkippableError
from features.identity import canonicalize_url, describe_reject, hash_text, key_of_url
from features.types import RawItem, Reject
from flows.sources.catalog import Source
from flows.sources.decode import decode_bytes
from flows.sources.gdelt_urls import ListedPage
from flows.sources.http import Fetched, Fetcher
from flows.sources.sitemaps import SitemapLink

log = logging.getLogger(__name__)

# A feed's own text of this length stands in for a page that cannot be read.
_SUMMARY_CHARS = 200
_THREADS = 16


def item_of_link(link: SitemapLink, source: Source, fetched_at: datetime) -> RawItem:
    """Return a link as an item whose text is still to be read."""
    return RawItem(
        origin=link.url,
        kind="record",
        body="",
        fetched_at=fetched_at,
        url=link.url,
        title=link.title,
        published=link.published,
        outlet=source.outlet or None,
        language=source.language or None,
    )


def item_of_listed(page: ListedPage, fetched_at: datetime) -> RawItem:
    """Return an address of a list as an item whose text is still to be read."""
    link = SitemapLink(page.url, page.stamp or None)
    source = Source("listed", page.outlet, page.url, language="")
    return item_of_link(link, source, fetched_at)


def identify_link(item: RawItem) -> str | None:
    """Return the article id that the page behind an item will have, if it is stored."""
    url = canonicalize_url(item.url)
    return hash_text("url", key_of_url(url)) if url else None


def read_page_of(item: RawItem, fetcher: Fetcher) -> RawItem | Reject:
    """Return the page behind an item; else the item's own text if it is long enough."""
    try:
        return item_of_answer(item, fetcher.fetch(item.url or ""))
    except SkippableError as err:
        reason, detail = err.reason, str(err)
    except RetriableError as err:
        reason, detail = "unreachable", str(err)
    log.debug("page %s: %s", item.url, detail)
    if len(item.body) >= _SUMMARY_CHARS:
        return item
    return describe_reject(item.origin, reason, detail, item.title or "")


def item_of_answer(item: RawItem, answer: Fetched) -> RawItem:
    """Return an item with the page that its address answered.

    Raises:
        SkippableError: ``empty``, ``binary`` or ``encoding``.
    """
    if not answer.body.strip():
        raise SkippableError("empty", f"{answer.url!r} answered without a body")
    body = decode_bytes(answer.body, answer.charset)
    return replace(item, kind="html", body=body)


def fetch_pages(items: Iterable[RawItem], fetcher: Fetcher) -> Iterator[RawItem | Reject]:
    """Yield the pages behind items in their order, many hosts at a time."""
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="page") as pool:
        yield from pool.map(lambda item: read_page_of(item, fetcher), items)
