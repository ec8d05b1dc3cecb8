"""Alerts against a real store and a real webhook: once each, sent again when it failed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from flows import alerts
from flows.alert_rules import Rule
from models.db import store
from tests.integration.loopback_hook import Hook, run_hook
from tests.integration.loopback_mail import run_mailbox

TODAY = datetime.now(UTC).date()
RULES = (
    Rule(name="high", kind="level", level="HIGH", channels=("desk",)),
    Rule(name="jump", kind="jump", points=5, channels=("desk",)),
)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    with run_hook() as found:
        monkeypatch.setenv("DYADRISK_CHANNEL_DESK", found.url)
        yield found


def seed(engine: Engine, rows: Any) -> None:
    old = TODAY - timedelta(days=7)
    store.upsert_classifiers(engine, [rows.classifier()], "r")
    store.upsert_scores(
        engine,
        [
            rows.score(as_of_date=old, prob=0.1, level="GUARDED"),
            rows.score(as_of_date=TODAY, prob=0.25, level="HIGH"),
            rows.score("IRN-USA", as_of_date=TODAY, prob=0.25, level="ELEVATED"),
        ],
        "r",
    )


def check(engine: Engine) -> alerts.AlertReport:
    found = alerts.find_alerts(engine, RULES, TODAY)
    return alerts.raise_alerts(engine, RULES, found, "r", emit=False)


def test_each_alert_is_stored_and_sent_once(engine: Engine, rows: Any, hook: Hook) -> None:
    seed(engine, rows)
    assert check(engine) == alerts.AlertReport(fired=2, new=2, sent=2)
    assert check(engine) == alerts.AlertReport(fired=2, new=0, sent=0)
    [body] = hook.bodies
    assert body["title"] == "dyadrisk: COL-USA"
    assert "rose by 15.0 points in 7 days to HIGH" in body["message"]
    stored = store.read_alerts(engine)
    assert [(row["rule"], row["subject"], row["day"]) for row in stored] == [
        ("high", "COL-USA", TODAY),
        ("jump", "COL-USA", TODAY),
    ]
    assert all(row["is_delivered"] and row["channels"] == "desk" for row in stored)


def test_what_could_not_be_sent_is_sent_by_the_next_check_and_no_secret_is_logged(
    engine: Engine, rows: Any, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    seed(engine, rows)
    hook.is_down = True
    with caplog.at_level(logging.DEBUG):
        assert check(engine) == alerts.AlertReport(fired=2, new=2, sent=0)
        assert not any(row["is_delivered"] for row in store.read_alerts(engine))
        hook.is_down = False
        assert check(engine) == alerts.AlertReport(fired=2, new=0, sent=2)
    assert len(hook.bodies) == 1
    assert "tops3cret" not in caplog.text
    assert "channel desk: not delivered" in caplog.text


def test_a_rule_without_channel_is_stored_only(engine: Engine, rows: Any, hook: Hook) -> None:
    seed(engine, rows)
    rules = (Rule(name="quiet", kind="level", level="HIGH"),)
    found = alerts.find_alerts(engine, rules, TODAY)
    assert alerts.raise_alerts(engine, rules, found, "r", emit=False).sent == 0
    assert hook.bodies == []
    assert len(store.read_alerts(engine)) == 1


def test_an_alert_goes_out_as_e_mail(
    engine: Engine, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(engine, rows)
    with run_mailbox() as mailbox:
        address = f"mailto://127.0.0.1:{mailbox.port}?from=risk@example.org&to=ana@example.org"
        monkeypatch.setenv("DYADRISK_CHANNEL_DESK", address)
        assert check(engine) == alerts.AlertReport(fired=2, new=2, sent=2)
        assert check(engine).sent == 0
    [mail] = mailbox.kept
    assert mail["subject"] == "dyadrisk: COL-USA"
    assert "ana@example.org" in mail["to"] and "risk@example.org" in mail["from"]
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert "COL-USA rose by 15.0 points in 7 days to HIGH" in body.get_content()


def test_the_next_day_alerts_anew(engine: Engine, rows: Any, hook: Hook) -> None:
    seed(engine, rows)
    check(engine)
    tomorrow = TODAY + timedelta(days=1)
    scores = [rows.score(as_of_date=tomorrow, prob=0.4, level="HIGH")]
    store.upsert_scores(engine, scores, "r")
    rule = Rule(name="jump", kind="jump", points=5, days=1, channels=("desk",))
    found = alerts.find_alerts(engine, (rule,), tomorrow)
    report = alerts.raise_alerts(engine, (rule,), found, "r", emit=False)
    assert report == alerts.AlertReport(fired=1, new=1, sent=1)
    assert len(hook.bodies) == 2
    days = [row["day"] for row in store.read_alerts(engine) if row["rule"] == "jump"]
    assert days == [TODAY, tomorrow]
