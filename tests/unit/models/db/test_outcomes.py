from __future__ import annotations

from datetime import date

import pytest

from features.errors import DataError
from models.db.outcomes import read_scores_to_verify, read_verified_scores, upsert_score_outcomes

OUTCOME = {
    "dyad": "COL-USA",
    "as_of_date": date(2026, 1, 10),
    "outcome": "force",
    "horizon_days": 30,
    "classifier_version": "c1",
    "happened": True,
    "event_count": 1,
}


def test_an_outcome_without_its_score_is_refused(memory):
    with pytest.raises(DataError, match="out_score_outcome"):
        upsert_score_outcomes(memory, [OUTCOME], "r1")


def test_an_empty_store_has_nothing_to_verify(memory):
    assert read_scores_to_verify(memory, "force", 30, date(2026, 2, 1)) == []
    assert read_verified_scores(memory) == []
