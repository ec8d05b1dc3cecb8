"""A date's text to the moment that it means: ISO 8601, RFC 822, stamps, words, numbers.

Which of several dates is believed is decided in ``features.dates``. All results are UTC.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import resources

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
MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
MONTH_DAY = rf"(?:(?P<month>{MONTH_NAMES})\.?\s+{_DAY}|"
MONTH_DAY += rf"{_DAY.replace('<day>', '<day2>')}(?:\s+of\s+|[\s-]+)(?P<month2>{MONTH_NAMES})\.?)\b"
MONTH_DAY_PLAIN = re.sub(r"\?P<\w+>", "", MONTH_DAY)
FULL_WORDS = re.compile(rf"\b{MONTH_DAY}(?:,?\s+|-)(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?([0-2]\d)([0-5]\d)([0-5]\d)?Z?)?")
FULL_ISO = re.compile(r"((?:19|20)\d\d)[-/.]([01]?\d)[-/.]([0-3]?\d)")
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")
# Day and month change places from country to country: only what cannot be misread counts.
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_CLOCK = r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3])"
_SECONDS = r"(?::(?P<second>[0-5]\d)(?:\.\d+)?)?"
_ZONE = (
    r"\s*\(?(?:(?:GMT|UTC)?(?P<sign>[+-])(?P<zone_hour>0?\d|1[0-4])(?::?(?P<zone_minute>\d\d))?\b"
    r"|(?P<zone>[A-Z]{1,4})\b)?"
)
_TIME = re.compile(rf"{_CLOCK}:(?P<minute>[0-5]\d){_SECONDS}{_ZONE}")
_HALF_DAY = re.compile(
    rf"{_CLOCK}(?:[:.](?P<minute>[0-5]\d){_SECONDS})?\s*(?P<half>(?i:[ap]))\.?(?i:m)\b\.?{_ZONE}"
)


def build_day(year: int, month: int, day: int) -> datetime | None:
    """Return midnight UTC of a day, or None when there is no such day."""
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def parse_date(text: str) -> datetime | None:
    """Return the UTC time that a source's date text means, or None.

    Reads ISO 8601, RFC 822, compact stamps, epoch seconds or milliseconds, English
    dates in words and dates in numbers whose day and month cannot be mixed up; text
    without a zone is taken as UTC.

    Example:
        >>> parse_date("Fri, 09 Jan 2026 22:15:00 -0500").isoformat()
        '2026-01-10T03:15:00+00:00'
        >>> parse_date("Updated 9:24 PM EST, January 9, 2026").isoformat()
        '2026-01-10T02:24:00+00:00'
        >>> parse_date("13/01/2026").date().isoformat(), parse_date("09/01/2026")
        ('2026-01-13', None)
    """
    text = text.strip()
    if not text or len(text) > 200:
        return None
    for parse in (_parse_iso, _parse_compact, _parse_named_zone, _parse_rfc822, _parse_written):
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


def _parse_named_zone(text: str) -> datetime | None:
    """Return a written date with AM, PM or a named zone, which RFC 822 readers overlook."""
    match = _HALF_DAY.search(text) or _TIME.search(text)
    if match is None or not (match.groupdict().get("half") or match["zone"] in load_zones()):
        return None
    return _parse_written(text)


def _parse_written(text: str) -> datetime | None:
    """Return the day that is written out, at the time that stands beside it, else midnight."""
    for find_day in (_find_words, _find_iso, _find_numbers):
        found = find_day(text)
        if found is not None:
            day, match = found
            return _add_time(day, f"{text[: match.start()]} {text[match.end() :]}")
    return None


def _find_words(text: str) -> tuple[datetime, re.Match[str]] | None:
    for match in FULL_WORDS.finditer(text):
        day = build_day(int(match["year"]), *read_month_day(match))
        if day is not None:
            return day, match
    return None


def _find_iso(text: str) -> tuple[datetime, re.Match[str]] | None:
    match = FULL_ISO.search(text)
    day = build_day(*(int(g) for g in match.groups())) if match else None
    return (day, match) if day and match else None


def _find_numbers(text: str) -> tuple[datetime, re.Match[str]] | None:
    match = _NUMBERS.search(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or first > 12 or first == second:
        day = build_day(year, second, first)
    else:
        day = build_day(year, first, second) if second > 12 else None
    return (day, match) if day else None


def _add_time(day: datetime, rest: str) -> datetime:
    match = _HALF_DAY.search(rest) or _TIME.search(rest)
    if match is None:
        return day
    hour = int(match["hour"])
    if half := match.groupdict().get("half"):
        hour = hour % 12 + (12 if half in "pP" else 0)
    passed = timedelta(
        hours=hour, minutes=int(match["minute"] or 0), seconds=int(match["second"] or 0)
    )
    return (day + passed).replace(tzinfo=timezone(_read_zone(match)))


def _read_zone(match: re.Match[str]) -> timedelta:
    if match["sign"]:
        offset = timedelta(hours=int(match["zone_hour"]), minutes=int(match["zone_minute"] or 0))
        return -offset if match["sign"] == "-" else offset
    return timedelta(minutes=load_zones().get(match["zone"] or "", 0))


@cache
def load_zones() -> dict[str, int]:
    """Return the minutes east of Greenwich of each zone in ``data/time_zones.csv``."""
    text = resources.files("features.data").joinpath("time_zones.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["name"]: int(row["minutes"]) for row in rows}


def find_dates(text: str) -> Iterator[datetime]:
    """Yield the full dates written in words, for example "January 3, 2026"."""
    for match in FULL_WORDS.finditer(text):
        month, day = read_month_day(match)
        found = build_day(int(match["year"]), month, day)
        if found is not None:
            yield found


def read_month_day(match: re.Match[str]) -> tuple[int, int]:
    """Return month and day of a match of ``MONTH_DAY``."""
    month = match["month"] or match["month2"]
    return MONTHS[month.lower()], int(match["day"] or match["day2"])
