from __future__ import annotations

from models.db.tables import LEVELS, OUT_RISK_SCORE, OUT_SCORE_EVIDENCE, SCORE_KEY


def test_the_key_is_in_the_order_that_views_walk():
    assert tuple(c.name for c in OUT_RISK_SCORE.primary_key.columns) == SCORE_KEY
    assert tuple(c.name for c in OUT_SCORE_EVIDENCE.primary_key.columns) == (*SCORE_KEY, "rank")


def test_every_level_is_allowed_and_no_other():
    (check,) = [c for c in OUT_RISK_SCORE.constraints if str(c.name).endswith("_level")]
    assert str(check.sqltext) == f"level IN {LEVELS!r}"
