from __future__ import annotations

from datetime import date

from models.db.registry import upsert_classifiers
from models.db.scores import read_latest, read_movers, read_scores, upsert_scores

ROW = {
    "dyad": "COL-USA",
    "as_of_date": date(2026, 1, 10),
    "outcome": "force",
    "horizon_days": 30,
    "classifier_version": "c1",
    "prob": 0.25,
    "prob_low": 0.125,
    "prob_high": 0.5,
    "level": "ELEVATED",
    "tension": -3.5,
    "coverage": 0.75,
    "drivers": [],
}
CHAMPION = {
    "classifier_version": "c1",
    "outcome": "force",
    "horizon_days": 30,
    "kind": "logistic",
    "status": "champion",
}


def test_the_pair_names_its_countries(memory):
    upsert_scores(memory, [ROW | {"country_a_iso3": "XXX"}], "r1")
    found = read_scores(memory)[0]
    assert (found["country_a_iso3"], found["country_b_iso3"]) == ("COL", "USA")


def test_without_a_champion_nothing_is_published(memory):
    upsert_scores(memory, [ROW], "r1")
    assert read_latest(memory) == []
    upsert_classifiers(memory, [CHAMPION], "r1")
    assert len(read_latest(memory)) == 1


def test_a_pair_that_did_not_move_is_no_mover(memory):
    upsert_classifiers(memory, [CHAMPION], "r1")
    upsert_scores(memory, [ROW, ROW | {"as_of_date": date(2026, 1, 3)}], "r1")
    assert read_movers(memory) == []


def test_driver_order_is_kept(memory):
    drivers = [{"words": "second"}, {"words": "first"}]
    upsert_scores(memory, [ROW | {"drivers": drivers}], "r1")
    assert read_scores(memory)[0]["drivers"] == drivers
