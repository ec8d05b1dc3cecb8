"""Time and size of the report for a made-up store: 200 pairs and a year of history.

    python -m bench.report [--pairs 200] [--days 365] [--browser]

Prints seconds to make the report (without and with the kept Vega script), its size, and with
``--browser`` the time until headless Chromium has loaded it and drawn a pair.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine

from flows.report import write_report
from models.db import store
from tests.integration.seed import AS_OF, Shape, fill_store

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")


def measure(label: str, engine: Engine, path: Path) -> None:
    """Print wall and processor seconds of one report and its size."""
    wall, cpu = time.perf_counter(), time.process_time()
    write_report(engine, AS_OF, path)
    print(
        f"{label}: {time.perf_counter() - wall:.1f} s ({time.process_time() - cpu:.1f} s of"
        f" processor), {path.stat().st_size / 1e6:.2f} MB"
    )


def open_in_browser(path: Path) -> None:
    """Print how long headless Chromium takes to load the page and to draw one pair."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("about:blank")
        started = time.perf_counter()
        page.goto(path.as_uri(), wait_until="load")
        loaded = time.perf_counter() - started
        pair = page.locator("details.pair").first
        pair.locator("summary").click()
        pair.locator(".score-chart svg").wait_for()
        drawn = time.perf_counter() - started
        browser.close()
    print(f"Chromium: loaded in {loaded:.2f} s, first pair drawn by {drawn:.2f} s, {faults=}")


def main() -> None:
    """Fill a store, write the report twice, open it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = store.open_store(f"sqlite:///{folder / 'bench.db'}")
        fill_store(engine, Shape(options.pairs, options.days))
        path = folder / "report.html"
        measure("first report", engine, path)
        measure("later report", engine, path)
        if options.browser:
            open_in_browser(path)
        engine.dispose()


if __name__ == "__main__":
    main()
