"""The printed formula is the classifier: ten scores recomputed by hand."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from features.registry import COLUMN_BY_NAME
from models.risk.formula import apply_formula, formula_rows, render_formula
from models.risk.training import signs_of

_NUMBER = r"[+-]?\d+\.\d+"
_TERM = re.compile(
    rf"\s*({_NUMBER}) \* \((log\(1 \+ x\)|x) - ({_NUMBER})\) / ({_NUMBER})\s+x = (\w+):"
)


@pytest.fixture
def ten_rows(material):
    force = np.flatnonzero(material.rows.labels("force", 30))[:5]
    quiet = np.flatnonzero(~material.rows.labels("force", 30))[:5]
    return material.rows.matrix.take(np.concatenate([force, quiet]))


def values_of(matrix, row):
    return dict(zip(matrix.columns, matrix.values[row].astype(float).tolist(), strict=True))


def test_ten_scores_from_the_rows_of_the_formula(classifier, ten_rows):
    rows = formula_rows(classifier)
    by_hand = [
        apply_formula(classifier.base, rows, values_of(ten_rows, i)) for i in range(len(ten_rows))
    ]
    assert len(by_hand) == 10
    assert by_hand == pytest.approx(classifier.predict(ten_rows).tolist(), abs=1e-9)


def test_ten_scores_from_the_printed_text_alone(classifier, ten_rows):
    text = render_formula(classifier)
    base = float(re.search(rf"^L = ({_NUMBER})$", text, re.MULTILINE).group(1))
    terms = [found.groups() for line in text.splitlines() if (found := _TERM.match(line))]
    assert len(terms) == int((np.asarray(classifier.weights) != 0).sum())
    for i, expected in enumerate(classifier.predict(ten_rows)):
        values, odds = values_of(ten_rows, i), base
        for weight, entered, mean, scale, name in terms:
            x = values[name]
            x = math.log(1 + max(x, 0.0)) if entered.startswith("log") else x
            odds += float(weight) * (x - float(mean)) / float(scale)
        assert 1 / (1 + math.exp(-odds)) == pytest.approx(expected, rel=2e-2, abs=1e-5)


def test_contributions_add_up_exactly(classifier, ten_rows):
    total = classifier.base + classifier.contributions(ten_rows).sum(axis=1)
    assert np.allclose(total, classifier.log_odds(ten_rows), atol=1e-12)


def test_weights_keep_the_sign_of_theory(classifier):
    for name, weight in zip(classifier.columns, classifier.weights, strict=True):
        assert weight * COLUMN_BY_NAME[name].monotone >= 0, name


def test_an_escalation_leaves_the_sign_of_the_past_that_it_is_a_step_above_open():
    names = ("force_fade240_count", "threat_fade15_count", "force_since_days")
    known = [name for name in names if name in COLUMN_BY_NAME]
    assert "force_fade240_count" in known
    for name, sign, free in zip(
        known, signs_of(known, "force"), signs_of(known, "escalation"), strict=True
    ):
        assert sign == COLUMN_BY_NAME[name].monotone != 0
        assert free == (0 if COLUMN_BY_NAME[name].signal == "force" else sign)
