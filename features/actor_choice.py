"""Which of its meanings a surface form has here: shared surnames, Congo, roaming groups."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Final

from features.actor_lexicon import Entry
from features.actor_match import Hit
from features.countries import read_rows

ALL_OF: Final = ";"
ANY_OF: Final = "|"


def unlock_people(hits: Collection[Hit]) -> frozenset[str]:
    """Return the full names that stand in the text, so that their surnames may follow."""
    return frozenset(
        entry.person for hit in hits for entry in hit.entries if entry.person and not entry.is_bare
    )


def choose_entry(hit: Hit, people: Collection[str], named: Collection[str]) -> Entry | None:
    """Return what the form stands for, or None when that is uncertain.

    Args:
        hit: a form with the entries that hold on the day.
        people: full names that occurred; a bare surname needs its own among them.
        named: codes that the text names otherwise; they decide between namesakes.
    """
    entries = [e for e in hit.entries if not e.is_bare or e.person in people]
    if len({entry.iso3 for entry in entries}) > 1:
        entries = _prefer(entries, people, named)
    return entries[0] if entries else None


def _prefer(entries: list[Entry], people: Collection[str], named: Collection[str]) -> list[Entry]:
    """Return the entries of the one country that the text favours, or none."""
    places = [entry for entry in entries if not entry.person]
    if places:
        return places
    for likely in (
        [e for e in entries if e.person in people and e.iso3 in named],
        [e for e in entries if e.iso3 in named],
        [e for e in entries if e.person in people],
    ):
        if len({entry.iso3 for entry in likely}) == 1:
            return likely
    return []


def settle_codes(form: str, entry: Entry, text: str, named: Collection[str]) -> tuple[str, ...]:
    """Return the codes that the form carries in this text, possibly none.

    "the Koreas" carry two; a group without one home carries the country of its homes
    that the text names, and none when it names none or several.
    """
    if ANY_OF in entry.iso3:
        homes = [code for code in entry.iso3.split(ANY_OF) if code in named]
        return tuple(homes) if len(homes) == 1 else ()
    if form in _senses():
        return (_sense_of(form, text) or entry.iso3,)
    return tuple(entry.iso3.split(ALL_OF))


@lru_cache(maxsize=8)
def _sense_of(form: str, text: str) -> str:
    return next((iso3 for iso3, cue in _senses()[form] if cue in text), "")


@cache
def _senses() -> dict[str, list[tuple[str, str]]]:
    """Return form -> (code, cue): the cue anywhere in the text moves the form to the code."""
    senses: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("senses"):
        senses.setdefault(row["surface"], []).append((row["iso3"], row["cue"]))
    return senses
