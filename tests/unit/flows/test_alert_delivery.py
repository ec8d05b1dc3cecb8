"""Alerts as Prefect events, on which automations can act."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flows.alert_delivery import emit_events
from flows.alert_rules import Rule, fire_scores

ROW = {
    "dyad": "COL-USA",
    "as_of_date": date(2026, 1, 10),
    "prob": 0.3,
    "prob_low": 0.2,
    "prob_high": 0.4,
    "level": "HIGH",
    "change_1d": 0.2,
    "change_7d": 0.2,
    "previous_level": "LOW",
    "top_driver": "threats",
}


def test_a_jump_is_an_event_of_its_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr("prefect.events.emit_event", lambda **event: sent.append(event))
    rule = Rule(name="jump", kind="jump", points=5)
    emit_events(fire_scores(rule, [ROW]))
    [event] = sent
    assert event["event"] == "dyadrisk.risk.jumped"
    assert event["resource"]["prefect.resource.id"] == "dyadrisk.dyad.COL-USA"
    assert event["resource"]["dyadrisk.level"] == "HIGH"
    assert event["payload"]["prob"] == 0.3
