from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select

from features.errors import DataError
from models.db import store
from models.db.tables import CORE_EVENT, METADATA, OUT_RISK_SCORE, RAW_ARTICLE
from models.db.upsert import COPY_MIN_ROWS, upsert_rows


def test_values_come_back_as_they_went_in(engine, rows):
    event = rows.event()
    store.upsert_events(engine, [event], "run-1")
    (found,) = store.read_events(engine)
    for name, value in event.items():
        assert found[name] == value, name
        assert type(found[name]) is type(value), name
    assert found["published_at"].tzinfo is UTC
    assert found["run_id"] == "run-1"


def test_other_time_zone_is_stored_as_utc(engine, rows):
    moment = datetime(2026, 1, 9, 1, 0, tzinfo=timezone(timedelta(hours=5)))
    store.upsert_articles(engine, [rows.article(published_at=moment)], "run-1")
    (found,) = store.read_articles(engine)
    assert found["published_at"] == moment
    assert found["published_at"].isoformat() == "2026-01-08T20:00:00+00:00"


@pytest.mark.parametrize("count", [3, COPY_MIN_ROWS + 5], ids=["few rows", "bulk path"])
def test_second_identical_write_touches_nothing(engine, rows, count):
    events = [rows.event(f"e{i}", sentence_index=i) for i in range(count)]
    assert store.upsert_events(engine, events, "run-1") == count
    before = _all(engine, CORE_EVENT)
    assert store.upsert_events(engine, events, "run-2") == 0
    assert _all(engine, CORE_EVENT) == before


@pytest.mark.parametrize("count", [3, COPY_MIN_ROWS + 5], ids=["few rows", "bulk path"])
def test_only_the_changed_row_is_rewritten(engine, rows, count):
    events = [rows.event(f"e{i}", sentence_index=i) for i in range(count)]
    store.upsert_events(engine, events, "run-1")
    events[1] = events[1] | {"confidence": 0.5, "cameo_code": None}
    assert store.upsert_events(engine, events, "run-2") == 1
    with engine.connect() as conn:
        runs = dict(conn.execute(select(CORE_EVENT.c.event_id, CORE_EVENT.c.run_id)).all())
    assert {key for key, run in runs.items() if run == "run-2"} == {"e1"}


@pytest.mark.parametrize("count", [1, COPY_MIN_ROWS], ids=["few rows", "bulk path"])
def test_of_rows_with_one_key_the_last_stays(engine, rows, count):
    first = [rows.event(f"e{i}", sentence_index=i, confidence=0.1) for i in range(count)]
    last = [rows.event(f"e{i}", sentence_index=i, confidence=0.7) for i in range(count)]
    assert store.upsert_events(engine, first + last, "run-1") == count
    assert {event["confidence"] for event in store.read_events(engine)} == {0.7}


def test_null_to_value_and_back_counts_as_change(engine, rows):
    store.upsert_articles(engine, [rows.article(url=None)], "run-1")
    assert store.upsert_articles(engine, [rows.article()], "run-2") == 1
    assert store.upsert_articles(engine, [rows.article(url=None)], "run-3") == 1


def test_absent_columns_keep_their_value(engine, rows):
    store.upsert_sources(engine, [rows.source(article_count=5, cursor="abc")], "run-1")
    assert store.upsert_sources(engine, [{"source_id": "s1", "failure_count": 2}], "run-2") == 1
    found = store.read_source(engine, "s1")
    assert found is not None
    assert (found["cursor"], found["article_count"], found["failure_count"]) == ("abc", 5, 2)


def test_numpy_and_pandas_values_are_stored_as_plain_ones(engine, rows):
    frame = pd.DataFrame([rows.dyad_day(threat_ab_count=2, goldstein_sum_ab=-6.0)])
    frame["day"] = pd.to_datetime(frame["day"])
    frame["mention_count"] = np.int64(7)
    assert store.upsert_dyad_days(engine, frame, "run-1") == 1
    assert store.upsert_dyad_days(engine, frame, "run-2") == 0
    found = store.read_dyad_days(engine)
    assert found.loc[0, "mention_count"] == 7
    assert found.loc[0, "goldstein_sum_ab"] == -6.0


@pytest.mark.parametrize("count", [1, COPY_MIN_ROWS], ids=["few rows", "bulk path"])
def test_hostile_text_is_stored(engine, rows, count):
    text = (
        "nul \x00 lone \ud800 bidi \u202e ansi \x1b[31m quote ' \" \\N \\. tab \t line \r\n %s :x"
    )
    articles = [rows.article(f"a{i}", text=text, title=text) for i in range(count)]
    store.upsert_articles(engine, articles, "run-1")
    assert store.upsert_articles(engine, articles, "run-2") == 0
    found = store.read_articles(engine)[0]["text"]
    assert found == text.replace("\x00", "\ufffd").replace("\ud800", "?")


