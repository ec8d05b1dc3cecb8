"""Rows of event tables coded by others (GDELT 1.0 and 2.0, ICEWS) -> directed events.

One row in, one value or a refusal out; files and the store are dealt with elsewhere.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources

from features.countries import load_countries
from features.date_text import parse_date
from features.errors import SkippableError
from features.identity import hash_text

GDELT2_FIELDS = 61
GDELT1_FIELDS = (57, 58)
ICEWS_FIELDS = 20
_STATE_TYPES = ("GOV", "LEG", "JUD", "SPY", "COP")
_NONSTATE_TYPES = ("REB", "SEP", "INS", "UAF", "RAD", "CRM")


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """One event as its table gives it.

    Args:
        event_key: the table's own id.
        story_key: what rows told by one article share.
        source_iso3, target_iso3: None where the table names no country.
        published_at: when it was added or printed, UTC.
        told: the words of the table, for a reader.
    """

    event_key: str
    story_key: str
    event_date: date
    published_at: datetime
    source_iso3: str | None
    target_iso3: str | None
    source_actor: str
    target_actor: str
    source_sector: str
    target_sector: str
    cameo_code: str
    goldstein: float
    sentence_index: int
    told: str

    @property
    def is_dyadic(self) -> bool:
        """Return whether two different countries take part."""
        sides = (self.source_iso3, self.target_iso3)
        return None not in sides and sides[0] != sides[1]


@cache
def load_names(table: str) -> dict[str, str]:
    """Return code or folded name -> ISO3 of one kind of table."""
    path = resources.files("features") / "data" / "coded_names.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if line[:1] != "#"]
    extra = {row["name"]: row["iso3"] for row in csv.DictReader(lines) if row["table"] == table}
    if table == "gdelt":
        return {code: code for code in load_countries()} | extra
    names = {name: c.iso3 for c in load_countries().values() for name in c.names}
    return {name.casefold(): code for name, code in (names | extra).items()}


def parse_gdelt_row(row: Sequence[str]) -> CodedEvent:
    """Return the event of one GDELT row, 1.0 (57 or 58 fields) or 2.0 (61).

    Raises:
        SkippableError: ``broken_row``, the row does not fit the format.
    """
    if len(row) != GDELT2_FIELDS and len(row) not in GDELT1_FIELDS:
        raise SkippableError("broken_row", f"expected 57, 58 or 61 fields, got {len(row)}")
    is_second = len(row) == GDELT2_FIELDS
    added = row[59] if is_second else row[56]
    url = row[60] if is_second else (row[57] if len(row) == 58 else "")
    if not row[0].isdigit():
        raise SkippableError("broken_row", f"expected a number as id, got {row[0]!r:.40}")
    told = f"{row[6] or row[5]} -> {row[16] or row[15]}, CAMEO {row[26]}"
    return CodedEvent(
        event_key=row[0],
        story_key=hash_text("url", url) if url else row[0],
        event_date=_read_day(row[1]),
        published_at=_read_moment(added),
        source_iso3=_gdelt_country(row[7], row[8]),
        target_iso3=_gdelt_country(row[17], row[18]),
        source_actor=row[6],
        target_actor=row[16],
        source_sector=_gdelt_sector(row[7], row[8], row[12:15]),
        target_sector=_gdelt_sector(row[17], row[18], row[22:25]),
        cameo_code=_read_code(row[26]),
        goldstein=_read_weight(row[30]),
        sentence_index=0,
        told=f"{told} {url}".strip(),
    )


def parse_icews_row(row: Sequence[str]) -> CodedEvent:
    """Return the event of one ICEWS row of 20 fields.

    Raises:
        SkippableError: ``broken_row``, the row does not fit the format.
    """
    if len(row) != ICEWS_FIELDS:
        raise SkippableError("broken_row", f"expected {ICEWS_FIELDS} fields, got {len(row)}")
    day = _read_day(row[1])
    if not row[0].isdigit() or not row[12].isdigit():
        raise SkippableError("broken_row", f"expected numbers, got {row[0]!r} and {row[12]!r}")
    return CodedEvent(
        event_key=row[0],
        story_key=row[11] or row[0],
        event_date=day,
        published_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        source_iso3=_icews_country(row[4], row[2]),
        target_iso3=_icews_country(row[10], row[8]),
        source_actor=row[2],
        target_actor=row[8],
        source_sector=_icews_sector(row[3], row[4]),
        target_sector=_icews_sector(row[9], row[10]),
        cameo_code=_read_code(row[6]),
        goldstein=_read_weight(row[7]),
        sentence_index=int(row[12]),
        told=f"{row[2]} -> {row[8]}: {row[5]} ({row[13]})",
    )


def _read_day(text: str) -> date:
    return _read_moment(text).date()


def _read_moment(text: str) -> datetime:
    found = parse_date(text) if len(text) >= 8 else None
    if found is None:
        raise SkippableError("broken_row", f"expected a date, got {text!r:.40}")
    return found


def _read_code(text: str) -> str:
    if not text.isdigit() or not 2 <= len(text) <= 4 or not 1 <= int(text[:2]) <= 20:
        raise SkippableError("broken_row", f"expected a CAMEO code, got {text!r:.40}")
    return text


def _read_weight(text: str) -> float:
    try:
        weight = float(text) if text else 0.0
    except ValueError as err:
        raise SkippableError("broken_row", f"expected a number, got {text!r:.40}") from err
    if not -10.0 <= weight <= 10.0:
        raise SkippableError("broken_row", f"expected a Goldstein weight, got {text!r:.40}")
    return weight


def _gdelt_country(country: str, group: str) -> str | None:
    names = load_names("gdelt")
    return names.get(country) if country else names.get(group)


def _gdelt_sector(country: str, group: str, types: Sequence[str]) -> str:
    """Return the sector; an actor that is only a country stands for its state."""
    named = {kind for kind in types if kind}
    if not country and group:
        return "IGO"
    if "MIL" in named:
        return "MIL"
    if named.intersection(_NONSTATE_TYPES):
        return "NSA"
    return "GOV" if not named or named.intersection(_STATE_TYPES) else "CVL"


def _icews_country(country: str, actor: str) -> str | None:
    names = load_names("icews")
    return names.get((country or actor).casefold())


def _icews_sector(sectors: str, country: str) -> str:
    named = {part.strip() for part in sectors.split(",") if part.strip()}
    if not country:
        return "IGO"
    if "Military" in named:
        return "MIL"
    if named & {"Rebel", "Separatists", "Insurgents", "Radicals / Extremists / Fundamentalists"}:
        return "NSA"
    return "GOV" if not named or named & {"Government", "Police"} else "CVL"
