from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import create_engine, inspect, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from models.db import store
from models.db.tables import RAW_SOURCE
from models.db.views import VIEWS, view_digest

DAY = date(2026, 1, 10)


def ask(engine, sql):
    with engine.connect() as conn:
        return [dict(row) for row in conn.execute(text(sql)).mappings()]


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_columns_are_those_of_the_dictionary(engine, name):
    with engine.connect() as conn:
        columns = list(conn.execute(text(f"SELECT * FROM {name}")).keys())
        typed = conn.execute(select(VIEWS[name].table)).fetchall()
    assert columns == [column.name for column in VIEWS[name].table.columns]
    assert typed == []


def test_comments_stand_in_the_database(engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps no comments")
    found = inspect(engine).get_table_comment("latest_risk")["text"]
    assert found == VIEWS["latest_risk"].question
    columns = {c["name"]: c["comment"] for c in inspect(engine).get_columns("latest_risk")}
    assert columns["change_7d"] == "prob less that of seven days before; NULL without one"
    tables = {c["name"]: c["comment"] for c in inspect(engine).get_columns("out_risk_score")}
    assert tables["prob"] == "probability of the outcome within the horizon, 0 to 1"


@pytest.fixture
def scored(engine, rows):
    kinds = [("escalation", 7), ("force", 7), ("force", 30), ("escalation", 30)]
    entries = [rows.classifier(outcome=o, horizon_days=h) for o, h in kinds]
    store.upsert_classifiers(engine, entries, "r1")
    scores = [
        rows.score(
            dyad,
            outcome=outcome,
            horizon_days=days,
            as_of_date=rows.days_ago(ago),
            prob=0.25 - ago / 64,
            prob_low=0.0,
            level="ELEVATED" if ago < 5 else "GUARDED",
        )
        for dyad in ("COL-USA", "IND-PAK")
        for outcome, days in kinds
        for ago in (0, 1, 7, 8)
    ]
    store.upsert_scores(engine, scores, "r1")
    return engine


def test_one_pair_shows_force_in_30_days_first(scored):
    found = ask(scored, "SELECT * FROM latest_risk WHERE dyad = 'COL-USA'")
    assert [(row["outcome"], row["horizon_days"]) for row in found] == [
        ("force", 30),
        ("escalation", 7),
        ("escalation", 30),
        ("force", 7),
    ]
    first = found[0]
    assert str(first["as_of_date"]) == "2026-01-10"
    assert (first["change_1d"], first["change_7d"]) == (1 / 64, 7 / 64)
    assert (first["level"], first["level_7d_ago"]) == ("ELEVATED", "GUARDED")
    assert first["top_driver"] == "more threats"


def test_a_change_without_a_score_to_compare_is_null(scored):
    (row,) = ask(
        scored,
        "SELECT change_1d, change_7d FROM risk_history WHERE dyad = 'COL-USA'"
        " AND outcome = 'force' AND horizon_days = 30 AND as_of_date = '2026-01-02'",
    )
    assert row == {"change_1d": None, "change_7d": None}


def test_a_score_without_drivers_has_no_top_driver(scored, rows):
    store.upsert_scores(scored, [rows.score("FRA-GBR", drivers=[])], "r1")
    (row,) = ask(scored, "SELECT * FROM latest_risk WHERE dyad = 'FRA-GBR'")
    assert row["top_driver"] is None
    assert row["change_7d"] is None


def test_each_pair_shows_its_own_newest_day(scored, rows):
    store.upsert_scores(scored, [rows.score(as_of_date=DAY + timedelta(days=5))], "r2")
    newest = {row["dyad"]: row["as_of_date"] for row in store.read_latest(scored)}
    assert newest == {"COL-USA": date(2026, 1, 15), "IND-PAK": DAY}


def test_challengers_stay_hidden_until_promoted(scored, rows):
    store.upsert_classifiers(scored, [rows.classifier("c2", status="challenger")], "r2")
    store.upsert_scores(scored, [rows.score(classifier_version="c2", prob=0.375)], "r2")

    def seen():
        latest = store.read_latest(scored, dyad="COL-USA")
        day = store.read_day(scored, DAY, dyad="COL-USA")
        return [row["prob"] for row in latest], [row["prob"] for row in day]

    assert seen() == ([0.25], [0.25])
    store.promote_classifier(scored, "c2", "force", 30, "r3")
    assert seen() == ([0.375], [0.375])


def test_history_keeps_what_a_retired_classifier_published(scored, rows):
    store.upsert_classifiers(scored, [rows.classifier("c2", status="challenger")], "r2")
    store.upsert_scores(scored, [rows.score(classifier_version="c2", prob=0.375)], "r2")
    store.promote_classifier(scored, "c2", "force", 30, "r3")
    history = store.read_history(scored, "COL-USA")
    assert [(row["classifier_version"], row["classifier_status"]) for row in history] == [
        ("c1", "retired"),
        ("c1", "retired"),
        ("c1", "retired"),
        ("c2", "champion"),
    ]
    assert len({row["as_of_date"] for row in history}) == len(history)


def test_of_two_retired_classifiers_the_later_one_counts(scored, rows):
    trained = datetime(2026, 1, 5, tzinfo=UTC)
    store.upsert_classifiers(
        scored,
        [
            rows.classifier("c0", status="retired", trained_at=trained),
            rows.classifier("c2", status="challenger"),
        ],
        "r2",
    )
    store.upsert_scores(scored, [rows.score(classifier_version="c0", prob=0.375)], "r2")
    store.promote_classifier(scored, "c2", "force", 30, "r3")
    day = store.read_day(scored, DAY, dyad="COL-USA")
    assert [(row["classifier_version"], row["prob"]) for row in day] == [("c0", 0.375)]


def test_movers_leave_out_pairs_without_a_past(scored, rows):
    store.upsert_scores(scored, [rows.score("FRA-GBR")], "r1")
    found = ask(scored, "SELECT dyad FROM risk_movers WHERE outcome = 'force'")
    assert "FRA-GBR" not in {row["dyad"] for row in found}
    assert len(found) == 4


def test_evidence_joins_the_event(scored, rows):
    store.upsert_events(scored, [rows.event()], "r1")
    evidence = [rows.evidence(rank=2, event_id=None, sentence="other"), rows.evidence()]
    store.upsert_evidence(scored, evidence, "r1")
    found = ask(scored, "SELECT * FROM risk_evidence WHERE dyad = 'COL-USA'")
    assert [row["rank"] for row in found] == [1, 2]
    assert (found[0]["source_iso3"], found[0]["plover_event"]) == ("USA", "THREATEN")
    assert found[1]["source_iso3"] is None


@pytest.mark.parametrize(
    ("over", "state"),
    [
        ({}, "ok"),
        ({"failure_count": 1}, "shaky"),
        ({"failure_count": 3}, "failing"),
        ({"last_success_at": None}, "never read"),
        ({"age_hours": 30}, "ok"),
        ({"age_hours": 80}, "stale"),
        ({"age_hours": 30, "typical_gap_hours": 1.0}, "stale"),
        ({"age_hours": 12, "typical_gap_hours": 1.0}, "ok"),
        ({"age_hours": 300, "typical_gap_hours": 168.0}, "ok"),
    ],
    ids=str,
)
def test_source_health_states(engine, rows, over, state):
    now = datetime.now(UTC)
    values = {"age_hours": 1, "failure_count": 0, "last_success_at": now} | over
    seen = now - timedelta(hours=values.pop("age_hours"))
    store.upsert_sources(engine, [rows.source(last_article_at=seen, **values)], "r1")
    (found,) = ask(engine, "SELECT * FROM source_health")
    assert found["state"] == state
    expected = (now - seen).total_seconds() / 3600
    assert found["article_age_hours"] == pytest.approx(expected, abs=0.1)


def test_failing_sources_come_first(engine, rows):
    sources = [rows.source(f"s{n}", failure_count=n) for n in (0, 5, 1)]
    store.upsert_sources(engine, sources, "r1")
    found = ask(engine, "SELECT source_id FROM source_health")
    assert [row["source_id"] for row in found] == ["s5", "s1", "s0"]


def test_track_record_compares_with_climatology(engine, rows):
    record = {
        "classifier_version": "c1",
        "outcome": "force",
        "horizon_days": 30,
        "month": date(2026, 1, 1),
        "pair_count": 10,
        "score_count": 40,
        "happened_count": 4,
        "brier": 0.0625,
        "brier_climatology": 0.125,
        "hit_count": 3,
        "miss_count": 1,
        "false_alarm_count": 3,
    }
    quiet = record | {
        "month": date(2026, 2, 1),
        "brier_climatology": 0.0,
        "hit_count": 0,
        "miss_count": 0,
        "false_alarm_count": 0,
    }
    store.upsert_classifiers(engine, [rows.classifier()], "r1")
    store.upsert_track_record(engine, [record, quiet], "r1")
    second, first = ask(engine, "SELECT * FROM track_record")
    assert (first["brier_skill"], first["hit_share"], first["precision_share"]) == (0.5, 0.75, 0.5)
    assert (second["brier_skill"], second["hit_share"], second["precision_share"]) == (None,) * 3
    assert first["classifier_status"] == "champion"


def test_events_and_stories_can_be_listed(engine, rows):
    late = datetime(2026, 1, 9, 20, tzinfo=UTC)
    store.upsert_articles(
        engine,
        [
            rows.article(),
            rows.article("a2", outlet="Other", story_id="a1", published_at=late),
            rows.article("a3"),
        ],
        "r1",
    )
    store.upsert_events(engine, [rows.event()], "r1")
    (event,) = ask(engine, "SELECT * FROM event_list WHERE dyad = 'COL-USA'")
    assert (event["outlet"], event["families"]) == ("Example Times", "military,threat")
    story = VIEWS["story_list"].table
    with engine.connect() as conn:
        found = conn.execute(select(story).where(story.c.story_id == "a1")).mappings().one()
    assert (found["article_count"], found["outlet_count"]) == (2, 2)
    assert (found["title"], found["last_published_at"]) == ("Title a1", late)


def test_streams_are_united_by_maximum(engine, rows):
    days = [
        rows.dyad_day(threat_ab_count=2, goldstein_min_ab=-6.0),
        rows.dyad_day(corpus="portal", threat_ab_count=1, mention_count=4),
        rows.dyad_day(corpus="gdelt", threat_ab_count=90),
    ]
    store.upsert_dyad_days(engine, days, "r1")
    (found,) = ask(engine, "SELECT * FROM pair_days")
    assert (found["threat_ab_count"], found["mention_count"]) == (2, 4)
    assert found["goldstein_min_ab"] == -6.0


@pytest.mark.postgres
def test_a_reader_sees_the_views_and_nothing_else(new_postgres, upgraded_postgres):
    url = new_postgres(upgraded_postgres)
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    role = make_url(url).database.replace("test", "reader")
    with owner.connect() as conn:
        conn.execute(text(f"CREATE ROLE {role} LOGIN"))
        for statement in store.view_grants(role):
            conn.execute(text(statement))
    reader = create_engine(make_url(url).set(username=role))
    with reader.connect() as conn:
        for name in VIEWS:
            conn.execute(text(f"SELECT * FROM {name}"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            conn.execute(text("SELECT * FROM raw_article"))
        conn.rollback()
        with pytest.raises(ProgrammingError, match="permission denied"):
            conn.execute(text("DELETE FROM out_risk_score"))
    reader.dispose()
    with owner.connect() as conn:
        conn.execute(text(f"DROP OWNED BY {role}"))
        conn.execute(text(f"DROP ROLE {role}"))
    owner.dispose()


def test_texts_differ_between_databases_and_have_digests():
    assert view_digest("latest_risk", "sqlite") != view_digest("latest_risk", "postgresql")
    assert RAW_SOURCE.name not in VIEWS
