from __future__ import annotations

from models.db.tables import OUT_CLASSIFIER, OUT_SCORE_OUTCOME, SCORE_KEY


def test_an_outcome_belongs_to_a_score():
    (reference,) = OUT_SCORE_OUTCOME.foreign_key_constraints
    assert [column.name for column in reference.columns] == list(SCORE_KEY)
    assert reference.ondelete == "CASCADE"


def test_champions_are_unique_on_both_databases():
    (index,) = OUT_CLASSIFIER.indexes
    assert index.unique
    assert {str(index.dialect_options[name]["where"]) for name in ("sqlite", "postgresql")} == {
        "status = 'champion'"
    }
