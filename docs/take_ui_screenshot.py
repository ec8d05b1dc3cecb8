"""Picture of a daily run in Prefect's UI for README and docs, by headless Chromium.

python -m docs.take_ui_screenshot

Starts a server, runs the daily flow on the sample corpus against it and opens the run.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.flows.browser import open_page
from tests.flows.processes import Stage

TARGET = Path(__file__).parent / "images" / "prefect_ui.png"
AS_OF = "2026-03-29"


def run_sample(stage: Stage) -> str:
    """Run the daily flow on a new server and return the id of its flow run."""
    port = str(stage.port)
    stage.start("prefect", "server", "start", "--host", "127.0.0.1", "--port", port)
    stage.wait_until(stage.is_up, "a server")
    stage.environment["PREFECT_API_URL"] = stage.api_url
    for name in ("DYADRISK_ARTICLES", "DYADRISK_PORTAL_HISTORY"):
        stage.environment.pop(name)
    stage.call("flows.cli", "run", "--as-of", AS_OF, timeout=3600)
    return str(stage.runs("COMPLETED")[0]["id"])


def main() -> None:
    """Write the picture of the run's page."""
    with tempfile.TemporaryDirectory(prefix="ui-") as folder:
        stage = Stage(Path(folder))
        try:
            run = run_sample(stage)
            with open_page() as page:
                page.set_viewport_size({"width": 1280, "height": 1000})
                page.goto(f"{stage.ui_url}/runs/flow-run/{run}")
                page.get_by_text("Completed").first.wait_for(timeout=120_000)
                page.get_by_text("score: ").first.wait_for(timeout=120_000)
                page.wait_for_timeout(2_000)  # the graph is drawn after the page
                page.screenshot(path=TARGET)
        finally:
            stage.stop()


if __name__ == "__main__":
    main()
