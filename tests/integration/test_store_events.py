from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from features.errors import DataError
from features.registry import DYAD_DAY_COLUMNS
from features.types import Event
from models.db import store


def event_value(**over) -> Event:
    fields = {
        "article_id": "a1",
        "sentence_index": 0,
        "sentence": "Washington threatened Colombia.",
        "start": 0,
        "end": 31,
        "source_iso3": "USA",
        "target_iso3": "COL",
        "source_actor": "Washington",
        "target_actor": "Colombia",
        "source_sector": "GOV",
        "target_sector": "GOV",
        "plover_event": "THREATEN",
        "quad_class": 3,
        "goldstein": -6.0,
        "families": ("threat",),
        "modality": "asserted",
        "confidence": 0.9,
        "trigger": "threatened",
        "direction": "nsubj <- threaten -> obj",
        "event_date": date(2026, 1, 8),
    }
    return Event(**(fields | over))


def test_event_values_become_rows(engine):
    moment = datetime(2026, 1, 9, 23, 30, tzinfo=UTC)
    row = store.event_row(event_value(), "x1", moment, "story-1")
    assert store.upsert_events(engine, [row], "r1") == 1
    (found,) = store.read_events(engine)
    assert (found["dyad"], found["day"], found["families"]) == (
        "COL-USA",
        date(2026, 1, 9),
        ("threat",),
    )
    assert found["event_id"] == store.event_key(event_value(confidence=0.1), "x1")
    assert found["event_id"] != store.event_key(event_value(), "x2")


def test_coding_anew_removes_what_is_no_longer_found(engine, rows):
    store.upsert_articles(engine, [rows.article(), rows.article("a2")], "r1")
    events = [
        rows.event("e1"),
        rows.event("e2", sentence_index=2),
        rows.event("e3", article_id="a2"),
    ]
    marks = [rows.extraction(), rows.extraction("a2")]
    assert store.store_extraction(engine, "x1", marks, events, "r1") == 3
    assert store.store_extraction(engine, "x1", marks, events, "r2") == 0
    assert (
        store.store_extraction(
            engine, "x1", [rows.extraction()], [rows.event("e2", sentence_index=2)], "r3"
        )
        == 1
    )
    assert [e["event_id"] for e in store.read_events(engine)] == ["e2", "e3"]


def test_other_extractor_versions_are_left_alone(engine, rows):
    store.upsert_events(engine, [rows.event("old")], "r1")
    store.replace_events(engine, ["a1"], "x2", [rows.event("new", extractor_version="x2")], "r2")
    assert len(store.read_events(engine)) == 2
    assert store.replace_events(engine, ["a1"], "x2", [], "r3") == 1
    assert [e["event_id"] for e in store.read_events(engine)] == ["old"]


def test_extraction_without_its_article_is_refused_whole(engine, rows):
    with pytest.raises(DataError, match="core_extraction"):
        store.store_extraction(engine, "x1", [rows.extraction("nowhere")], [rows.event()], "r1")
    assert store.read_events(engine) == []


def test_reading_events_by_pair_day_and_article(engine, rows):
    events = [
        rows.event("e1"),
        rows.event("e2", sentence_index=2, day=date(2026, 1, 12)),
        rows.event("e3", article_id="a2", dyad="USA-VEN", target_iso3="VEN", corpus="portal"),
    ]
    store.upsert_events(engine, events, "r1")

    def ids(**where):
        return [e["event_id"] for e in store.read_events(engine, **where)]

    assert ids(dyad="COL-USA") == ["e1", "e2"]
    assert ids(since=date(2026, 1, 10)) == ["e2"]
    assert ids(until=date(2026, 1, 12)) == ["e1", "e3"]
    assert ids(corpus="portal", extractor_version="x1") == ["e3"]
    assert ids(article_ids=["a2"]) == ["e3"]
    assert ids(article_ids=[]) == []
    assert store.read_event_days(engine, "x1", ["a1"]) == [date(2026, 1, 9), date(2026, 1, 12)]


def test_countries_of_coded_articles(engine, rows):
    late = datetime(2026, 1, 10, tzinfo=UTC)
    store.upsert_articles(
        engine, [rows.article(), rows.article("a2", published_at=late), rows.article("a3")], "r1"
    )
    marks = [rows.extraction(), rows.extraction("a2"), rows.extraction("a3", content_hash="old")]
    store.upsert_extractions(engine, marks, "r1")
    span = {"since": date(2026, 1, 9), "until": date(2026, 1, 10)}
    (found,) = store.read_story_countries(engine, "x1", **span)
    assert (found["article_id"], found["countries"]) == ("a1", ("COL", "USA"))
    assert [m["article_id"] for m in store.read_extractions(engine, "x1")] == ["a1", "a2", "a3"]
    assert len(store.read_extractions(engine, "x1", article_ids=["a2"])) == 1


def test_days_aggregated_anew_lose_their_stale_pairs(engine, rows):
    day = date(2026, 1, 9)
    first = [rows.dyad_day(), rows.dyad_day("USA-VEN"), rows.dyad_day(corpus="portal")]
    assert store.upsert_dyad_days(engine, first, "r1") == 3
    second = [rows.dyad_day(threat_ba_count=1)]
    assert store.replace_dyad_days(engine, [day], "x1", "news", second, "r2") == 2
    assert store.replace_dyad_days(engine, [day], "x1", "news", second, "r3") == 0
    frame = store.read_dyad_days(engine)
    assert frame[["dyad", "corpus"]].to_numpy().tolist() == [
        ["COL-USA", "news"],
        ["COL-USA", "portal"],
    ]
    assert store.replace_dyad_days(engine, [day], "x1", "news", [], "r4") == 1


def test_frames_have_their_columns_also_when_empty(engine, rows):
    empty = store.read_dyad_days(engine)
    assert list(empty.columns) == ["dyad", "day", "corpus", *DYAD_DAY_COLUMNS]
    assert pd.api.types.is_datetime64_any_dtype(empty["day"])
    store.upsert_dyad_days(engine, [rows.dyad_day(), rows.dyad_day("USA-VEN")], "r1")
    store.upsert_day_volumes(engine, [rows.volume(), rows.volume(day=date(2026, 1, 8))], "r1")
    frame = store.read_dyad_days(
        engine, dyads=["USA-VEN"], corpora=["news"], extractor_version="x1"
    )
    assert frame["day"].dt.date.tolist() == [date(2026, 1, 9)]
    volumes = store.read_day_volumes(engine, until=date(2026, 1, 9), corpora=["news"])
    assert volumes["article_count"].tolist() == [3]
    assert store.count_dyad_days(engine) == 2
    assert store.count_dyad_days(engine, "portal") == 0


def test_stale_days_follow_articles_and_events(engine, rows):
    day = date(2026, 1, 9)
    assert store.stale_days(engine, "x1", "news") == []
    store.upsert_articles(engine, [rows.article()], "r1")
    store.store_extraction(engine, "x1", [rows.extraction()], [rows.event()], "r1")
    assert store.stale_days(engine, "x1", "news") == [day]
    volume = rows.volume(article_count=1, story_count=1, event_count=1)
    store.upsert_day_volumes(engine, [volume], "r1")
    assert store.stale_days(engine, "x1", "news") == []
    store.mark_stale(engine, [day], "x1", "news")
    assert store.stale_days(engine, "x1", "news") == [day]
