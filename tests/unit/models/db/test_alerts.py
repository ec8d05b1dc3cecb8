from __future__ import annotations

from datetime import date

from models.db.alerts import add_alerts, read_alerts

ROW = {
    "rule": "jump",
    "subject": "COL-USA",
    "day": date(2026, 1, 10),
    "kind": "jump",
    "message": "COL-USA rose by 20 points",
}


def test_only_new_alerts_are_handed_out(memory):
    other = ROW | {"subject": "USA-VEN"}
    assert len(add_alerts(memory, [ROW, ROW], "r1")) == 1
    assert [row["subject"] for row in add_alerts(memory, [ROW, other], "r2")] == ["USA-VEN"]
    assert len(read_alerts(memory)) == 2


def test_the_next_day_fires_again(memory):
    add_alerts(memory, [ROW], "r1")
    assert len(add_alerts(memory, [ROW | {"day": date(2026, 1, 11)}], "r2")) == 1
