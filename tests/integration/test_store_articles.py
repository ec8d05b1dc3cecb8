from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from features.types import Article, Reject
from models.db import store

EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def one(engine, key="a1"):
    (found,) = store.read_articles(engine, [key])
    return found


def test_article_values_are_taken_as_they_are(engine, rows):
    row = rows.article()
    row.pop("source_id")
    assert store.upsert_articles(engine, [Article(**row)], "run-1") == 1
    assert {name: one(engine)[name] for name in row} == row


def test_a_new_version_sets_the_old_one_aside(engine, rows):
    store.upsert_articles(engine, [rows.article()], "run-1")
    new = rows.article(text="Corrected.", content_hash="hash-2")
    assert store.upsert_articles(engine, [new], "run-2") == 1
    assert one(engine)["text"] == "Corrected."
    assert store.count_rows(engine)["raw_article_version"] == 1


def test_a_superseded_version_never_comes_back(engine, rows):
    old, new = rows.article(), rows.article(text="Corrected.", content_hash="hash-2")
    for batch in ([old], [new]):
        store.upsert_articles(engine, batch, "run-1")
    digest = store.content_digest(engine)
    for batch in ([old], [new]):
        assert store.upsert_articles(engine, batch, "run-2") == 0
    assert store.content_digest(engine) == digest


@pytest.mark.parametrize(
    "over",
    [
        {"origin": "other/path.xml"},
        {"source_id": None},
        {"date_origin": "fetched", "published_at": datetime(2026, 2, 1, tzinfo=UTC)},
        {"story_id": "a1"},
        {"text": "ignored: the hash says that it is the same version"},
    ],
    ids=["other origin", "no source", "no date of its own", "no story yet", "same version"],
)
def test_what_a_repeated_article_cannot_undo(engine, rows, over):
    first = rows.article(story_id="story-7", source_id="s1")
    store.upsert_articles(engine, [first], "run-1")
    assert store.upsert_articles(engine, [first | over], "run-2") == 0
    assert one(engine)["run_id"] == "run-1"


def test_a_better_date_is_taken(engine, rows):
    store.upsert_articles(engine, [rows.article(date_origin="fetched")], "run-1")
    better = rows.article(date_origin="metadata", published_at=EARLY)
    assert store.upsert_articles(engine, [better], "run-2") == 1
    assert one(engine)["published_at"] == EARLY


def test_reading_by_time_and_source(engine, rows):
    articles = [
        rows.article(f"a{i}", published_at=EARLY + timedelta(days=i), source_id=f"s{i % 2}")
        for i in range(4)
    ]
    store.upsert_articles(engine, articles, "run-1")
    span = {"since": EARLY + timedelta(days=1), "until": EARLY + timedelta(days=3)}
    assert [a["article_id"] for a in store.read_articles(engine, **span)] == ["a1", "a2"]
    assert [a["article_id"] for a in store.read_articles(engine, source_id="s0")] == ["a0", "a2"]
    assert [a["article_id"] for a in store.read_stories(engine, **span)] == ["a1", "a2"]
    assert store.read_articles(engine, []) == []


def test_many_ids_are_read_in_chunks(engine, rows):
    store.upsert_articles(engine, [rows.article(f"a{i}") for i in range(1200)], "run-1")
    assert len(store.read_articles(engine, [f"a{i}" for i in range(1300)])) == 1200
    assert len(store.read_content_hashes(engine, (f"a{i}" for i in range(1300)))) == 1200


def test_stories_are_assigned_once(engine, rows):
    store.upsert_articles(engine, [rows.article(), rows.article("a2")], "run-1")
    assert store.set_stories(engine, {"a2": "a1", "a1": "a1"}, "run-2") == 1
    assert store.set_stories(engine, {"a2": "a1"}, "run-3") == 0
    assert one(engine, "a2")["story_id"] == "a1"
    assert store.set_stories(engine, {}, "run-4") == 0


def test_needs_extraction_asks_for_current_versions_only(engine, rows):
    later = EARLY + timedelta(days=30)
    articles = [rows.article(), rows.article("a2"), rows.article("a3", published_at=later)]
    store.upsert_articles(engine, articles, "run-1")
    store.upsert_extractions(engine, [rows.extraction()], "run-1")
    assert store.needs_extraction(engine, "x1") == ["a2", "a3"]
    assert store.needs_extraction(engine, "x1", until=later) == ["a2"]
    assert store.needs_extraction(engine, "x1", since=later) == ["a3"]
    assert store.needs_extraction(engine, "x2") == ["a1", "a2", "a3"]
    new = rows.article(text="New.", content_hash="hash-new")
    store.upsert_articles(engine, [new], "run-2")
    assert store.needs_extraction(engine, "x1") == ["a1", "a2", "a3"]


def test_dropped_text_stays_dropped_and_everything_else_stays(engine, rows):
    store.upsert_articles(engine, [rows.article(), rows.article("a2", published_at=EARLY)], "r1")
    store.upsert_articles(
        engine, [rows.article("a2", text="b", content_hash="b", published_at=EARLY)], "r1"
    )
    store.upsert_events(engine, [rows.event(article_id="a2")], "r1")
    limit = EARLY + timedelta(days=1)
    assert store.drop_text(engine, limit, "r2") == 2  # the article and its old version
    assert store.drop_text(engine, limit, "r3") == 0
    assert one(engine, "a2")["text"] is None
    assert one(engine, "a2")["title"] == "Title a2"
    assert one(engine, "a1")["text"] is not None
    assert len(store.read_events(engine)) == 1
    assert store.needs_extraction(engine, "x9") == ["a1"]
    again = rows.article("a2", text="b", content_hash="b", published_at=EARLY)
    assert store.upsert_articles(engine, [again], "r4") == 0


def test_deleting_an_article_takes_its_versions_and_marks(engine, rows):
    store.upsert_articles(engine, [rows.article(), rows.article("a2")], "r1")
    store.upsert_articles(engine, [rows.article(content_hash="2", text="2")], "r1")
    store.upsert_extractions(engine, [rows.extraction(content_hash="2")], "r1")
    assert store.delete_articles(engine, ["a1", "unknown"]) == 1
    counts = store.count_rows(engine)
    assert (counts["raw_article"], counts["raw_article_version"], counts["core_extraction"]) == (
        1,
        0,
        0,
    )


def test_rejects_are_kept_counted_and_resolved(engine, rows):
    row = rows.reject()
    row.pop("source_id")
    assert store.upsert_rejects(engine, [Reject(**row), rows.reject("r2", reason="language")], "1")
    assert store.count_rejects(engine) == {"empty": 1, "language": 1}
    assert store.resolve_rejects(engine, ["r1"], "2") == 1
    assert store.resolve_rejects(engine, ["r1"], "3") == 0
    assert store.count_rejects(engine) == {"language": 1}
    assert store.upsert_rejects(engine, [Reject(**row)], "4") == 0
    assert [r["reject_id"] for r in store.read_rejects(engine, is_resolved=False)] == ["r2"]
    assert [r["reject_id"] for r in store.read_rejects(engine, run_id="2")] == ["r1"]
    assert store.read_rejects(engine, reason="binary") == []


def test_sources_are_read_back(engine, rows):
    store.upsert_sources(engine, [rows.source(), rows.source("s2", kind="folder")], "r1")
    assert [s["source_id"] for s in store.read_sources(engine)] == ["s1", "s2"]
    assert [s["source_id"] for s in store.read_sources(engine, kind="folder")] == ["s2"]
    assert store.read_source(engine, "s9") is None
