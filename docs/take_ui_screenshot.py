"""Picture of a daily run in Prefect's UI for README and docs, by headless Chromium.

python -m docs.take_ui_screenshot

Starts a server, runs the daily flow on the sample corpus against it and opens the run.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from tests.flows.browser import open_page
from tests.flows.processes import Stage

TARGET = Path(__file__).parent / "images" / "prefect_ui.png"
AS_OF = "2026-03-29"
LONG_SECONDS = 600.0  # far above what a free machine needs


def run_sample(stage: Stage) -> str:
    """Run the daily flow on a new server and return the id of its flow run."""
    port = str(stage.port)
    # Before the start: the UI asks for the address that the server was told.
    stage.environment["PREFECT_API_URL"] = stage.api_url
    stage.start("prefect", "server", "start", "--host", "127.0.0.1", "--port", port)
    stage.wait_until(stage.is_up, "a server")
    for name in ("DYADRISK_ARTICLES", "DYADRISK_PORTAL_HISTORY"):
        stage.environment.pop(name)
    stage.call("flows.cli", "run", "--as-of", AS_OF, timeout=3600)
    return str(stage.runs("COMPLETED")[0]["id"])


def take_settled(page: Any) -> bytes:
    """Return the page's picture once it no longer changes: the graph is drawn last.

    Raises:
        TimeoutError: it kept changing.
    """
    deadline = time.monotonic() + LONG_SECONDS
    before: bytes = page.screenshot()
    while time.monotonic() < deadline:
        page.wait_for_timeout(2_000)
        now: bytes = page.screenshot()
        if now == before:
            return now
        before = now
    raise TimeoutError(f"expected the page to settle within {LONG_SECONDS:.0f} s")


def main() -> None:
    """Write the picture of the run's page."""
    with tempfile.TemporaryDirectory(prefix="ui-") as folder:
        stage = Stage(Path(folder))
        try:
            run = run_sample(stage)
            with open_page() as page:
                page.set_viewport_size({"width": 1280, "height": 1000})
                page.set_default_timeout(1000 * LONG_SECONDS)
                page.goto(f"{stage.ui_url}/runs/flow-run/{run}")
                for words in ("Completed", "score: "):
                    page.get_by_text(words).first.wait_for()
                TARGET.write_bytes(take_settled(page))
        finally:
            stage.stop()


if __name__ == "__main__":
    main()
