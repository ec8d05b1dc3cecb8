from __future__ import annotations

from models.db.digest import content_digest, content_tables, count_rows
from models.db.tables import RAW_SOURCE
from models.db.upsert import upsert_rows


def test_order_of_rows_does_not_matter(memory):
    upsert_rows(memory, RAW_SOURCE, [{"source_id": "a"}, {"source_id": "b"}], "r1")
    first = content_digest(memory)["raw_source"]
    with memory.begin() as conn:
        conn.execute(RAW_SOURCE.delete())
    upsert_rows(memory, RAW_SOURCE, [{"source_id": "b"}, {"source_id": "a"}], "r2")
    assert content_digest(memory)["raw_source"] == first
    assert first[0] == 2


def test_any_content_changes_the_digest(memory):
    seen = {content_digest(memory)["raw_source"]}
    for outlet in ("x", "y", None):
        upsert_rows(memory, RAW_SOURCE, [{"source_id": "a", "outlet": outlet}], "r")
        seen.add(content_digest(memory)["raw_source"])
    assert len(seen) == 4


def test_all_content_tables_are_covered(memory):
    names = {table.name for table in content_tables()}
    assert "meta_view" not in names
    assert set(content_digest(memory)) == set(count_rows(memory)) == names
