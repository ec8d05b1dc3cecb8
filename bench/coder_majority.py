"""What most of three readers saw in each entry of the test part: directed pairs and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import mode

from models.coder.labels import (
    TEST_READINGS,
    EntryLabel,
    EventLabel,
    events_by_pair,
    read_labels,
)


def majority_labels() -> dict[str, EntryLabel]:
    """Return the test labels by the majority of their readings."""
    readings = [read_labels(name) for name in TEST_READINGS]
    return {key: settle([reading[key] for reading in readings]) for key in readings[0]}


def settle(readings: Sequence[EntryLabel]) -> EntryLabel:
    """Return what most readings of one entry have.

    A directed pair has an event if more than half of the readings see one; it is the main
    event that most of these name, or the earliest reading's where all differ, in the manner
    that most give it.

    Example:
        >>> def read(*events): return EntryLabel("a", "two", (), tuple(events))
        >>> hit = EventLabel("USA", "IRQ", "ASSAULT", "asserted", False)
        >>> settle([read(), read(hit), read(hit)]).events == (hit,)
        True
    """
    main = [
        {ends: events[0] for ends, events in events_by_pair(reading).items()}
        for reading in readings
    ]
    ends = dict.fromkeys(ends for own in main for ends in own)
    said = ([own[pair] for own in main if pair in own] for pair in ends)
    kept = (_settle_pair(own) for own in said if 2 * len(own) > len(readings))
    return replace(readings[0], events=tuple(kept))


def _settle_pair(events: Sequence[EventLabel]) -> EventLabel:
    event = mode(event.plover_event for event in events)
    own = [label for label in events if label.plover_event == event]
    return replace(
        own[0],
        modality=mode(label.modality for label in own),
        is_nonstate=mode(label.is_nonstate for label in own),
    )
