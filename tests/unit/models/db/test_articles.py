from __future__ import annotations

from datetime import UTC, datetime

import pytest

from features.errors import DataError
from models.db.articles import needs_extraction, read_articles, set_stories, upsert_articles

ROW = {
    "article_id": "a1",
    "url": None,
    "outlet": "Example Times",
    "title": "A title",
    "text": "A text.",
    "published_at": datetime(2026, 1, 9, tzinfo=UTC),
    "date_origin": "feed",
    "language": "en",
    "content_hash": "h1",
    "story_id": "a1",
    "origin": "x",
}


def test_three_versions_leave_two_behind(memory):
    for number in (1, 2, 3):
        row = ROW | {"content_hash": f"h{number}", "text": f"Text {number}."}
        assert upsert_articles(memory, [row], f"r{number}") == 1
    assert upsert_articles(memory, [ROW], "r4") == 0
    (found,) = read_articles(memory)
    assert (found["content_hash"], found["run_id"]) == ("h3", "r3")


def test_an_assigned_story_survives_the_next_read(memory):
    upsert_articles(memory, [ROW], "r1")
    set_stories(memory, {"a1": "a0"}, "r2")
    assert upsert_articles(memory, [ROW], "r3") == 0
    assert read_articles(memory)[0]["story_id"] == "a0"


def test_an_article_without_text_is_never_coded(memory):
    upsert_articles(memory, [ROW | {"text": None}], "r1")
    assert needs_extraction(memory, "x1") == []


def test_an_article_without_outlet_is_refused(memory):
    with pytest.raises(DataError, match="raw_article"):
        upsert_articles(memory, [ROW | {"outlet": None}], "r1")
