from __future__ import annotations

from pathlib import Path

import pytest

from features.errors import ConfigError
from models.db.describe import describe_columns, schema_markdown, view_grants
from models.db.tables import METADATA
from models.db.views import VIEWS

ROOT = Path(__file__).parents[4]


def test_every_column_of_every_relation_has_words():
    rows = describe_columns()
    assert [row for row in rows if not row["comment"].strip()] == []
    relations = {name for name in METADATA.tables if not name.startswith("meta")} | set(VIEWS)
    assert {row["relation"] for row in rows} == relations


def test_rows_of_the_dictionary():
    (row,) = [
        row
        for row in describe_columns()
        if (row["relation"], row["column"]) == ("out_risk_score", "prob")
    ]
    assert row == {
        "relation": "out_risk_score",
        "kind": "table",
        "column": "prob",
        "type": "float",
        "is_key": False,
        "is_nullable": False,
        "comment": "probability of the outcome within the horizon, 0 to 1",
    }


def test_the_page_in_docs_is_the_schema_of_the_code():
    page = (ROOT / "docs" / "schema.md").read_text("utf-8")
    assert page == schema_markdown(), "run: python docs/make_schema.py"


def test_grants_name_the_views_only():
    grants = view_grants("analyst")
    assert len(grants) == len(VIEWS) + 1
    assert not any(name in " ".join(grants) for name in METADATA.tables)


@pytest.mark.parametrize("role", ["", "Analyst", "a; DROP TABLE x", 'a"b', "1st"])
def test_a_role_that_is_no_plain_name_is_refused(role):
    with pytest.raises(ConfigError, match="role name"):
        view_grants(role)
