"""When an article was published: what sources, pages, URLs and datelines say.

Precedence: source (feed, record) > page metadata > URL > dateline > fetch. A
date after the fetch is never believed. All results are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
MONTH_DAY = rf"(?:(?P<month>{_MONTH})\.?\s+{_DAY}|"
MONTH_DAY += rf"{_DAY.replace('<day>', '<day2>')}\s+(?P<month2>{_MONTH})\.?)\b"
MONTH_DAY_PLAIN = re.sub(r"\?P<\w+>", "", MONTH_DAY)
_WORDS = re.compile(rf"\b{MONTH_DAY},?\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?([0-2]\d)([0-5]\d)([0-5]\d)?Z?)?")
_ISO = re.compile(r"((?:19|20)\d\d)[-/.]([01]?\d)[-/.]([0-3]?\d)")
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")
_URL_DAY = re.compile(r"(?:^|[/_-])((?:19|20)\d\d)([/_-]?)([01]?\d)\2([0-3]?\d)(?=[/_.-]|$)")
_URL_MONTH = re.compile(rf"/((?:19|20)\d\d)/({_MONTH})/([0-3]?\d)(?=/|$)", re.IGNORECASE)


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


def build_day(year: int, month: int, day: int) -> datetime | None:
    """Return midnight UTC of a day, or None when there is no such day."""
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def parse_date(text: str) -> datetime | None:
    """Return the UTC time that a source's date text means, or None.

    Reads ISO 8601, RFC 822, compact stamps, epoch seconds or milliseconds and
    English dates in words; text without a zone is taken as UTC.

    Example:
        >>> parse_date("Fri, 09 Jan 2026 22:15:00 -0500").isoformat()
        '2026-01-10T03:15:00+00:00'
        >>> parse_date("Updated January 9, 2026").date().isoformat()
        '2026-01-09'
    """
    text = text.strip()
    if not text or len(text) > 200:
        return None
    for parse in (_parse_iso, _parse_compact, _parse_rfc822, _parse_words, _parse_loose):
        found = parse(text)
        if found is not None:
            return _to_utc(found)
    return None


def _to_utc(moment: datetime) -> datetime | None:
    try:
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _parse_iso(text: str) -> datetime | None:
    if not text[:4].isdigit() or text[4:5] != "-":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_compact(text: str) -> datetime | None:
    match = _COMPACT.fullmatch(text)
    if match:
        year, month, day, hour, minute, second = (int(g or 0) for g in match.groups())
        start = build_day(year, month, day)
        if start is None or hour > 23:
            return None
        return start + timedelta(hours=hour, minutes=minute, seconds=second)
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    return None


def _parse_rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _parse_words(text: str) -> datetime | None:
    return next((d for d in find_dates(text)), None)


def _parse_loose(text: str) -> datetime | None:
    match = _ISO.search(text)
    return build_day(*(int(g) for g in match.groups())) if match else None


def find_dates(text: str) -> Iterator[datetime]:
    """Yield the full dates written in words, for example "January 3, 2026"."""
    for match in _WORDS.finditer(text):
        month, day = read_month_day(match)
        found = build_day(int(match["year"]), month, day)
        if found is not None:
            yield found


def read_month_day(match: re.Match[str]) -> tuple[int, int]:
    """Return month and day of a match of ``MONTH_DAY``."""
    month = match["month"] or match["month2"]
    return MONTHS[month.lower()], int(match["day"] or match["day2"])


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
    match = _WORDS.search(line) or _ISO.search(line)
    return match is not None and len(line) - (match.end() - match.start()) <= 40


def midnight(day: date) -> datetime:
    """Return the first instant of a day, UTC."""
    return datetime.combine(day, time(), UTC)
