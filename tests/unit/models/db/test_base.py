from __future__ import annotations

import re

import pytest

from models.db.base import content_columns, key_columns, stamp_name
from models.db.tables import METADATA

CONTENT = [table for name, table in sorted(METADATA.tables.items()) if not name.startswith("meta")]


@pytest.mark.parametrize("table", CONTENT, ids=str)
def test_every_row_knows_the_run_that_wrote_it(table):
    assert table.columns.run_id.info["audit"]
    assert not table.columns.run_id.nullable


@pytest.mark.parametrize("table", CONTENT, ids=str)
def test_every_table_has_a_key_and_a_comment(table):
    assert key_columns(table)
    assert table.comment
    assert {c.name for c in content_columns(table)} >= {c.name for c in key_columns(table)}


@pytest.mark.parametrize("table", CONTENT, ids=str)
def test_names_say_their_unit(table):
    moments = [c.name for c in table.columns if "DATETIME" in str(c.type).upper()]
    assert all(name.endswith("_at") for name in moments)
    booleans = [c.name for c in table.columns if str(c.type) == "BOOLEAN"]
    assert all(name.startswith(("is_", "has_")) or name == "happened" for name in booleans)
    assert re.fullmatch(r"(raw|core|out)_[a-z_]+", table.name)


@pytest.mark.parametrize("table", CONTENT, ids=str)
def test_names_fit_into_postgres(table):
    names = [item.name for item in (*table.constraints, *table.indexes) if item.name]
    assert all(len(str(name)) <= 63 for name in names)


def test_the_time_of_writing_is_found():
    assert stamp_name(METADATA.tables["raw_article"]) == "ingested_at"
    assert stamp_name(METADATA.tables["out_risk_score"]) == "scored_at"
