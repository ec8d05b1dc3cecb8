from __future__ import annotations

import pytest

from features.errors import DataError
from models.db.registry import promote_classifier, read_champion, upsert_classifiers

ROW = {
    "classifier_version": "c1",
    "outcome": "force",
    "horizon_days": 30,
    "kind": "logistic",
    "status": "challenger",
}


def test_one_version_may_serve_several_horizons(memory):
    upsert_classifiers(memory, [ROW, ROW | {"horizon_days": 7}], "r1")
    promote_classifier(memory, "c1", "force", 30, "r2")
    assert read_champion(memory, "force", 30) is not None
    assert read_champion(memory, "force", 7) is None


def test_an_unknown_status_is_refused(memory):
    with pytest.raises(DataError, match="ck_out_classifier_status"):
        upsert_classifiers(memory, [ROW | {"status": "best"}], "r1")
