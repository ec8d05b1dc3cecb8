"""The page on ingest names every reason that an item can be refused for."""

from __future__ import annotations

import re
from pathlib import Path

from flows.sources.catalog import KINDS, load_sources

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ingest.md").read_text("utf-8")
CODE = [
    *sorted((ROOT / "flows" / "sources").glob("*.py")),
    ROOT / "features" / "article.py",
    ROOT / "features" / "page.py",
    ROOT / "features" / "coded_rows.py",
    ROOT / "flows" / "ingest_events.py",
]
RAISED = re.compile(r'(?:SkippableError|_reject)\(\s*(?:[\w.]+,\s*)?"([a-z_]+)"')


def reasons_in_code() -> set[str]:
    return {reason for path in CODE for reason in RAISED.findall(path.read_text("utf-8"))}


def test_every_reason_is_documented() -> None:
    found = reasons_in_code()
    assert len(found) > 25
    assert not {reason for reason in found if f"`{reason}`" not in PAGE}


def test_shipped_sources_are_as_many_as_said() -> None:
    sources = load_sources()
    countries = {source.country_iso3 for source in sources}
    assert f"{len(sources)} public feeds from {len(countries)} countries" in PAGE
    assert len(sources) >= 40
    assert len(countries) >= 25
    assert all(source.licence and source.country_iso3 for source in sources)


def test_every_kind_of_source_is_documented() -> None:
    assert all(f"`{kind}`" in PAGE for kind in KINDS)
