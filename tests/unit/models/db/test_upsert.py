from __future__ import annotations

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite

from models.db import upsert
from models.db.tables import OUT_RISK_SERIES, RAW_SOURCE


def text_of(insert, table, names, merge=None) -> str:
    statement = upsert._on_conflict(insert(table), table, names, merge or {})
    dialect = sqlite.dialect() if insert is sqlite.insert else postgresql.dialect()
    return " ".join(str(statement.compile(dialect=dialect)).split())


def test_only_carried_columns_are_set():
    sql = text_of(sqlite.insert, RAW_SOURCE, ["source_id", "outlet", "run_id", "checked_at"])
    assert "DO UPDATE SET outlet = excluded.outlet, run_id = excluded.run_id" in sql
    assert "cursor" not in sql.partition("DO UPDATE")[2]


def test_rows_are_compared_by_content_with_nulls():
    names = ["source_id", "outlet", "run_id", "checked_at"]
    assert text_of(sqlite.insert, RAW_SOURCE, names).endswith(
        "WHERE raw_source.outlet IS NOT excluded.outlet"
    )
    assert text_of(postgresql.insert, RAW_SOURCE, names).endswith(
        "WHERE raw_source.outlet IS DISTINCT FROM excluded.outlet"
    )


def test_a_table_of_keys_is_only_inserted():
    names = ["dyad", "outcome", "horizon_days", "run_id", "written_at"]
    assert text_of(sqlite.insert, OUT_RISK_SERIES, names).endswith("DO NOTHING")


def test_a_merge_decides_value_and_comparison():
    def keep(table, new):
        return case((new.outlet.is_(None), table.columns.outlet), else_=new.outlet)

    sql = text_of(sqlite.insert, RAW_SOURCE, ["source_id", "outlet"], {"outlet": keep})
    assert sql.count("CASE WHEN") == 2


def test_counts_say_what_really_changed(memory):
    rows = [{"source_id": key, "outlet": key} for key in "abc"]
    assert upsert.upsert_rows(memory, RAW_SOURCE, rows, "r1") == 3
    assert upsert.upsert_rows(memory, RAW_SOURCE, rows, "r2") == 0
    rows[0]["outlet"] = "other"
    assert upsert.upsert_rows(memory, RAW_SOURCE, rows, "r3") == 1
    assert upsert.upsert_rows(memory, RAW_SOURCE, [], "r4") == 0


def test_the_callers_rows_are_left_alone(memory):
    row = {"source_id": "a"}
    upsert.upsert_rows(memory, RAW_SOURCE, [row], "r1")
    assert row == {"source_id": "a"}
