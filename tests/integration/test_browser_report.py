"""The report in a real browser: no error, no network, nothing executed, accessible, printable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.report import write_report
from models.db import store
from tests.flows.browser import FLAGS, open_page
from tests.integration.seed import AS_OF, fill_hostile, fill_store

pytestmark = [pytest.mark.browser]
assert FLAGS


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    engine = store.open_store(f"sqlite:///{folder / 'store.db'}")
    fill_store(engine)
    fill_hostile(engine)
    return write_report(engine, AS_OF, folder / "report.html")


class Watched:
    """A page with the report open, and what it did."""

    def __init__(self, page: Any, report: Path) -> None:
        self.page = page
        self.faults: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self.faults.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(report.as_uri())

    def _on_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def open_pair(self, dyad: str) -> Any:
        pair = self.page.locator(f"#{dyad}")
        pair.locator("summary").click()
        pair.locator(".score-chart svg").wait_for()
        return pair


@pytest.fixture
def watched(report: Path) -> Iterator[Watched]:
    with open_page() as page:
        yield Watched(page, report)


def test_pair_opens_with_its_chart_and_nothing_goes_wrong(watched: Watched, report: Path) -> None:
    pair = watched.open_pair("COL-USA")
    assert pair.locator(".score-chart svg path").count() > 5
    assert pair.locator(".weeks-chart svg").count() == 1
    assert watched.page.evaluate("window.pwned") is None
    assert watched.faults == []
    assert watched.requests == [report.as_uri()]


def test_tooltip_of_a_hostile_event_is_text(watched: Watched) -> None:
    pair = watched.open_pair("COL-USA")
    pair.locator(".score-chart svg .mark-symbol.role-mark path").last.hover(force=True)
    tip = watched.page.locator("#vg-tooltip-element")
    tip.wait_for(state="visible")
    assert "<script>window.pwned" in tip.text_content()
    assert tip.locator("script, img").count() == 0
    assert watched.page.evaluate("window.pwned") is None


def test_link_in_the_map_opens_the_pair(watched: Watched) -> None:
    watched.page.evaluate("location.hash = '#RUS-UKR'")
    watched.page.locator("#RUS-UKR[open] .score-chart svg").wait_for()


def test_filter_keeps_the_wanted_pairs(watched: Watched) -> None:
    watched.page.fill("#filter", "venez")
    rows = watched.page.locator("table.ranking tbody tr:visible")
    assert rows.count() == 2
    assert watched.page.locator("#filter-count").text_content() == "2 pairs"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation(report: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    with open_page() as page:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        watched = Watched(page, report)
        watched.open_pair("COL-USA")
        # The runner is put in from outside, past the page's own policy.
        session = page.context.new_cdp_session(page)
        session.send("Page.setBypassCSP", {"enabled": True})
        found = axe.Axe().run(page).response["violations"]
    assert [
        (rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found
    ] == []


def test_phone_needs_no_sideways_scroll(watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 360, "height": 740})
    watched.open_pair("COL-USA")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_print_shows_open_pairs_and_hides_the_rest(watched: Watched) -> None:
    watched.open_pair("COL-USA")
    watched.page.emulate_media(media="print")
    assert watched.page.locator("#COL-USA .evidence").is_visible()
    assert not watched.page.locator("#RUS-UKR summary").is_visible()
    assert not watched.page.locator("nav").is_visible()
    assert watched.page.pdf(format="A4").startswith(b"%PDF")


def test_reads_without_scripts(report: Path) -> None:
    with open_page() as page:
        plain = page.context.browser.new_context(java_script_enabled=False).new_page()
        plain.goto(report.as_uri())
        plain.locator("#COL-USA summary").click()
        assert plain.locator("#COL-USA .evidence blockquote").first.is_visible()
        assert plain.locator(".map svg path").count() > 150
