from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from features.types import Article, Event, Reject
from models.db.convert import article_row, event_key, event_row, reject_row
from models.db.tables import CORE_EVENT, RAW_ARTICLE, RAW_REJECT

NOON = datetime(2026, 1, 9, 12, tzinfo=UTC)
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


def written_by_the_store(table) -> set[str]:
    return {column.name for column in table.columns if column.info.get("audit")}


def test_rows_carry_every_column_of_their_table():
    article = Article("a", None, "o", "t", "x", NOON, "feed", "en", "h", "a", "file")
    reject = Reject("r", "file", "empty", "no text", "", "h")
    event = event_row(EVENT, "x1", NOON, "s1")
    assert set(article_row(article, "s")) == set(RAW_ARTICLE.columns.keys()) - written_by_the_store(
        RAW_ARTICLE
    )
    assert set(event) == set(CORE_EVENT.columns.keys()) - written_by_the_store(CORE_EVENT)
    assert set(reject_row(reject)) == set(RAW_REJECT.columns.keys()) - {
        *written_by_the_store(RAW_REJECT),
        "is_resolved",
    }


def test_the_day_is_that_of_publication_in_utc():
    late = datetime(2026, 1, 9, 23, tzinfo=timezone(timedelta(hours=-5)))
    row = event_row(EVENT, "x1", late, "s1", corpus="portal", cameo_code="0138")
    assert (row["day"], row["dyad"], row["corpus"]) == (date(2026, 1, 10), "COL-USA", "portal")
    assert (row["sentence_start"], row["sentence_end"]) == (7, 38)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("article_id", "a2"),
        ("sentence_index", 2),
        ("source_iso3", "VEN"),
        ("target_iso3", "VEN"),
        ("plover_event", "ASSAULT"),
    ],
)
def test_the_key_follows_the_natural_key(name, value):
    from dataclasses import replace

    assert event_key(replace(EVENT, **{name: value}), "x1") != event_key(EVENT, "x1")
    assert event_key(replace(EVENT, confidence=0.1, trigger="x"), "x1") == event_key(EVENT, "x1")
    assert event_key(EVENT, "x2") != event_key(EVENT, "x1")
