"""Group stored articles into stories: incremental, exact, safe beside other writers."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import numpy as np
from sqlalchemy import Connection, Engine

from features.stories import StoryParams, link_articles, merge_stories
from models.db.session import exclusive
from models.db.stories import apply_merges, count_waiting, mark_grouped, read_bands

log = logging.getLogger(__name__)

# Articles looked at in one transaction, beside those of the days around them.
SLICE_ARTICLES = 200_000


def group_stories(engine: Engine, run_id: str, params: StoryParams | None = None) -> int:
    """Return how many articles changed story.

    Looks at every article that still waits, whichever run stored it, so that a
    killed run is made good by the next.

    Args:
        engine: the store.
        run_id: the run that assigns.
        params: what makes a story.
    """
    params = params or StoryParams()
    moved = 0
    for first, last in _slice_days(count_waiting(engine)):
        with exclusive(engine, "articles") as conn:
            moved += _group_slice(conn, first, last, run_id, params)
            mark_grouped(conn, first, last)
    if moved:
        log.info("stories: %d articles joined another's story", moved)
    return moved


def _slice_days(waiting: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield runs of days that hold a bounded number of waiting articles."""
    first: int | None = None
    last = total = 0
    for day, count in waiting.items():
        if first is not None and (total + count > SLICE_ARTICLES or day > last + 30):
            yield first, last
            first, total = None, 0
        first = day if first is None else first
        last, total = day, total + count
    if first is not None:
        yield first, last


def _group_slice(conn: Connection, first: int, last: int, run_id: str, params: StoryParams) -> int:
    window = params.window_days
    rows = read_bands(conn, first - window, last + window)
    if not rows:
        return 0
    bands = np.frombuffer(b"".join(row[3] for row in rows), dtype=np.uint64)
    links = link_articles(bands.reshape(len(rows), params.bands), [row[2] for row in rows], window)
    merges = merge_stories([row[1] for row in rows], links.tolist())
    return apply_merges(conn, merges, run_id)
