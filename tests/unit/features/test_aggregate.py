"""Events of one day become the counts of their pairs: each event once, force only when sure."""

from __future__ import annotations

from typing import Any

import pytest

from features.aggregate import FORCE_CONFIDENCE, aggregate_day, distinct_events, is_force


def told(**changes: Any) -> dict[str, Any]:
    """Return a use of force of the United States on Venezuela, with changes."""
    row: dict[str, Any] = {
        "story_id": "s1",
        "article_id": "a1",
        "sentence_index": 0,
        "source_iso3": "USA",
        "target_iso3": "VEN",
        "source_sector": "MIL",
        "target_sector": "GOV",
        "plover_event": "ASSAULT",
        "quad_class": 4,
        "goldstein": -10.0,
        "families": ("military",),
        "modality": "asserted",
        "confidence": 0.9,
    }
    return row | changes


def test_a_use_of_force_counts_for_its_pair_and_direction() -> None:
    rows = aggregate_day([told()], {"s1": ("USA", "VEN")})
    row = rows["USA-VEN"]
    assert (row["force_ab_count"], row["force_ba_count"]) == (1, 0)
    assert row["goldstein_sum_ab"] == row["goldstein_min_ab"] == -10.0
    assert row["mention_count"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"confidence": FORCE_CONFIDENCE - 0.01},
        {"modality": "planned"},
        {"target_sector": "NSA"},
        {"plover_event": "THREATEN", "quad_class": 3, "families": ("threat",)},
    ],
    ids=["unsure", "planned", "on an armed group", "only a threat"],
)
def test_what_is_no_sure_force_between_states_is_an_event_but_no_force(
    changes: dict[str, Any],
) -> None:
    event = told(**changes)
    row = aggregate_day([event], {})["USA-VEN"]
    assert not is_force(event)
    assert row["force_ab_count"] == 0
    assert row["event_ab_count"] == 1


def test_a_claim_of_one_side_is_counted_apart() -> None:
    row = aggregate_day([told(modality="reported")], {})["USA-VEN"]
    assert (row["reported_count"], row["event_ab_count"], row["force_ab_count"]) == (1, 0, 0)


def test_one_story_counts_once_and_by_its_surest_sentence_in_any_order() -> None:
    sure, unsure = told(confidence=0.8, sentence_index=3), told(confidence=0.4)
    planned = told(modality="planned", confidence=0.99, sentence_index=5)
    for events in ([sure, unsure, planned], [planned, unsure, sure]):
        assert distinct_events(events) == [sure]
        assert aggregate_day(events, {})["USA-VEN"]["force_ab_count"] == 1


def test_a_roll_call_pairs_nobody() -> None:
    assert aggregate_day([], {"s1": [f"{letter}AA" for letter in "ABCDEFGHIJKLM"]}) == {}
