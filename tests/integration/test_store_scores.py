from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from features.errors import DataError
from models.db import store

DAY = date(2026, 1, 10)


def test_scores_come_back_with_their_drivers(engine, rows):
    assert store.upsert_scores(engine, [rows.score()], "r1") == 1
    assert store.upsert_scores(engine, [rows.score()], "r2") == 0
    (found,) = store.read_scores(engine, dyad="COL-USA")
    assert found["drivers"] == rows.score()["drivers"]
    assert (found["country_a_iso3"], found["country_b_iso3"]) == ("COL", "USA")
    assert found["run_id"] == "r1"


def test_a_score_outside_its_bounds_is_refused(engine, rows):
    for over in ({"prob": 1.2}, {"prob_low": 0.9}, {"level": "RED"}, {"dyad": "USA-COL"}):
        with pytest.raises(DataError, match="out_risk_score"):
            store.upsert_scores(engine, [rows.score(**over)], "r1")
    assert store.count_rows(engine)["out_risk_series"] == 0


def test_evidence_needs_its_score_and_is_replaced_whole(engine, rows):
    with pytest.raises(DataError, match="out_score_evidence"):
        store.upsert_evidence(engine, [rows.evidence()], "r1")
    scores = [rows.score(), rows.score("USA-VEN")]
    store.upsert_scores(engine, scores, "r1")
    evidence = [rows.evidence(rank=rank) for rank in (1, 2)] + [rows.evidence("USA-VEN")]
    assert store.replace_evidence(engine, scores, evidence, "r1") == 3
    assert store.replace_evidence(engine, scores, evidence, "r2") == 0
    assert store.replace_evidence(engine, scores[:1], [rows.evidence(weight=0.9)], "r3") == 2
    assert store.count_rows(engine)["out_score_evidence"] == 2


def test_registry_has_one_champion(engine, rows):
    entries = [
        rows.classifier(params={"c": 1}),
        rows.classifier("c2", status="challenger", params={}),
    ]
    assert store.upsert_classifiers(engine, entries, "r1") == 2
    with pytest.raises(DataError, match="out_classifier"):
        store.upsert_classifiers(engine, [rows.classifier("c3")], "r1")
    assert store.promote_classifier(engine, "c2", "force", 30, "r2") == 2
    assert store.promote_classifier(engine, "c2", "force", 30, "r3") == 0
    champion = store.read_champion(engine, "force", 30)
    assert champion is not None
    assert champion["classifier_version"] == "c2"
    assert store.read_classifiers(engine, status="retired")[0]["params"] == {"c": 1}
    assert store.read_champion(engine, "escalation", 30) is None
    with pytest.raises(DataError, match="register it first"):
        store.promote_classifier(engine, "c9", "force", 30, "r4")


def test_scores_wait_until_they_are_verified(engine, rows):
    scores = [rows.score(), rows.score("USA-VEN", as_of_date=date(2026, 1, 20))]
    store.upsert_scores(engine, scores, "r1")
    due = store.read_scores_to_verify(engine, "force", 30, date(2026, 1, 20))
    assert [row["dyad"] for row in due] == ["COL-USA"]
    key = {name: rows.score()[name] for name in rows.score() if name in due[0]}
    names = ("dyad", "as_of_date", "outcome", "horizon_days", "classifier_version")
    outcome = {name: key[name] for name in names} | {"happened": True, "event_count": 2}
    assert store.upsert_score_outcomes(engine, [outcome], "r1") == 1
    assert store.upsert_score_outcomes(engine, [outcome], "r2") == 0
    assert store.read_scores_to_verify(engine, "force", 30, date(2026, 1, 20)) == []
    (verified,) = store.read_verified_scores(engine, outcome="force", since=DAY)
    assert (verified["happened"], verified["prob"]) == (True, 0.25)


