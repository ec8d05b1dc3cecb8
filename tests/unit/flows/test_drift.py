"""Drift of a run: measured against the champions, without the columns of the whole day."""

from __future__ import annotations

from datetime import date

import pytest

from features.windows import build_features
from flows.corpora import read_history
from flows.drift import drift_rows
from models.risk.artifact import load_champions

DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def matrix():
    corpus = read_history().corpus
    return build_features(corpus.dyad_days, corpus.day_volume, DAY)


def test_one_row_a_column_and_one_a_score(matrix):
    champions = load_champions()
    rows = drift_rows(champions, matrix, DAY)
    versions = {row["classifier_version"] for row in rows if row["column_name"] == "prob"}
    assert versions == {champion.version for champion in champions}
    columns = [row["column_name"] for row in rows if row["column_name"] != "prob"]
    assert len(columns) == len(set(columns)) > 50
    assert not any(name.startswith("stream_deficit") for name in columns)
    assert {row["level"] for row in rows} <= {"stable", "shifted", "drifted"}


def test_a_handful_of_pairs_says_nothing(matrix):
    few = matrix.take(matrix.values[:, 0] > matrix.values[:, 0].max() - 1)
    assert len(few) < 100
    assert drift_rows(load_champions(), few, DAY) == []
