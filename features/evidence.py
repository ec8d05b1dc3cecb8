"""Which sentences speak loudest for a pair's score: what a reader would quote.

The act is named by the coder elsewhere; here its sentence is weighed: how grave, how sure,
how fresh, how current, how clearly about these two, how well it can be quoted alone.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

Row = Mapping[str, Any]

_STATE_SECTORS: Final = frozenset({"GOV", "MIL"})


def _modality_weights() -> Mapping[str, float]:
    return {
        "asserted": 1.0,
        "planned": 0.8,
        "reported": 0.3,
        "hypothetical": 0.15,
        "negated": 0.1,
        "historical": 0.1,
    }


@dataclass(frozen=True, slots=True)
class EvidenceParams:
    """What makes a sentence good evidence; each factor but the first is at most 1.

    Args:
        days: sentences older than this are none.
        count: sentences a pair and day.
        half_life_days: after so many days a sentence counts half.
        modality: factor by modality; only what is asserted or planned enters a score.
        calming: factor of an act of cooperation.
        past: factor of a sentence that tells of the past.
        leaning: factor of a sentence that needs the one before it.
        nonstate: factor where a side is no government or army.
        shared: factor for each further pair of which the sentence tells.
        repeated: factor of an act that a weightier sentence of the same story tells already.
        shortest, longest: characters of a sentence that can be quoted; beyond, less.
    """

    days: int = 90
    count: int = 5
    half_life_days: float = 14.0
    modality: Mapping[str, float] = field(default_factory=_modality_weights)
    calming: float = 0.6
    past: float = 0.3
    leaning: float = 0.7
    nonstate: float = 0.7
    shared: float = 0.9
    repeated: float = 0.5
    shortest: int = 30
    longest: int = 260


DEFAULTS: Final = EvidenceParams()


def read_background() -> list[dict[str, str]]:
    """Return the rows of ``data/background.csv``: kind, pattern, example."""
    text = resources.files("features.data").joinpath("background.csv").read_text("utf-8")
    rows = (line for line in text.splitlines() if not line.startswith("#"))
    return list(csv.DictReader(rows))


@cache
def _background(kind: str) -> re.Pattern[str]:
    found = [f"(?:{row['pattern']})" for row in read_background() if row["kind"] == kind]
    return re.compile("|".join(found), re.IGNORECASE)


def is_past(sentence: str) -> bool:
    """Return whether a sentence tells of the past rather than of the day.

    Example:
        >>> is_past("Ukraine has years of practice in stopping drones that Russia fires.")
        True
    """
    return _background("past").search(sentence) is not None


def is_leaning(sentence: str) -> bool:
    """Return whether a sentence opens with words that point to the one before it.

    Example:
        >>> [is_leaning(s) for s in ("It hit Lviv.", "Russia hit Lviv.")]
        [True, False]
    """
    return _background("leaning").match(sentence) is not None


def quotability(sentence: str, params: EvidenceParams = DEFAULTS) -> float:
    """Return how well a sentence stands alone, 0..1: length, no past, no leaning."""
    size = max(len(sentence), 1)
    fit = min(1.0, size / params.shortest, params.longest / size)
    fit *= params.past if is_past(sentence) else 1.0
    return fit * (params.leaning if is_leaning(sentence) else 1.0)


def evidence_weight(
    event: Row, as_of_date: date, pair_count: int = 1, params: EvidenceParams = DEFAULTS
) -> float:
    """Return how much an event's sentence speaks for its pair's score, 0..about 3.2.

    The gravity of the act enters by its root and the coder's confidence by its square, so
    that a clear report of a lesser act stands before an unclear one of a graver act.

    Args:
        event: columns of a stored event.
        as_of_date: day of the score.
        pair_count: of how many pairs the sentence tells.
        params: the factors.
    """
    age = (as_of_date - event["day"]).days
    states = {event["source_sector"], event["target_sector"]} <= _STATE_SECTORS
    weight = abs(event["goldstein"]) ** 0.5 * event["confidence"] ** 2
    weight *= params.modality[event["modality"]] * 0.5 ** (age / params.half_life_days)
    weight *= 1.0 if states else params.nonstate
    weight *= 1.0 if event["goldstein"] < 0 else params.calming
    weight *= params.shared ** (pair_count - 1)
    return float(weight * quotability(event["sentence"], params))


def rank_evidence(
    events: Iterable[Row], as_of_date: date, params: EvidenceParams = DEFAULTS
) -> dict[str, list[tuple[float, Row]]]:
    """Return each pair's strongest sentences with their weights, strongest first.

    A sentence stands once a pair, and the order of the events plays no part.

    Args:
        events: stored events, also of other days, which are left out.
        as_of_date: only what was published before this day counts.
        params: the factors.
    """
    first = as_of_date - timedelta(days=params.days)
    recent = [event for event in events if first <= event["day"] < as_of_date]
    pairs = Counter(place for place, _ in {(_place(event), event["dyad"]) for event in recent})
    weighed = [
        (evidence_weight(event, as_of_date, pairs[_place(event)], params), event)
        for event in recent
    ]
    by_dyad: dict[str, list[tuple[float, Row]]] = {}
    for weight, event in sorted(weighed, key=_order):
        by_dyad.setdefault(event["dyad"], []).append((weight, event))
    return {dyad: _choose(found, params) for dyad, found in by_dyad.items()}


def _choose(found: Sequence[tuple[float, Row]], params: EvidenceParams) -> list[tuple[float, Row]]:
    """Return the best of one pair's sentences, each once, an act told again weighing less."""
    told: set[tuple[Any, ...]] = set()
    kept: dict[str, tuple[float, Row]] = {}
    for weight, event in found:
        act = (event["story_id"], event["plover_event"], event["source_iso3"])
        again = params.repeated if act in told else 1.0
        if kept.setdefault(event["sentence"], (weight * again, event))[1] is event:
            told.add(act)
    ranked = sorted(kept.values(), key=_order)[: params.count]
    return [(round(weight, 4), event) for weight, event in ranked]


def _place(event: Row) -> tuple[str, int]:
    return event["article_id"], event["sentence_index"]


def _order(item: tuple[float, Row]) -> tuple[float, Any, str]:
    weight, event = item
    return -weight, event["published_at"], event["event_id"]
