from __future__ import annotations

from datetime import date

from models.db.drift import read_drift, upsert_drift


def test_drift_is_ordered_by_column(memory):
    row = {
        "as_of_date": date(2026, 1, 10),
        "classifier_version": "c1",
        "psi": 0.1,
        "level": "stable",
    }
    upsert_drift(memory, [row | {"column_name": name} for name in "cab"], "r1")
    assert [found["column_name"] for found in read_drift(memory)] == ["a", "b", "c"]
