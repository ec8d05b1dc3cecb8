"""The labels read by the developers: their file format, split and agreement. No text here."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

from features.errors import DataError
from features.ontology import MODALITIES, PLOVER_EVENTS

TRAIN, TEST, EXTRA = "portal_train", "portal_test", "portal_extra"
SECOND_READING = "portal_second_reading"
# The whole test part, read twice more.
TEST_READINGS = (TEST, "portal_test_second", "portal_test_third")
TEST_SHARE: Final = 4
_EVENT: Final = re.compile(r"([A-Z]{3})>([A-Z]{3}):([A-Z]+):([a-z]+)(:ns)?")


@dataclass(frozen=True, slots=True)
class EventLabel:
    """One event that a reader found.

    Args:
        is_nonstate: either end is an armed group or citizens, not the state itself.
    """

    source_iso3: str
    target_iso3: str
    plover_event: str
    modality: str
    is_nonstate: bool


@dataclass(frozen=True, slots=True)
class EntryLabel:
    """What a reader found in one portal entry.

    Args:
        stratum: ``two`` when drawn from entries naming two countries, ``any`` when from all,
            ``chosen`` when picked to teach the coder.
    """

    entry_id: str
    stratum: str
    countries: tuple[str, ...]
    events: tuple[EventLabel, ...]


def is_test(entry_id: str) -> bool:
    """Return whether an entry belongs to the test part; depends on nothing but the id."""
    return zlib.crc32(entry_id.encode()) % TEST_SHARE == 0


def parse_event(text: str) -> EventLabel:
    """Return an event written as ``"USA>CAN:SANCTION:planned"`` or with ``:ns``.

    Raises:
        DataError: the text has another shape or an unknown event or modality.

    Example:
        >>> parse_event("ISR>LBN:ASSAULT:asserted:ns").is_nonstate
        True
    """
    found = _EVENT.fullmatch(text)
    if found is None or found[3] not in PLOVER_EVENTS or found[4] not in MODALITIES:
        raise DataError(f"expected an event such as 'USA>CAN:SANCTION:planned', got {text!r}")
    return EventLabel(found[1], found[2], found[3], found[4], bool(found[5]))


def read_labels(name: str) -> dict[str, EntryLabel]:
    """Return the labels of one file, such as ``portal_train`` or ``portal_test``."""
    path = resources.files("models.coder") / "labels" / f"{name}.tsv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {label.entry_id: label for label in map(_parse_line, lines[1:])}


def _parse_line(line: str) -> EntryLabel:
    entry_id, stratum, countries, events = line.split("\t")
    return EntryLabel(
        entry_id,
        stratum,
        () if countries == "-" else tuple(countries.split()),
        () if events == "-" else tuple(parse_event(e) for e in events.split(";")),
    )


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return Cohen's kappa of two readings of the same items.

    Example:
        >>> cohen_kappa("aabb", "aabb"), cohen_kappa("aabb", "abab")
        (1.0, 0.0)
    """
    count = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / count
    ours, theirs = Counter(first), Counter(second)
    chance = sum(ours[key] * theirs[key] for key in ours) / count**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def events_by_pair(label: EntryLabel) -> Mapping[tuple[str, str], list[EventLabel]]:
    """Return the events of an entry by (source, target), in the reader's order."""
    found: dict[tuple[str, str], list[EventLabel]] = {}
    for event in label.events:
        found.setdefault((event.source_iso3, event.target_iso3), []).append(event)
    return found
