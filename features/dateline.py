"""The opening of a wire story: "WASHINGTON, Jan 09 (Agency) — ".

A dateline says where and when a story was written, not who acts in it, so it is
taken off the text. Nothing here decides which date is believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from features.dates import MONTH_DAY, MONTH_DAY_PLAIN, Dateline, read_month_day

_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_CAPS = rf"{_UPPER}(?:{_UPPER}|[.'’ /-](?=[ ]?{_UPPER})){{2,39}}\.?"
_MIXED = rf"{_UPPER}[\w.'’-]*(?:[ /-]{_UPPER}[\w.'’-]*){{0,3}}"
_WHEN = rf"(?P<when>(?i:{MONTH_DAY})\.?(?:,?\s+(?P<year>(?:19|20)\d\d))?)"
_AGENCY = r"(?P<agency>\([A-Z][\w .&/’'-]{1,40}\)|/[A-Z][\w .-]{1,30}/)"
_DASH = r"(?:[—–]|--?|―)"
_NAMED = re.compile(
    rf"(?P<city>{_CAPS}|{_MIXED})(?P<region>,\s*(?!(?i:{MONTH_DAY_PLAIN})){_MIXED})?\s*,?\s*"
    rf"(?:{_WHEN}\.?\s*)?(?:{_AGENCY}\.?\s*)?(?P<dash>{_DASH}\s*|:\s+)?"
)
_AGENCY_ONLY = re.compile(rf"{_AGENCY}\s*{_DASH}\s*")
_ACRONYM_MAX = 4


@dataclass(frozen=True, slots=True)
class Opening:
    """A dateline found: its day, if printed, and where the text starts."""

    dateline: Dateline | None
    place: str
    end: int


def find_dateline(paragraph: str) -> Opening | None:
    """Return the dateline that opens a paragraph, or None.

    A place in mixed case needs a printed day or an agency to count, a place in
    capitals a dash or colon; short all-capital words ("NATO - ") do not count alone.

    Example:
        >>> find_dateline("LIMA, Jan 09 — Talks began.").dateline
        Dateline(month=1, day=9, year=None)
        >>> find_dateline("Talks began - and ended.") is None
        True
    """
    head = paragraph[:140]
    if not head[:1].isupper() and head[:1] not in "(/":
        return None
    only = _AGENCY_ONLY.match(head)
    if only:
        return Opening(None, "", only.end())
    match = _NAMED.match(head)
    if match is None or not _is_convincing(match):
        return None
    return Opening(_read_day(match), match["city"].strip(), match.end())


def _is_convincing(match: re.Match[str]) -> bool:
    city, dash, agency = match["city"].strip(), match["dash"], match["agency"]
    if match["when"]:
        return dash is not None or agency is not None
    is_caps = city == city.upper()
    if agency is not None:
        return (dash is not None or agency[0] == "/") and (is_caps or agency.isupper())
    if dash is None or not is_caps:
        return False
    return match["region"] is not None or len(city) > _ACRONYM_MAX or dash[0] in "—–"


def _read_day(match: re.Match[str]) -> Dateline | None:
    if not match["when"]:
        return None
    month, day = read_month_day(match)
    return Dateline(month, day, int(match["year"]) if match["year"] else None)
