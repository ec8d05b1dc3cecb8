"""Lessons: plain sentences of our own, written out from templates, for training only.

News holds few negated, planned or historical events and few bare frames; a lesson shows
them with countries that change from sentence to sentence, so that none is learnt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Final

from features.countries import load_countries
from models.coder.labels import EntryLabel, EventLabel, parse_event
from models.coder.rows import Entry

STRATUM: Final = "lesson"
# Bare frames, and sentences in the register of the wires.
PLAIN, WIRE = "lessons", "wire_lessons"
DAY: Final = date(2020, 6, 1)
# Any countries would do; neighbours in the list never meet in one lesson.
# fmt: off
_COUNTRIES: Final = (
    "KEN", "SWE", "PER", "IRN", "VNM", "MAR", "RUS", "CHL", "JPN", "ETH", "DEU", "PAK",
    "COL", "TUR", "THA", "UGA", "UKR", "CHN", "SRB", "EGY", "ISR", "GRC", "CUB",
)
# fmt: on
_CHOICE: Final = re.compile(r"\[([^\]]*\|[^\]]*)\]")
_SLOT: Final = re.compile(r"\{([STU])(\.[ac])?\}")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sentence of our own and its events."""

    entry: Entry
    label: EntryLabel


def read_lessons(name: str) -> Iterator[Lesson]:
    """Yield every lesson of ``PLAIN`` or ``WIRE``, in the order of the templates."""
    path = resources.files("models.coder") / "labels" / f"{name}.tsv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    for row, line in enumerate(lines[1:]):
        template, events = line.split("\t")
        for number, text in enumerate(expand(template)):
            yield _fill(f"{name}-{row:03d}-{number:02d}", text, events, 5 * row + 7 * number)


def expand(template: str) -> list[str]:
    """Return the template written out, once an option of its longest list.

    Example:
        >>> expand("[a|b] or [c|d|e]")
        ['a or c', 'b or d', 'a or e']
    """
    count = max([1, *(len(found[1].split("|")) for found in _CHOICE.finditer(template))])
    return [_choose(template, number) for number in range(count)]


def _choose(template: str, number: int) -> str:
    def pick(found: re.Match[str]) -> str:
        options = found[1].split("|")
        return options[number % len(options)]

    return _CHOICE.sub(pick, template)


def _fill(name: str, text: str, events: str, turn: int) -> Lesson:
    """Return the lesson with three different countries in its slots."""
    codes = {
        slot: _COUNTRIES[(turn + step) % len(_COUNTRIES)]
        for slot, step in (("S", 0), ("T", 4), ("U", 11))
    }
    filled = _SLOT.sub(lambda found: _name(codes[found[1]], found[2]), text)
    found = () if events == "-" else tuple(_events(events, codes))
    return Lesson(Entry(name, DAY, "", filled), EntryLabel(name, STRATUM, (), found))


def _name(code: str, form: str | None) -> str:
    country = load_countries()[code]
    if form is None:
        return country.name
    return country.adjectives[0] if form == ".a" else country.capitals[0]


def _events(text: str, codes: Mapping[str, str]) -> Iterator[EventLabel]:
    """Yield the events of a template; ``S=T`` stands for both directions."""
    for item in text.split(";"):
        ends, _, rest = item.partition(":")
        source, target = codes[ends[0]], codes[ends[2]]
        yield parse_event(f"{source}>{target}:{rest}")
        if ends[1] == "=":
            yield parse_event(f"{target}>{source}:{rest}")
