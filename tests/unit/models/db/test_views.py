from __future__ import annotations

import pytest
from sqlalchemy import select, text

from models.db.views import VIEWS, create_views, drop_views, stale_views, view_digest


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_declared_columns_are_those_of_the_view(memory, name):
    with memory.connect() as conn:
        columns = list(conn.execute(text(f"SELECT * FROM {name}")).keys())
    assert columns == [column.name for column in VIEWS[name].table.columns]


def test_each_view_says_what_it_answers():
    assert all(
        view.question.strip().endswith(".") or "?" in view.question for view in VIEWS.values()
    )
    assert all(column.comment for view in VIEWS.values() for column in view.table.columns)


def test_views_can_be_dropped_and_made_again(memory):
    with memory.begin() as conn:
        assert stale_views(conn) == []
        drop_views(conn)
        assert stale_views(conn) == sorted(VIEWS)
        create_views(conn)
        assert stale_views(conn) == []
        assert conn.execute(select(VIEWS["latest_risk"].table)).fetchall() == []


def test_digests_follow_the_text():
    assert view_digest("latest_risk", "sqlite") != view_digest("risk_movers", "sqlite")
