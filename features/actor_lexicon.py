"""Surface forms of actors: reads ``data/actors`` and spells every variant out.

Which hits count in a text is decided in ``actor_rules``; nothing here sees a text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from features.countries import Country, load_countries, read_rows

FIRST_DAY: Final = date.min.toordinal()
LAST_DAY: Final = date.max.toordinal()
# Ministers and heads are still, or already, called so in the news around the change.
GRACE_DAYS: Final = 10
BLOCK: Final = "block"
_MIN_CAPS_LENGTH: Final = 4
_PLAIN: Final = str.maketrans(
    {"ı": "i", "İ": "I", "ł": "l", "Ł": "L", "ø": "o", "đ": "d", "Đ": "D"}
)
_NO_SURNAMES: Final = ("I", "II", "III", "IV", "VI", "X", "XIV", "XVI", "Jr.", "Jr")
_TITLES: Final = {
    "head": ("President", "Prime Minister"),
    "state": ("President", "President-elect"),
    "king": ("King", "Queen", "Emir", "Sultan", "Emperor", "Prince", "Crown Prince"),
    "government": ("Prime Minister", "Chancellor", "Premier", "PM"),
    "foreign": ("Foreign Minister", "Foreign Secretary", "Secretary of State"),
    "defence": (
        *("Defence Minister", "Defense Minister", "Defence Secretary", "Defense Secretary"),
        *("Secretary of War", "War Secretary"),
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one surface form stands for.

    Args:
        iso3: a code; several joined by ``;`` when the form names them all or any.
        kind: as in ``ActorMention.kind``, or ``block`` for no mention at all.
        first, last: ordinals of the days on which the row holds, inclusive.
        person: full name of a leader, "" otherwise.
        gender: ``m``, ``f`` or "".
        is_bare: a surname that counts only where the full name came before.
    """

    iso3: str
    kind: str
    sector: str
    first: int = FIRST_DAY
    last: int = LAST_DAY
    person: str = ""
    gender: str = ""
    is_bare: bool = False


Lexicon = dict[str, tuple[Entry, ...]]


def strip_accents(text: str) -> str:
    """Return the text without diacritics.

    Example:
        >>> strip_accents("Erdoğan, Łódź")
        'Erdogan, Lodz'
    """
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def spell_variants(surface: str, *, has_caps: bool = True) -> Iterator[str]:
    """Yield the form itself, without diacritics, and in capitals where that is safe."""
    forms = {surface, strip_accents(surface)}
    yield from forms
    if has_caps and len(surface) >= _MIN_CAPS_LENGTH:
        yield from {form.upper() for form in forms}


def build_lexicon() -> Lexicon:
    """Return every surface form with its entries."""
    lexicon: dict[str, list[Entry]] = {}
    for surface, entry in _all_entries():
        has_caps = entry.kind not in ("force", "agency") or " " in surface
        for form in spell_variants(surface, has_caps=has_caps):
            known = lexicon.setdefault(form, [])
            if entry not in known:
                known.append(entry)
    return {form: tuple(entries) for form, entries in lexicon.items()}


def _all_entries() -> Iterator[tuple[str, Entry]]:
    for country in load_countries().values():
        yield from _country_entries(country)
    for row in read_rows("seats"):
        yield row["surface"], Entry(row["iso3"], "seat", row["sector"])
    for row in read_rows("organisations"):
        yield row["surface"], Entry(row["iso3"], row["kind"], row["sector"])
    for row in read_rows("nonstate"):
        yield row["surface"], _group_entry(row)
    for row in read_rows("blocked"):
        yield row["surface"], Entry("", BLOCK, "")
    for name in ("leaders", "leaders_2003_2015"):
        for row in read_rows(name):
            yield from _leader_entries(row)


def _country_entries(country: Country) -> Iterator[tuple[str, Entry]]:
    sector = "IGO" if country.is_body else "GOV"
    for name in country.names:
        yield name, Entry(country.iso3, "name", sector)
    for word in country.adjectives:
        if word not in country.names:
            yield word, Entry(country.iso3, "demonym", sector)
    for word in country.nouns:
        yield word, Entry(country.iso3, "demonym", "CVL")
    for word in country.capitals:
        yield word, Entry(country.iso3, "capital", sector)


def _day(text: str, default: int, shift: int = 0) -> int:
    return date.fromisoformat(text).toordinal() + shift if text else default


def _group_entry(row: dict[str, str]) -> Entry:
    kind = "nonstate" if row["sector"] == "NSA" else "name"
    country = load_countries().get(row["iso3"])
    if country and set(row["surface"].split()) & {country.name, *country.adjectives}:
        kind = "demonym"
    first, last = _day(row["from"], FIRST_DAY), _day(row["to"], LAST_DAY)
    return Entry(row["iso3"], kind, row["sector"], first, last)


def _leader_entries(row: dict[str, str]) -> Iterator[tuple[str, Entry]]:
    kind = "minister" if row["role"] in ("foreign", "defence") else "leader"
    sector = "IGO" if row["iso3"] in ("EUE", "NAT", "UNO") else "GOV"
    first = _day(row["from"], FIRST_DAY, -GRACE_DAYS)
    last = _day(row["to"], LAST_DAY, GRACE_DAYS)
    common = (row["iso3"], kind, sector, first, last, row["name"], row["gender"])
    for name in (row["name"], *filter(None, row["also"].split(";"))):
        if " " in name:
            yield name, Entry(*common)
    last_word = row["name"].rsplit(" ", 1)[-1]
    for surname in (row["surname"] or last_word).split(";"):
        if surname in _NO_SURNAMES:
            continue
        yield surname, Entry(*common, is_bare=row["alone"] != "y")
        for title in _TITLES.get(row["role"], ()):
            yield f"{title} {surname}", Entry(*common)
