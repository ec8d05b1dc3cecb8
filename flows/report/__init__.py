"""The HTML report: one self-contained file that needs no network.

``gather`` reads the store, ``charts`` and ``bundle`` draw with Vega, ``page`` renders the
templates. Nothing here computes a score.
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from flows.report.bundle import load_bundle
from flows.report.gather import gather
from flows.report.page import render_page

log = logging.getLogger(__name__)

PAIR_COUNT = 200
DAY_COUNT = 365


def write_report(
    engine: Engine,
    as_of_date: date,
    path: Path,
    *,
    pair_count: int = PAIR_COUNT,
    day_count: int = DAY_COUNT,
) -> Path:
    """Write the report of one day as a single HTML file and return its path.

    Args:
        engine: the store.
        as_of_date: day of the scores.
        path: file to write; it appears whole or not at all.
        pair_count: most pairs shown, highest first.
        day_count: days of history shown for each pair.

    Raises:
        DataError: nothing was scored as of that day.
    """
    reading = gather(engine, as_of_date, pair_count=pair_count, day_count=day_count)
    page = render_page(reading, load_bundle(path.parent / "cache"))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)
    log.info("report: %d pairs as of %s, %d bytes", len(reading.pairs), as_of_date, len(page))
    return path
