"""deploy/prefect.yaml for real: a server, a work pool, a worker, a schedule, the UI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from models.db import store
from tests.flows.browser import open_page
from tests.flows.processes import ROOT, Stage, wait_until

pytestmark = pytest.mark.server
DEPLOY = ("prefect", "--no-prompt", "deploy", "--all", "--prefect-file")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Start a server and a worker; deploy everything, the daily run every minute."""
    found = Stage(tmp_path_factory.mktemp("worker"))
    found.environment["PREFECT_API_URL"] = found.api_url
    found.start("prefect", "server", "start", "--port", str(found.port))
    try:
        wait_until(found.is_up, 120, f"a server; {found.logs()}")
        found.call("prefect", "work-pool", "create", "dyadrisk", "--type", "process")
        found.call(*DEPLOY, str(hurry(found.folder)))
        found.start("prefect", "worker", "start", "--pool", "dyadrisk")
        wait_until(lambda: completed(found), 180, f"a scheduled run; {found.logs()}")
        yield found
    finally:
        found.stop()


def hurry(folder: Path) -> Path:
    """Return a copy of the deployments whose daily run is due every minute."""
    path = folder / "prefect.yaml"
    given = (ROOT / "deploy" / "prefect.yaml").read_text()
    assert given.count('"0 6 * * *"') == 1
    path.write_text(given.replace('"0 6 * * *"', '"* * * * *"'))
    return path


def completed(stage: Stage) -> list[dict[str, object]]:
    return [run for run in stage.runs("COMPLETED") if run["auto_scheduled"]]


def test_a_worker_runs_the_schedule_and_scores_the_intended_day(stage: Stage) -> None:
    run = completed(stage)[-1]
    day = date.fromisoformat(str(run["expected_start_time"])[:10])
    assert run["name"] == f"daily-{day}"
    assert "daily" in run["tags"]
    assert store.read_scored_days(store.open_store(stage.store_url))[-1] == day


def test_every_deployment_reads_well_and_runs_one_at_a_time(stage: Stage) -> None:
    found = {row["name"]: row for row in stage.post("deployments/filter")}
    assert set(found) >= {"daily", "backfill", "catch-up"}
    for row in found.values():
        assert row["description"]
        assert row["tags"]
        assert row["work_pool_name"] == "dyadrisk"
        assert row["global_concurrency_limit"]["limit"] == 1


def artifact(stage: Stage, key: str) -> dict[str, object]:
    wanted = {"key": {"any_": [key]}}
    [found] = stage.post("artifacts/latest/filter", artifacts=wanted)
    return found


@pytest.mark.browser
def test_the_ui_shows_the_run_its_report_and_its_tables(stage: Stage) -> None:
    run = completed(stage)[-1]
    shots = Path(os.environ.get("SCREENSHOT_FOLDER", stage.folder))
    with open_page() as page:
        page.goto(f"{stage.ui_url}/runs/flow-run/{run['id']}")
        page.get_by_text(str(run["name"])).first.wait_for(timeout=60_000)
        page.get_by_text("Completed").first.wait_for(timeout=30_000)
        page.get_by_text("score: ").first.wait_for(timeout=30_000)
        page.screenshot(path=shots / "run.png")
        for key, words in (("run-report", "Seconds a stage"), ("top-pairs", "top_driver")):
            found = artifact(stage, key)["latest_id"]
            page.goto(f"{stage.ui_url}/artifacts/artifact/{found}")
            page.get_by_text(words).first.wait_for(timeout=30_000)
            page.screenshot(path=shots / f"{key}.png")
