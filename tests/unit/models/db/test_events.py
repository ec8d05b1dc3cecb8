from __future__ import annotations

from datetime import UTC, date, datetime

from features.types import Event
from models.db.convert import event_row
from models.db.events import read_events, replace_events

EVENT = Event(
    article_id="a1",
    sentence_index=1,
    sentence="Washington threatened Colombia.",
    start=7,
    end=38,
    source_iso3="USA",
    target_iso3="COL",
    source_actor="Washington",
    target_actor="Colombia",
    source_sector="GOV",
    target_sector="GOV",
    plover_event="THREATEN",
    quad_class=3,
    goldstein=-6.0,
    families=("threat",),
    modality="asserted",
    confidence=0.9,
    trigger="threatened",
    direction="nsubj",
    event_date=date(2026, 1, 8),
)
NOON = datetime(2026, 1, 9, 12, tzinfo=UTC)


def test_replacing_with_the_same_events_changes_nothing(memory):
    rows = [event_row(EVENT, "x1", NOON, "s1")]
    assert replace_events(memory, ["a1"], "x1", rows, "r1") == 1
    assert replace_events(memory, ["a1"], "x1", rows, "r2") == 0
    assert read_events(memory)[0]["run_id"] == "r1"


def test_replacing_with_none_removes_all(memory):
    replace_events(memory, ["a1"], "x1", [event_row(EVENT, "x1", NOON, "s1")], "r1")
    assert replace_events(memory, ["a1"], "x1", [], "r2") == 1
    assert replace_events(memory, ["a1"], "x1", [], "r3") == 0


def test_families_come_back_as_a_tuple(memory):
    replace_events(memory, ["a1"], "x1", [event_row(EVENT, "x1", NOON, "s1")], "r1")
    assert read_events(memory)[0]["families"] == ("threat",)
