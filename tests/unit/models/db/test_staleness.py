from __future__ import annotations

from datetime import date

from models.db.dyad_days import upsert_day_volumes
from models.db.staleness import mark_stale, stale_days

VOLUME = {
    "day": date(2026, 1, 9),
    "extractor_version": "x1",
    "corpus": "news",
    "article_count": 0,
    "story_count": 0,
    "event_count": 0,
}


def test_a_counted_day_without_any_article_left_is_stale(memory):
    upsert_day_volumes(memory, [VOLUME], "r1")
    assert stale_days(memory, "x1", "news") == []
    upsert_day_volumes(memory, [VOLUME | {"article_count": 2}], "r2")
    assert stale_days(memory, "x1", "news") == [date(2026, 1, 9)]
    assert stale_days(memory, "x2", "news") == []


def test_forgetting_other_streams_changes_nothing(memory):
    upsert_day_volumes(memory, [VOLUME | {"article_count": 2}], "r1")
    mark_stale(memory, [date(2026, 1, 9)], "x1", "portal")
    assert stale_days(memory, "x1", "news") == [date(2026, 1, 9)]
    mark_stale(memory, [date(2026, 1, 9)], "x1", "news")
    assert stale_days(memory, "x1", "news") == []
