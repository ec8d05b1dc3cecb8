from __future__ import annotations

from models.db.rejects import count_rejects, read_rejects, resolve_rejects, upsert_rejects

ROW = {
    "reject_id": "r1",
    "origin": "x.html",
    "reason": "empty",
    "detail": "no text",
    "excerpt": "",
    "content_hash": "h",
}


def test_a_resolved_item_stays_resolved(memory):
    upsert_rejects(memory, [ROW], "1")
    assert resolve_rejects(memory, ["r1"], "2") == 1
    assert upsert_rejects(memory, [ROW], "3") == 0
    assert read_rejects(memory)[0]["is_resolved"] is True
    assert count_rejects(memory) == {}
