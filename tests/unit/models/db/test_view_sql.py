from __future__ import annotations

import pytest

from features.errors import ConfigError
from models.db.view_sql import VIEW_TEXTS, render_view
from models.db.views import VIEWS


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", sorted(VIEW_TEXTS))
def test_no_token_is_left(name, dialect):
    text = render_view(name, dialect)
    assert text.startswith("SELECT")
    assert "$" not in text.replace("'$[0].words'", "")


def test_texts_and_columns_are_declared_for_the_same_views():
    assert list(VIEW_TEXTS) == list(VIEWS)


def test_another_database_is_refused():
    with pytest.raises(ConfigError, match="sqlite or postgresql"):
        render_view("latest_risk", "mysql")


@pytest.mark.parametrize("where", ["", " WHERE dyad = 'COL-USA'", " WHERE country_a_iso3 = 'COL'"])
@pytest.mark.parametrize("name", ["latest_risk", "risk_movers"])
def test_newest_scores_are_found_by_index_without_statistics(memory, name, where):
    with memory.connect() as conn:
        plan = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT * FROM {name}{where}").fetchall()
    steps = [row[3] for row in plan]
    assert not [step for step in steps if step.startswith(("SCAN s", "SCAN m", "SCAN d"))]
