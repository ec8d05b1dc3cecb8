"""Lists of article addresses (GDELT files, one address a line) to stored articles."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from features.date_text import parse_date
from features.types import RawItem, Reject
from flows.ingest import IngestOptions, IngestReport, ingest_items
from flows.sources.files import list_files
from flows.sources.gdelt_urls import ListedPage, read_page_file
from flows.sources.http import Fetcher
from flows.sources.pages import fetch_pages, identify_link, item_of_listed
from flows.sources.streams import ReadMeter
from flows.stories import group_stories
from models.db.readings import read_heads

log = logging.getLogger(__name__)

# Addresses whose pages are read and stored at a time: what a kill may cost.
CHUNK_PAGES = 200


@dataclass(frozen=True)
class ListRun:
    """What one reading of lists shares.

    Args:
        run_id: the run that writes.
        now: the clock, UTC.
        options: what is accepted, and of which days.
        meter: told how many bytes of the lists are read.
        on_chunk: called with the report so far after every ``CHUNK_PAGES`` addresses.
    """

    run_id: str
    now: datetime
    options: IngestOptions
    meter: ReadMeter = field(default_factory=ReadMeter)
    on_chunk: Callable[[IngestReport], None] | None = None


def ingest_urls(
    engine: Engine, paths: Sequence[Path], fetcher: Fetcher, run: ListRun
) -> IngestReport:
    """Read the pages that lists name, store them, and return what happened.

    Pages that are stored already are not asked for again, so that a killed reading
    goes on where it was.

    Args:
        engine: the store.
        paths: files, folders or glob patterns of lists, also compressed.
        fetcher: asks for the pages.
        run: run id, time, options and hooks.
    """
    report = IngestReport()
    files = (file for path in paths for file in list_files(path))
    found = (page for file in files for page in read_page_file(file, meter=run.meter))
    while chunk := list(islice(found, CHUNK_PAGES)):
        report += _ingest_chunk(engine, chunk, fetcher, run)
        if run.on_chunk:
            run.on_chunk(report)
    group_stories(engine, run.run_id, run.options.build.story)
    log.info("lists: %s", report)
    return report


def _ingest_chunk(
    engine: Engine, chunk: Sequence[ListedPage | Reject], fetcher: Fetcher, run: ListRun
) -> IngestReport:
    pages = [item for item in chunk if isinstance(item, ListedPage)]
    rejects = [item for item in chunk if isinstance(item, Reject)]
    wanted = [page for page in pages if _is_wanted(page, run)]
    items = [item_of_listed(page, run.now) for page in wanted]
    unread = list(_leave_out_known(engine, items))
    report = IngestReport(
        read=len(pages) - len(unread),
        duplicate=len(items) - len(unread),
        left_out=len(pages) - len(items),
    )
    asked = [*rejects, *fetch_pages(unread, fetcher)]
    report += ingest_items(engine, asked, run.run_id, run.options)
    return report


def _is_wanted(page: ListedPage, run: ListRun) -> bool:
    """Return whether the list dates a page on a day that is wanted, or not at all."""
    stated, build = parse_date(page.stamp), run.options.build
    return stated is None or build.spans_day(stated.date())


def _leave_out_known(engine: Engine, items: Sequence[RawItem]) -> Iterator[RawItem]:
    """Yield the items whose page is not stored, each address once."""
    ids = [identify_link(item) for item in items]
    known = set(read_heads(engine, [i for i in ids if i]))
    for item, article_id in zip(items, ids, strict=True):
        if article_id is None:
            yield item
        elif article_id not in known:
            known.add(article_id)
            yield item
