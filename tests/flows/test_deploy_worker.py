"""deploy/prefect.yaml for real: a server, a work pool, a worker, a schedule, the UI."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from flows.cli_ops import opened
from models.db import store
from models.risk.levels import LEVELS
from tests.flows.browser import open_page
from tests.flows.processes import AUTH, ROOT, Stage
from tests.integration.deploy_databases import PASSWORD, DeployDatabases

pytestmark = [pytest.mark.server, pytest.mark.postgres, pytest.mark.timeout(1500)]
TOKEN = b64encode(AUTH.encode()).decode()
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())


def command_of(service: str, stage: Stage) -> list[str]:
    """Return a service's command of compose.yaml, with this test's port and files."""
    given = COMPOSE["services"][service]
    program = "prefect" if given.get("entrypoint") == ["prefect"] else "flows.cli"
    ours = {
        "0.0.0.0": "127.0.0.1",
        "4200": str(stage.port),
        "/etc/dyadrisk/prefect.yaml": str(stage.folder / "prefect.yaml"),
    }
    return [program, *[ours.get(part, part) for part in given["command"]]]


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, deploy_databases: DeployDatabases
) -> Iterator[Stage]:
    """Do what compose.yaml does, service by service, with a daily run every minute.

    Prefect's own database is SQLite here: it wants the extension pg_trgm, which the
    PostgreSQL of the tests does not carry.
    """
    found = Stage(tmp_path_factory.mktemp("worker"))
    found.environment |= {
        "DYADRISK_DB_URL": deploy_databases.app,
        "PREFECT_API_URL": found.api_url,
        "PREFECT_SERVER_API_AUTH_STRING": AUTH,
        "PREFECT_API_AUTH_STRING": AUTH,
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    }
    hurry(found.folder)
    try:
        found.start(*command_of("server", found))
        for service in ("upgrade", "grant"):
            found.call(*command_of(service, found))
        found.wait_until(found.is_up, "a server")
        for service in ("pool", "deployments"):
            found.call(*command_of(service, found))
        automations = str(ROOT / "deploy" / "automations.yaml")
        found.call("prefect", "automation", "create", "--from-file", automations)
        found.start(*command_of("worker", found))
        found.wait_until(lambda: completed(found), "a scheduled run")
        yield found
    finally:
        found.stop()


def hurry(folder: Path) -> None:
    """Write a copy of the deployments whose daily run is due every minute."""
    path = folder / "prefect.yaml"
    given = (ROOT / "deploy" / "prefect.yaml").read_text()
    assert given.count('"0 6 * * *"') == 1
    path.write_text(given.replace('"0 6 * * *"', '"* * * * *"'))


def completed(stage: Stage) -> list[dict[str, object]]:
    return [run for run in stage.runs("COMPLETED") if run["auto_scheduled"]]


def test_a_worker_runs_the_schedule_and_scores_the_intended_day(stage: Stage) -> None:
    run = completed(stage)[-1]
    day = date.fromisoformat(str(run["expected_start_time"])[:10])
    assert run["name"] == f"daily-{day}"
    assert "daily" in run["tags"]
    with opened(stage.store_url) as engine:
        assert store.read_scored_days(engine)[-1] == day


def test_every_deployment_reads_well_and_runs_one_at_a_time(stage: Stage) -> None:
    found = {row["name"]: row for row in stage.post("deployments/filter")}
    assert set(found) == {"daily", "backfill", "catch-up", "train", "backtest", "verify"}
    for row in found.values():
        assert row["description"]
        assert row["tags"]
        assert row["work_pool_name"] == "dyadrisk"
        assert row["global_concurrency_limit"]["limit"] == 1


def test_no_secret_stands_in_logs_or_artifacts(stage: Stage) -> None:
    kept = [
        *(path.read_text(errors="replace") for path in stage.folder.glob("*.log")),
        *(str(stage.post(f"{kind}/filter", limit=200)) for kind in ("logs", "artifacts")),
        *(str(stage.post(f"{kind}/filter")) for kind in ("flow_runs", "deployments")),
    ]
    assert "score: " in "".join(kept)
    for secret in (PASSWORD, AUTH.split(":")[1], TOKEN):
        assert not any(secret in text for text in kept)


def artifact(stage: Stage, key: str) -> dict[str, object]:
    wanted = {"key": {"any_": [key]}}
    [found] = stage.post("artifacts/latest/filter", artifacts=wanted)
    return found


@pytest.mark.browser
def test_the_ui_shows_the_run_its_report_and_its_tables(stage: Stage) -> None:
    run = completed(stage)[-1]
    shots = Path(os.environ.get("SCREENSHOT_FOLDER", stage.folder))
    with open_page() as page:
        page.add_init_script(f"localStorage.setItem('prefect-password', {TOKEN!r})")
        page.goto(f"{stage.ui_url}/runs/flow-run/{run['id']}")
        page.get_by_text(str(run["name"])).first.wait_for(timeout=120_000)
        page.get_by_text("Completed").first.wait_for(timeout=120_000)
        page.get_by_text("score: ").first.wait_for(timeout=120_000)
        shown = page.locator("body").inner_text()
        assert not any(word in shown for word in ("Failed", "Crashed", "Traceback"))
        page.screenshot(path=shots / "run.png")
        page.get_by_text("Artifacts", exact=True).first.click()
        for key in ("run-report", "top-pairs"):
            page.get_by_text(key).first.wait_for(timeout=120_000)
        for key, words in (
            ("run-report", ("Seconds a stage", "pairs scored", "CHL-PER")),
            ("top-pairs", ("top_driver", "CHL-PER", re.compile(rf"\b({'|'.join(LEVELS)})\b"))),
        ):
            found = artifact(stage, key)["latest_id"]
            page.goto(f"{stage.ui_url}/artifacts/artifact/{found}")
            for word in words:
                page.get_by_text(word).first.wait_for(timeout=120_000)
            page.screenshot(path=shots / f"{key}.png")
