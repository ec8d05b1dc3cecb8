"""How far two independent readings of the same portal entries agree: Cohen's kappa.

    python -m bench.agreement

Needs the labels alone, which ship with the project, and no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from features.ontology import NO_EVENT, QUAD_CLASS
from models.coder.labels import (
    SECOND_READING,
    TEST,
    TEST_READINGS,
    TRAIN,
    EntryLabel,
    EventLabel,
    cohen_kappa,
    events_by_pair,
    read_labels,
)

Pairs = list[tuple[EntryLabel, EntryLabel]]


def both_readings() -> Pairs:
    """Return first and second reading of every entry that was read twice."""
    first = read_labels(TRAIN) | read_labels(TEST)
    second = read_labels(SECOND_READING)
    return [(first[key], label) for key, label in second.items() if key in first]


def paired_events(pairs: Pairs) -> list[tuple[EventLabel | None, EventLabel | None]]:
    """Return the first event of each directed pair that either reading has."""
    found = []
    for one, two in pairs:
        ours, theirs = events_by_pair(one), events_by_pair(two)
        for ends in sorted(ours.keys() | theirs.keys()):
            mine, other = ours.get(ends, [None]), theirs.get(ends, [None])
            found.append((mine[0], other[0]))
    return found


def kappas(pairs: Pairs) -> dict[str, tuple[int, float, float]]:
    """Return for each question the number of items, the share agreed on, and kappa."""
    events = paired_events(pairs)
    shared = [(one, two) for one, two in events if one and two]
    return {
        "entry has an event": _agree([(bool(a.events), bool(b.events)) for a, b in pairs]),
        "entry has conflict": _agree([(_conflict(a), _conflict(b)) for a, b in pairs]),
        "quad class or none, of a pair": _agree([(_quad(a), _quad(b)) for a, b in events]),
        "quad class, of a shared pair": _agree([(_quad(a), _quad(b)) for a, b in shared]),
        "PLOVER event, of a shared pair": _agree(
            [(a.plover_event, b.plover_event) for a, b in shared]
        ),
        "modality, of a shared pair": _agree([(a.modality, b.modality) for a, b in shared]),
    }


def _conflict(label: EntryLabel) -> bool:
    return any(QUAD_CLASS[event.plover_event] >= 3 for event in label.events)


def _quad(event: EventLabel | None) -> str:
    return str(QUAD_CLASS[event.plover_event]) if event else NO_EVENT


def _agree(items: Sequence[tuple[object, object]]) -> tuple[int, float, float]:
    first, second = [a for a, _ in items], [b for _, b in items]
    share = sum(a == b for a, b in items) / len(items)
    return len(items), share, cohen_kappa(first, second)


def print_table(title: str, pairs: Pairs) -> None:
    """Print one line a question."""
    print(f"{title:44} {'items':>6} {'agreed':>7} {'kappa':>6}")
    for question, (count, share, kappa) in kappas(pairs).items():
        print(f"  {question:42} {count:6d} {share:7.3f} {kappa:6.3f}")


def main() -> None:
    """Print a table for the entries of both parts, and one for each two readings of the test."""
    print_table("entries of both parts, read twice", both_readings())
    for one, two in combinations(TEST_READINGS, 2):
        first, second = read_labels(one), read_labels(two)
        print_table(f"{one} and {two}", [(first[key], second[key]) for key in first])


if __name__ == "__main__":
    main()
