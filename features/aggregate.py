"""Events and co-mentions of one publication day -> one DyadDay row a pair.

One event told in five sentences of an article, or by five outlets of one story,
counts once: rows are distinct by (story, source, target, PLOVER event).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from features.registry import DIRECTED_COUNTS, DYAD_DAY_COLUMNS, count_column
from features.types import Dyad

# A story that names more countries than this (a roll-call, a table) pairs none of them.
MAX_MENTION_COUNTRIES = 12
# The coder's least confidence in a use of force that counts as one.
FORCE_CONFIDENCE = 0.4

Row = dict[str, Any]


def empty_counts() -> Row:
    """Return a DyadDay's value columns, all zero."""
    return dict.fromkeys(DYAD_DAY_COLUMNS, 0)


def _direction(dyad: Dyad, source_iso3: str) -> str:
    return "ab" if source_iso3 == dyad.a else "ba"


def _event_key(event: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        event["story_id"],
        event["source_iso3"],
        event["target_iso3"],
        event["plover_event"],
    )


def distinct_events(events: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return one event a story, direction and PLOVER event: the best, whatever the order.

    Current before not current, asserted before planned, then by confidence and text.
    """
    ranked = sorted(
        events,
        key=lambda e: (
            e["modality"] != "asserted",
            e["modality"] != "planned",
            not is_force(e),
            -e["confidence"],
            e["article_id"],
            e["sentence_index"],
        ),
    )
    kept: dict[tuple[str, str, str, str], Mapping[str, Any]] = {}
    for event in ranked:
        kept.setdefault(_event_key(event), event)
    return list(kept.values())


def is_force(event: Mapping[str, Any]) -> bool:
    """Return whether a row is an asserted use of force that is more likely so than not.

    The coder weighs rare classes up and so is too modest about force: of what it calls force
    just above the floor, the reader of held-out training labels agreed on most.
    """
    states = ("GOV", "MIL")
    return bool(
        event["plover_event"] == "ASSAULT"
        and event["confidence"] >= FORCE_CONFIDENCE
        and event["modality"] == "asserted"
        and event["source_sector"] in states
        and event["target_sector"] in states
    )


def _add_event(row: Row, event: Mapping[str, Any], direction: str) -> None:
    counted = set(event["families"]) | {f"quad{event['quad_class']}", "event"}
    if is_force(event):
        counted.add("force")
    for name in DIRECTED_COUNTS:
        if name in counted:
            row[count_column(name, direction)] += 1
    row[f"goldstein_sum_{direction}"] += event["goldstein"]
    low = f"goldstein_min_{direction}"
    row[low] = min(row[low], event["goldstein"])


def aggregate_day(
    events: Sequence[Mapping[str, Any]], story_countries: Mapping[str, Sequence[str]]
) -> dict[str, Row]:
    """Return DyadDay value columns by pair for one publication day.

    Args:
        events: rows with ``story_id`` and the fields of ``features.types.Event``
            (``families`` a sequence); all of one publication day.
        story_countries: codes named by each story of the day.

    Returns:
        Pair such as ``"COL-USA"`` -> counts; pairs only named together have
        ``mention_count`` and no events.
    """
    rows: dict[str, Row] = {}
    for countries in story_countries.values():
        codes = sorted(set(countries))
        if len(codes) > MAX_MENTION_COUNTRIES:
            continue
        for a, b in combinations(codes, 2):
            rows.setdefault(f"{a}-{b}", empty_counts())["mention_count"] += 1
    for event in distinct_events(events):
        dyad = Dyad.of(event["source_iso3"], event["target_iso3"])
        row = rows.setdefault(str(dyad), empty_counts())
        if event["modality"] in ("asserted", "planned"):
            _add_event(row, event, _direction(dyad, event["source_iso3"]))
        elif event["modality"] == "reported":
            row["reported_count"] += 1
    return rows
