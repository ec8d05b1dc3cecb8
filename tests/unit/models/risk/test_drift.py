"""Population stability: nothing moved, something moved, and how it is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.risk.drift import DRIFTED, SHIFTED, measure_drift, name_drift


def test_the_training_rows_have_not_drifted(classifier, material):
    rows = material.rows
    found = measure_drift(classifier.profile, rows.matrix, classifier.predict(rows.matrix))
    assert {row["column_name"] for row in found} == {*rows.matrix.columns, "prob"}
    score = next(row for row in found if row["column_name"] == "prob")
    assert score["level"] == "stable"


def test_a_shifted_column_is_seen(classifier, material):
    rows = material.rows.matrix
    moved = rows.values.copy()
    place = rows.columns.index("mention_fade60_count")
    moved[:, place] = moved[:, place] * 4 + 2
    changed = replace(rows, values=moved)
    found = measure_drift(classifier.profile, changed, classifier.predict(changed))
    row = next(row for row in found if row["column_name"] == "mention_fade60_count")
    assert row["level"] == "drifted"
    assert float(row["psi"]) > DRIFTED


def test_names_of_levels():
    values = np.array([0.0, SHIFTED + 0.01, DRIFTED + 0.01])
    assert [name_drift(v) for v in values] == ["stable", "shifted", "drifted"]
