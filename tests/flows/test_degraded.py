"""A day whose sources fail: scored all the same, shown as degraded, and the operator is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.settings import PREFECT_API_URL

from flows import alerts
from flows.alert_rules import Rule
from models.db import store
from tests.flows.processes import wait_until
from tests.integration.conftest import Rows
from tests.integration.hostile_server import Hostile, run_hostile_server
from tests.integration.loopback_mail import Mailbox, run_mailbox

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("prefect_server")]

TODAY = datetime.now(UTC).date()
RULES = '[[rules]]\nname = "source-stale"\nkind = "stale"\nchannels = ["ops"]\n'


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    with run_hostile_server() as found:
        yield found


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with run_mailbox() as found:
        yield found


@pytest.fixture
def url(tmp_path: Path, hostile: Hostile, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a store whose run reads one good source and one that has gone."""
    sources, rules = tmp_path / "sources.toml", tmp_path / "alerts.toml"
    sources.write_text(
        "".join(
            f'[[source]]\nid = "{name}"\noutlet = "{name} Times"\nurl = "{hostile.base}{path}"\n'
            for name, path in (("good", "/good.xml"), ("gone", "/gone"))
        )
    )
    rules.write_text(RULES)
    found = f"sqlite:///{tmp_path / 'store.db'}"
    address = f"mailto://127.0.0.1:{mailbox.port}?from=risk@example.org&to=ops@example.org"
    for name, value in {
        "DB_URL": found,
        "SOURCES_FILE": str(sources),
        "FETCH_SOURCES": "true",
        "ALLOW_PRIVATE_HOSTS": "true",
        "ALERTS_FILE": str(rules),
        "CHANNEL_OPS": address,
        "PORTAL_HISTORY": "false",
        "REPORT": "false",
    }.items():
        monkeypatch.setenv(f"DYADRISK_{name}", value)
    return found


def ask(path: str, **body: Any) -> Any:
    answer = httpx.post(f"{PREFECT_API_URL.value()}/{path}", json=body, timeout=30.0)
    answer.raise_for_status()
    return answer.json()


def state_of(run_id: str) -> dict[str, Any]:
    answer = httpx.get(f"{PREFECT_API_URL.value()}/flow_runs/{UUID(run_id)}", timeout=30.0)
    found: dict[str, Any] = answer.raise_for_status().json()["state"]
    return found


def events_of(name: str) -> list[dict[str, Any]]:
    wanted = {
        "event": {"name": [name]},
        "occurred": {"since": f"{TODAY - timedelta(days=1)}T00:00:00Z"},
    }
    found: list[dict[str, Any]] = ask("events/filter", filter=wanted)["events"]
    return found


def jumps_of(dyad: str) -> list[dict[str, Any]]:
    """Return the jumps of one pair; other tests tell the same server of theirs."""
    events = events_of("dyadrisk.risk.jumped")
    return [e for e in events if e["resource"]["prefect.resource.id"] == f"dyadrisk.dyad.{dyad}"]


def test_a_failed_source_degrades_the_day_and_the_operator_is_told_once(
    url: str, mailbox: Mailbox
) -> None:
    from flows.daily import daily
    from models.db.migrate import upgrade

    engine = store.open_store(url)
    upgrade(engine)
    store.upsert_sources(engine, [{"source_id": "gone", "failure_count": 2}], "earlier")
    report = daily(as_of_date=TODAY)
    assert report.ingest is not None and report.ingest.new >= 1
    assert set(report.ingest.source_failures) == {"gone"}

    state = state_of(report.run_id)
    assert (state["type"], state["name"]) == ("COMPLETED", "Degraded")
    assert state["message"] == "scored without 1 source that failed: gone"
    [artifact] = ask(
        "artifacts/filter",
        artifacts={"flow_run_id": {"any_": [report.run_id]}, "key": {"any_": ["run-report"]}},
    )
    assert "**Degraded: 1 source failed; the day was scored without it.**" in artifact["data"]

    [mail] = mailbox.kept
    assert "gone" in mail["subject"]
    stored = {row["subject"]: row for row in store.read_alerts(engine)}
    assert stored["gone"]["channels"] == "ops"
    ids = wait_until(
        lambda: [e["resource"]["prefect.resource.id"] for e in events_of("dyadrisk.source.stale")],
        "the event of the alert",
    )
    assert "dyadrisk.stale.gone" in ids

    again = daily(as_of_date=TODAY)  # nothing new comes, and the same source fails again
    assert again.ingest is not None and again.ingest.new == 0
    assert state_of(again.run_id)["name"] == "Degraded"
    assert len(mailbox.kept) == 1


def test_a_jump_reaches_the_server_as_an_event_of_its_pair(url: str) -> None:
    from models.db.migrate import upgrade

    engine = store.open_store(url)
    upgrade(engine)
    store.upsert_classifiers(engine, [Rows.classifier()], "r")
    store.upsert_scores(
        engine,
        [
            Rows.score(as_of_date=TODAY - timedelta(days=7), prob=0.1, level="GUARDED"),
            Rows.score(as_of_date=TODAY, prob=0.25, level="HIGH"),
        ],
        "r",
    )
    rules = (Rule(name="jump", kind="jump", points=5),)
    found = alerts.find_alerts(engine, rules, TODAY)
    assert jumps_of("COL-USA") == []  # looking emits nothing
    assert alerts.raise_alerts(engine, rules, found, "r", emit=True).new == 1
    [event] = wait_until(lambda: jumps_of("COL-USA"), "the event of the jump")
    assert event["resource"]["dyadrisk.level"] == "HIGH"
    assert event["payload"]["change"] == pytest.approx(0.15)