@pytest.mark.parametrize("count", [1, COPY_MIN_ROWS], ids=["few rows", "bulk path"])
@pytest.mark.parametrize(
    ("column", "value"),
    [("confidence", 1.5), ("quad_class", 7), ("sentence", None), ("source_iso3", "COL")],
)
def test_a_broken_check_is_a_data_error_and_writes_nothing(engine, rows, count, column, value):
    events = [rows.event(f"e{i}", sentence_index=i) for i in range(count)]
    events[-1] = events[-1] | {column: value}
    with pytest.raises(DataError, match="core_event"):
        store.upsert_events(engine, events, "run-1")
    assert store.count_rows(engine)["core_event"] == 0


def test_wrong_values_are_named(engine, rows):
    with pytest.raises(DataError, match=r"core_event\.quad_class"):
        store.upsert_events(engine, [rows.event(quad_class="three")], "run-1")
    with pytest.raises(DataError, match=r"core_event\.published_at.*time zone"):
        store.upsert_events(engine, [rows.event(published_at=datetime(2026, 1, 9))], "run-1")
    with pytest.raises(DataError, match="JSON"):
        store.upsert_scores(engine, [rows.score(drivers="{broken")], "run-1")


def test_a_handed_in_connection_keeps_the_callers_transaction(engine, rows):
    with pytest.raises(RuntimeError, match="stop"), store.writing(engine) as conn:
        store.upsert_articles(conn, [rows.article()], "run-1")
        raise RuntimeError("stop")
    assert store.read_articles(engine) == []


def test_two_bulk_writes_fit_in_one_transaction(engine, rows):
    with store.writing(engine) as conn:
        for part in range(2):
            start = part * COPY_MIN_ROWS
            events = [
                rows.event(f"e{i}", sentence_index=i) for i in range(start, start + COPY_MIN_ROWS)
            ]
            assert store.upsert_events(conn, events, "run-1") == COPY_MIN_ROWS
    assert store.count_rows(engine)["core_event"] == 2 * COPY_MIN_ROWS


def test_no_rows_write_nothing(engine):
    assert upsert_rows(engine, OUT_RISK_SCORE, [], "run-1") == 0


def test_digest_ignores_run_and_time_and_sees_content(engine, rows):
    store.upsert_articles(engine, [rows.article(), rows.article("a2")], "run-1")
    first = store.content_digest(engine)
    with engine.begin() as conn:
        conn.execute(RAW_ARTICLE.update().values(run_id="other", ingested_at=func.now()))
    assert store.content_digest(engine) == first
    store.upsert_articles(engine, [rows.article(title="New")], "run-2")
    second = store.content_digest(engine)
    assert second["raw_article"] != first["raw_article"]
    assert second["raw_reject"] == first["raw_reject"]


def test_digest_ignores_latency(engine, rows):
    store.upsert_sources(engine, [rows.source(latency_seconds=1.0)], "run-1")
    first = store.content_digest(engine)
    assert store.upsert_sources(engine, [rows.source(latency_seconds=2.0)], "run-2") == 1
    assert store.content_digest(engine) == first


def _fill(engine, rows) -> None:
    store.upsert_articles(engine, [rows.article(), rows.article("a2", text=None)], "r")
    store.upsert_rejects(engine, [rows.reject()], "r")
    store.upsert_sources(
        engine, [rows.source(last_article_at=datetime(2026, 1, 1, tzinfo=UTC))], "r"
    )
    store.store_extraction(engine, "x1", [rows.extraction()], [rows.event()], "r")
    store.upsert_dyad_days(engine, [rows.dyad_day(goldstein_sum_ab=-0.1)], "r")
    store.upsert_day_volumes(engine, [rows.volume()], "r")
    store.upsert_classifiers(engine, [rows.classifier(params={"c": 0.1})], "r")
    store.upsert_scores(engine, [rows.score(prob=1 / 3)], "r")
    store.upsert_evidence(engine, [rows.evidence()], "r")


@pytest.mark.postgres
def test_equal_content_has_equal_digests_on_both_databases(new_postgres, tmp_path, rows):
    digests = []
    for url in (f"sqlite:///{tmp_path / 'one.db'}", new_postgres("template0")):
        engine = store.open_store(url)
        store.upgrade(engine)
        _fill(engine, rows)
        digests.append(store.content_digest(engine))
        engine.dispose()
    assert digests[0] == digests[1]
    assert digests[0]["core_event"][0] == 1


def test_counts_cover_every_content_table(engine, rows):
    _fill(engine, rows)
    counts = store.count_rows(engine)
    assert set(counts) == {name for name in METADATA.tables if not name.startswith("meta")}
    assert counts["raw_article"] == 2
    assert counts["out_risk_series"] == 1


def test_dates_as_text_are_taken(engine, rows):
    store.upsert_scores(engine, [rows.score(as_of_date="2026-01-10")], "run-1")
    assert store.read_scores(engine)[0]["as_of_date"] == date(2026, 1, 10)


def _all(engine, table):
    with engine.connect() as conn:
        return sorted(tuple(row) for row in conn.execute(select(table)))
