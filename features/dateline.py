"""The opening of a wire story: "WASHINGTON, Jan 09 (Agency) — ".

A dateline says where and when a story was written, not who acts in it, so it is
taken off the text. Nothing here decides which date is believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from features.countries import load_countries
from features.date_text import MONTH_DAY, MONTH_DAY_PLAIN, read_month_day
from features.dates import Dateline

_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_CAPS = rf"{_UPPER}(?:{_UPPER}|[.'’ /-](?=[ ]?{_UPPER})){{2,39}}\.?"
_MIXED = rf"{_UPPER}[\w.'’-]*(?:[ /-]{_UPPER}[\w.'’-]*){{0,3}}"
_WHEN = rf"\(?(?P<when>(?i:{MONTH_DAY})\.?(?:,?\s+(?P<year>(?:19|20)\d\d))?)\)?"
_AGENCY = r"(?P<agency>\((?:[A-Z][\w .&/’'-]{1,40}|[a-z]{3,4})\)|/[A-Z][\w .-]{1,30}/)"
# A hyphen within a word ("COVID-19", "F-16") is no dash.
_DASH = r"(?:[—―]|--|[–_-](?=\s)|(?<=[)/])[–-])"
_NAMED = re.compile(
    rf"(?P<city>{_CAPS}|{_MIXED})(?P<region>,\s*(?!(?i:{MONTH_DAY_PLAIN})){_MIXED})?"
    rf"(?:\s+\({_MIXED}\)(?=\s*\())?\s*,?\s*"
    rf"(?:{_WHEN}\.?,?\s*)?(?:{_AGENCY}\.?\s*|(?P<bare>[A-Z]{{2,10}})(?=\s\s|\s?{_DASH})\s*)?"
    rf"(?P<dash>{_DASH}\s*|:\s+)?"
)
_AGENCY_ONLY = re.compile(rf"{_AGENCY}\s*{_DASH}\s*")
_DAY_FIRST = re.compile(rf"{_WHEN}\.?\s*{_AGENCY}\s*{_DASH}\s*")
_DAY_AFTER = re.compile(rf"{_WHEN}\s*(?::|{_DASH})\s*")
_ACRONYM_MAX = 4


@cache
def load_agencies() -> frozenset[str]:
    """Return the short names of agencies in ``data/agencies.csv``."""
    text = resources.files("features.data").joinpath("agencies.csv").read_text("utf-8")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    return frozenset(row.split(",")[0] for row in rows[1:])


@cache
def _load_country_names() -> frozenset[str]:
    return frozenset(name for country in load_countries().values() for name in country.names)


@dataclass(frozen=True, slots=True)
class Opening:
    """A dateline found: its day, if printed, and where the text starts."""

    dateline: Dateline | None
    place: str
    end: int


def find_dateline(paragraph: str) -> Opening | None:
    """Return the dateline that opens a paragraph, or None.

    A place in mixed case needs a printed day, an agency or, after a comma, its country to
    count, a place in capitals a dash or colon; short all-capital words ("NATO - ") do not
    count alone.

    Example:
        >>> find_dateline("LIMA, Jan 09 — Talks began.").dateline
        Dateline(month=1, day=9, year=None)
        >>> find_dateline("Talks began - and ended.") is None
        True
    """
    head = paragraph[:140]
    if not head[:1].isupper() and head[:1] not in "(/0123456789":
        return None
    for pattern in (_AGENCY_ONLY, _DAY_FIRST):
        found = pattern.match(head)
        if found:
            return Opening(_read_day(found), "", found.end())
    match = _NAMED.match(head)
    if match is None or not _is_convincing(match):
        return None
    city, end = match["city"].strip(), match.end()
    after = None if match["when"] else _DAY_AFTER.match(head, end)
    if after:
        return Opening(_read_day(after), city, after.end())
    return Opening(_read_day(match), city, end)


def _is_convincing(match: re.Match[str]) -> bool:
    city, dash, agency = match["city"].strip(), match["dash"], match["agency"]
    if match["bare"] is not None and match["bare"] not in load_agencies():
        return False
    if match["when"]:
        return any(match[name] is not None for name in ("dash", "agency", "bare"))
    is_caps = city == city.upper()
    if agency is not None:
        is_known = agency.isupper() or agency.strip("()") in load_agencies()
        return (dash is not None or agency[0] == "/") and (is_caps or is_known)
    if dash is None:
        return False
    if not is_caps:
        return _is_signed(match) or _is_with_country(match)
    if match["region"] is not None or len(city) > _ACRONYM_MAX:
        return True
    return dash[0] in "—–" and city not in _load_country_names()


def _is_signed(match: re.Match[str]) -> bool:
    """Return whether an agency without brackets ends the place: "Damascus, SANA - "."""
    city, _, last = match["city"].strip().rpartition(" ")
    region = (match["region"] or "").strip(", ")
    return region in load_agencies() or bool(city and last in load_agencies())


def _is_with_country(match: re.Match[str]) -> bool:
    """Return whether a city and its country open the text: "Beirut, Lebanon – "."""
    names = _load_country_names()
    region = (match["region"] or "").strip(", ")
    return match["dash"][0] in "—–" and region in names and match["city"].strip() not in names


def _read_day(match: re.Match[str]) -> Dateline | None:
    found = match.groupdict()
    if not found.get("when"):
        return None
    month, day = read_month_day(match)
    return Dateline(month, day, int(found["year"]) if found["year"] else None)
