"""When an article was published: what sources, pages, URLs and datelines say.

Precedence: source (feed, record) > page metadata > URL > dateline > fetch. A
date after the fetch is never believed. All results are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from features.date_text import (
    FULL_ISO,
    FULL_WORDS,
    MONTH_NAMES,
    MONTHS,
    build_day,
    find_dates,
    parse_date,
)

_URL_DAY = re.compile(r"(?:^|[/_-])((?:19|20)\d\d)([/_-]?)([01]?\d)\2([0-3]?\d)(?=[/_.-]|$)")
_URL_MONTH = re.compile(rf"/((?:19|20)\d\d)/({MONTH_NAMES})/([0-3]?\d)(?=/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateParams:
    """What is believed of a date.

    Args:
        earliest: days before it are taken for a broken clock.
        clock_slip: a date this much after the fetch is clipped to the fetch
            (a wrong time zone); later ones are ignored.
        dateline_days: a dateline without a year within this many days before
            the fetch needs no further support from the text.
    """

    earliest: date = date(1970, 1, 3)
    clock_slip: timedelta = timedelta(hours=26)
    dateline_days: int = 45


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline's day; ``year`` is None where it is not printed."""

    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class DateHints:
    """All that is known of an article's day, best first."""

    published: str | None = None
    metadata: tuple[str, ...] = ()
    url: str | None = None
    dateline: Dateline | None = None
    text: str = ""


def parse_url_date(url: str) -> datetime | None:
    """Return the day written in a URL's path, or None.

    Example:
        >>> parse_url_date("https://example.org/world/2026/01/09/talks").date().isoformat()
        '2026-01-09'
    """
    path = url.split("?", 1)[0]
    match = _URL_DAY.search(path)
    if match:
        return build_day(int(match[1]), int(match[3]), int(match[4]))
    match = _URL_MONTH.search(path)
    return build_day(int(match[1]), MONTHS[match[2].lower()], int(match[3])) if match else None


def resolve_dateline(
    dateline: Dateline, text: str, fetched_at: datetime, params: DateParams = DateParams()
) -> datetime | None:
    """Return the day of a dateline, its year inferred and never in the future.

    The latest such day up to the fetch counts. Where that lies far back, the
    full dates in the text decide between the years.

    Example:
        >>> fetched = datetime(2026, 1, 10, tzinfo=UTC)
        >>> resolve_dateline(Dateline(12, 30), "", fetched).date().isoformat()
        '2025-12-30'
    """
    if dateline.year is not None:
        return build_day(dateline.year, dateline.month, dateline.day)
    years = range(fetched_at.year, fetched_at.year - 40, -1)
    days = (build_day(year, dateline.month, dateline.day) for year in years)
    candidates = [day for day in days if day is not None and day <= fetched_at]
    if not candidates:
        return None
    if fetched_at - candidates[0] <= timedelta(days=params.dateline_days):
        return candidates[0]
    return _nearest_to_text(candidates, text, fetched_at)


def _nearest_to_text(candidates: list[datetime], text: str, fetched_at: datetime) -> datetime:
    named = [day for day in find_dates(text) if day <= fetched_at]
    if not named:
        return candidates[0]
    latest = max(named)
    nearest = min(candidates, key=lambda day: abs(day - latest))
    return nearest if abs(nearest - latest) <= timedelta(days=183) else candidates[0]


def choose_date(
    hints: DateHints,
    fetched_at: datetime,
    params: DateParams = DateParams(),
    latest: datetime | None = None,
) -> tuple[datetime, str]:
    """Return the publication time (UTC) and where it came from.

    Args:
        hints: what is known.
        fetched_at: UTC; stands in where nothing is dated, and a day without a
            year lies before it.
        params: what is believed.
        latest: no stated time may be later; the fetch when None. A replay of an
            old day gives the day as fetch and the true time here.

    Returns:
        the time and ``"feed"``, ``"metadata"``, ``"url"``, ``"dateline"`` or ``"fetched"``.
    """
    latest = latest or fetched_at
    for moment, origin in _read_hints(hints, fetched_at, params):
        if moment is None or moment.date() < params.earliest:
            continue
        if moment <= latest:
            return moment, origin
        if moment - latest <= params.clock_slip:
            return latest, origin
    return fetched_at, "fetched"


def _read_hints(
    hints: DateHints, fetched_at: datetime, params: DateParams
) -> Iterator[tuple[datetime | None, str]]:
    if hints.published:
        yield parse_date(hints.published), "feed"
    for text in hints.metadata:
        yield parse_date(text), "metadata"
    if hints.url:
        yield parse_url_date(hints.url), "url"
    if hints.dateline is not None:
        yield resolve_dateline(hints.dateline, hints.text, fetched_at, params), "dateline"


def find_date_line(lines: Iterable[str]) -> str | None:
    """Return the first short line that is only a full date, as pages print it.

    Example:
        >>> find_date_line(["Talks resume", "Updated: 9 January 2026 10:30 GMT"])
        'Updated: 9 January 2026 10:30 GMT'
    """
    for line in lines:
        if len(line) <= 80 and line[-1:] != "." and _is_date_line(line):
            return line
    return None


def _is_date_line(line: str) -> bool:
    match = FULL_WORDS.search(line) or FULL_ISO.search(line)
    return match is not None and len(line) - (match.end() - match.start()) <= 40


def midnight(day: date) -> datetime:
    """Return the first instant of a day, UTC."""
    return datetime.combine(day, time(), UTC)
