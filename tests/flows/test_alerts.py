"""Alerts of a whole daily run: a pair that jumps reaches the webhook and the server's events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from flows.cli_ops import opened
from models.db import store
from tests.flows.processes import wait_until
from tests.flows.test_degraded import jumps_of
from tests.integration.loopback_hook import Hook, run_hook

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("prefect_server")]

AS_OF = date(2026, 1, 10)
RULES = """
[[rules]]
name = "any-jump"
kind = "jump"
days = 7
points = 0.01
dyads = ["ECU-PER"]
channels = ["desk"]

[[rules]]
name = "at-the-top"
kind = "level"
level = "SEVERE"
channels = ["desk"]
"""


@pytest.fixture
def hook() -> Iterator[Hook]:
    with run_hook() as found:
        yield found


@pytest.fixture
def url(tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a store whose news tell of talks a week before and of an attack yesterday."""
    news, rules = tmp_path / "news", tmp_path / "alerts.toml"
    news.mkdir()
    (news / "talks.txt").write_text(
        "QUITO, Jan 01, 2026 — Ecuador's president met the president of Peru for talks on trade."
    )
    (news / "attack.txt").write_text(
        "LIMA, Jan 09, 2026 — Peruvian warplanes bombed army bases in Ecuador on Friday."
        " Ecuador's army fired rockets at Peru."
    )
    rules.write_text(RULES)
    found = f"sqlite:///{tmp_path / 'store.db'}"
    for name, value in {
        "DB_URL": found,
        "ARTICLES": str(news),
        "ALERTS_FILE": str(rules),
        "CHANNEL_DESK": hook.url,
        "PORTAL_HISTORY": "false",
        "REPORT": "false",
    }.items():
        monkeypatch.setenv(f"DYADRISK_{name}", value)
    return found


def test_a_run_tells_once_of_a_pair_that_jumped(url: str, hook: Hook) -> None:
    from flows.daily import daily

    daily(as_of_date=AS_OF)
    with opened(url) as engine:
        stored = {row["rule"]: row for row in store.read_alerts(engine)}
    assert set(stored) == {"any-jump", "at-the-top"}
    assert all(row["subject"] == "ECU-PER" and row["day"] == AS_OF for row in stored.values())
    assert all(row["is_delivered"] for row in stored.values())
    [body] = hook.bodies  # one message for both
    assert "ECU-PER rose by" in body["message"]
    [event] = wait_until(lambda: jumps_of("ECU-PER"), "the event of the jump")
    assert event["resource"]["dyadrisk.rule"] == "any-jump"

    daily(as_of_date=AS_OF)
    assert len(hook.bodies) == 1
    assert len(jumps_of("ECU-PER")) == 1
