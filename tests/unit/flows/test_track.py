"""The track record of refits: counted right, stored once, shipped whole."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from flows.track import by_year, false_alarms, misses, monthly_rows, refit_scores
from flows.track_files import load_track_record, read_track_record, write_track_record
from models.db import store
from models.db.migrate import upgrade
from models.db.session import open_store
from models.risk.backtest import OURS, Backtest, FoldResult
from models.risk.labels import ForceRecord
from models.risk.rows import RowSet
from models.risk.splits import rolling_folds, weekly_origins
from models.risk.training import Weights


def small_backtest() -> Backtest:
    """Return forecasts of 2025 for two pairs: one that fights in March, one that never does."""
    from features.matrix import FeatureMatrix

    days = weekly_origins("2025-01-06", "2025-12-29")
    as_of = np.tile(days, 2)
    dyads = np.repeat(np.array(["AAA-BBB", "CCC-DDD"], dtype=object), len(days))
    force = pd.DataFrame(
        {
            "dyad": "AAA-BBB",
            "day": pd.date_range("2025-03-10", periods=4),
            "force_ab_count": 1.0,
            "force_ba_count": 0.0,
        }
    )
    matrix = FeatureMatrix(
        dyads, as_of.astype("datetime64[D]"), (), np.zeros((len(as_of), 0), dtype=np.float32)
    )
    rows = RowSet(matrix, as_of, np.ones(len(as_of)), ForceRecord(force))
    (fold,) = rolling_folds(2025, 2025, 30)
    prob = np.where(dyads == "AAA-BBB", 0.02, 0.4)
    zero = np.zeros(0)
    own = rows.labels("force", 30)
    probs = {OURS: prob, "climatology": np.full(len(prob), 0.01)}
    nothing = Weights((), zero, zero, zero, 0.0, np.zeros((1, 1)))
    places = np.arange(len(prob))
    result = FoldResult(fold, places, as_of, own, own, probs, prob, prob, nothing)
    return Backtest("force", 30, rows, rows.record, [result])


@pytest.fixture
def scores() -> pd.DataFrame:
    return refit_scores(small_backtest(), "2026-01-01")


def test_scores_name_their_refit_and_know_what_is_known(scores):
    assert set(scores["classifier_version"]) == {"force-30d-refit-2025"}
    last = scores["as_of_date"] > np.datetime64("2025-12-02")
    assert not scores["is_known"][last].any()
    assert scores["is_known"][~last].all()
    assert set(scores["level"]) == {"GUARDED", "HIGH"}


def test_months_count_misses_and_false_alarms(scores):
    rows = monthly_rows(scores)
    assert [row["month"].month for row in rows] == list(range(1, 13))
    march = rows[2]
    assert march["happened_count"] == march["miss_count"] == 2
    assert march["false_alarm_count"] == 5
    (year,) = by_year(rows)
    assert year["miss_count"] == int(scores["happened"].sum())
    assert year["hit_count"] == 0


def test_the_worst_miss_is_the_last_score_before_the_outbreak(scores):
    found = misses(scores)
    assert found["dyad"].tolist() == ["AAA-BBB"]
    assert str(found["as_of_date"].iloc[0])[:10] == "2025-03-10"
    assert found["event_count"].tolist() == [4]
    assert false_alarms(scores)["dyad"].iloc[0] == "CCC-DDD"


def test_the_file_comes_back_as_it_went(scores, tmp_path):
    rows = monthly_rows(scores)
    back = read_track_record(write_track_record(rows, tmp_path / "record.json"))
    assert [row["month"] for row in back] == [row["month"] for row in rows]
    assert back[2]["brier"] == pytest.approx(rows[2]["brier"], abs=1e-6)
    assert read_track_record(tmp_path / "none.json") == []


def test_the_shipped_record_is_stored_once(tmp_path):
    engine = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    upgrade(engine)
    shipped = read_track_record()
    assert load_track_record(engine, "r1") == len(shipped)
    assert load_track_record(engine, "r2") == 0
    assert len(store.read_track_record(engine)) == len(shipped)


def test_the_shipped_record_spans_the_years():
    months = {row["month"] for row in read_track_record() if row["horizon_days"] == 30}
    assert min(months) == date(2015, 1, 1)
    assert max(months) >= date(2026, 1, 1)