def test_track_record_and_drift_come_back(engine):
    record = {
        "classifier_version": "c1",
        "outcome": "force",
        "horizon_days": 30,
        "month": date(2026, 1, 1),
        "pair_count": 10,
        "score_count": 310,
        "happened_count": 31,
        "brier": 0.05,
        "brier_climatology": 0.1,
        "calibration_bins": [{"prob_mean": 0.1, "happened_share": 0.12, "score_count": 310}],
    }
    assert store.upsert_track_record(engine, [record], "r1") == 1
    assert store.upsert_track_record(engine, [record], "r2") == 0
    assert store.read_track_record(engine)[0]["calibration_bins"] == record["calibration_bins"]
    drift = {
        "as_of_date": DAY,
        "classifier_version": "c1",
        "column_name": "threat_fade4_count",
        "psi": 0.2,
        "level": "shifted",
    }
    assert store.upsert_drift(engine, [drift], "r1") == 1
    assert store.read_drift(engine, as_of_date=DAY)[0]["psi"] == 0.2
    assert store.read_drift(engine, classifier_version="c9") == []


def test_an_alert_fires_once_a_day(engine):
    alert = {
        "rule": "severe",
        "subject": "COL-USA",
        "day": DAY,
        "kind": "level",
        "message": "COL-USA is SEVERE",
    }
    assert len(store.add_alerts(engine, [alert], "r1")) == 1
    assert store.add_alerts(engine, [alert | {"message": "again"}], "r2") == []
    key = store.alert_key(alert)
    moment = datetime(2026, 1, 10, 6, tzinfo=UTC)
    assert store.mark_delivered(engine, [key], "webhook", moment, "r1") == 1
    (found,) = store.read_alerts(engine, subject="COL-USA", since=DAY)
    assert (found["message"], found["is_delivered"]) == ("COL-USA is SEVERE", True)
    assert found["delivered_at"] == moment
    assert store.read_alerts(engine, is_delivered=False) == []
    assert store.upsert_alerts(engine, [alert | {"message": "again"}], "r3") == 1


@pytest.fixture
def scored(engine, rows):
    """A week of two pairs, two horizons; USA-VEN jumps, COL-USA creeps."""
    entries = [rows.classifier(), rows.classifier(horizon_days=7)]
    store.upsert_classifiers(engine, entries, "r1")
    scores = [
        rows.score(dyad, as_of_date=rows.days_ago(ago), horizon_days=days, prob=prob, prob_low=0.0)
        for days in (7, 30)
        for ago in range(9)
        for dyad, prob in (("COL-USA", 0.25 - ago / 64), ("USA-VEN", 0.5 if ago == 0 else 0.125))
    ]
    store.upsert_scores(engine, scores, "r1")
    evidence = [rows.evidence(rank=2, sentence="second"), rows.evidence()]
    store.replace_evidence(engine, scores, evidence, "r1")
    return engine


def test_readers_of_the_views(scored, rows):
    latest = store.read_latest(scored)
    assert [(row["dyad"], row["as_of_date"]) for row in latest] == [
        ("USA-VEN", DAY),
        ("COL-USA", DAY),
    ]
    assert len(store.read_latest(scored, horizon_days=None)) == 4
    assert len(store.read_latest(scored, limit=1)) == 1
    assert latest[1]["change_7d"] == 7 / 64
    history = store.read_history(scored, "COL-USA")
    assert [row["as_of_date"] for row in history] == [rows.days_ago(n) for n in range(8, -1, -1)]
    day = store.read_day(scored, rows.days_ago(3), dyad="COL-USA")
    assert [row["change_1d"] for row in day] == [1 / 64]


def test_movers_are_ranked_by_size_of_change(scored, rows):
    assert [row["dyad"] for row in store.read_movers(scored)] == ["USA-VEN", "COL-USA"]
    assert [row["dyad"] for row in store.read_movers(scored, change_days=1, limit=1)] == ["USA-VEN"]
    earlier = store.read_movers(scored, as_of_date=rows.days_ago(1))
    assert [(row["dyad"], row["change_7d"]) for row in earlier] == [("COL-USA", 7 / 64)]


def test_evidence_is_read_strongest_first(scored):
    found = store.read_evidence(scored, "COL-USA", as_of_date=DAY)
    assert [row["rank"] for row in found] == [1, 2]
    assert store.read_evidence(scored, "USA-VEN") == []
