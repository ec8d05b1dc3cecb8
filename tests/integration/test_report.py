"""The report of a filled store: whole, small, inert."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlalchemy import Engine

from features.errors import DataError
from flows.report import write_report
from models.db import store
from tests.integration.seed import AS_OF, FORMULA, HOSTILE_URLS, fill_hostile, fill_store


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    found = store.open_store(f"sqlite:///{tmp_path_factory.mktemp('seed') / 'store.db'}")
    fill_store(found)
    return found


@pytest.fixture(scope="module")
def page(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = write_report(engine, AS_OF, tmp_path_factory.mktemp("report") / "report.html")
    return html.fromstring(path.read_text("utf-8"))


def test_every_scored_pair_is_ranked_with_its_line(page: Any) -> None:
    rows = page.cssselect("table.ranking tbody tr")
    probs = [row.cssselect(".strong")[0].text_content() for row in rows]
    assert len(rows) == 12
    assert len(page.cssselect("table.ranking svg.spark path[d]")) == 12
    assert probs[0].startswith("9.1") and "ELEVATED" in rows[0].text_content()


def test_every_pair_shows_drivers_and_sentences_with_links(page: Any) -> None:
    pair = page.get_element_by_id("COL-USA")
    assert "threats (half-life" in pair.text_content()
    assert len(pair.cssselect(".evidence li blockquote")) == 5
    assert pair.cssselect(".evidence a")[0].get("href").startswith("https://news.example/")


def test_every_section_is_there_and_headed(page: Any) -> None:
    names = {heading.text_content() for heading in page.cssselect("h2")}
    assert names >= {
        "Ranked pairs",
        "What moved since last week",
        "Each country's highest pair",
        "Matrix of countries",
        "Pairs in detail",
        "Coverage and sources",
        "Reliability and track record",
        "What the score is and is not",
    }


def test_map_colours_countries_and_says_why(page: Any) -> None:
    titles = [title.text for title in page.cssselect(".map svg title")]
    assert any(text.startswith("Colombia: ELEVATED with United States") for text in titles)


def test_matrix_is_symmetric(page: Any) -> None:
    table = page.cssselect("table.grid")[0]
    cells = [
        [cell.text_content() for cell in row.cssselect("td")] for row in table.cssselect("tbody tr")
    ]
    assert all(cells[i][j] == cells[j][i] for i in range(len(cells)) for j in range(len(cells)))


def test_chart_data_are_whole(page: Any) -> None:
    data = json.loads(page.get_element_by_id("data").text)
    pair = data["pairs"]["COL-USA"]
    assert len(pair["days"]) == len(pair["prob"]) == len(pair["low"]) == 40
    assert pair["days"][-1] == 0 and pair["prob"][-1] == 906
    assert pair["events"] and pair["weeks"]


def test_page_asks_for_nothing_from_outside(page: Any) -> None:
    policy = page.cssselect("meta[http-equiv]")[0].get("content")
    assert "default-src 'none'" in policy and "unsafe-eval" not in policy
    assert not page.cssselect("[src], link")


def test_references_within_the_page_lead_somewhere(page: Any) -> None:
    targets = {a.get("href")[1:] for a in page.cssselect("a") if a.get("href", "").startswith("#")}
    assert targets <= {element.get("id") for element in page.cssselect("[id]")}


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    engine = store.open_store(f"sqlite:///{tmp_path / 'hostile.db'}")
    fill_store(engine)
    fill_hostile(engine)
    text = write_report(engine, AS_OF, tmp_path / "report.html").read_text("utf-8")
    tree = html.fromstring(text)
    assert len(tree.cssselect("script")) == 3
    assert not tree.cssselect("img, iframe, object, embed, form")
    assert not [name for e in tree.iter() for name in e.attrib if str(name).startswith("on")]
    links = [a.get("href") or a.get("xlink:href") for a in tree.cssselect("a")]
    assert all(link.startswith(("#", "https://news.example/", "https://")) for link in links)
    assert not [link for link in links if "evil" in link or link in HOSTILE_URLS]
    assert not re.search(r"[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text)
    assert "<script>window.pwned" in tree.get_element_by_id("COL-USA").text_content()
    assert FORMULA in tree.get_element_by_id("COL-USA").text_content()


def test_fewer_pairs_are_announced(engine: Engine, tmp_path: Path) -> None:
    path = write_report(engine, AS_OF, tmp_path / "report.html", pair_count=3)
    tree = html.fromstring(path.read_text("utf-8"))
    assert len(tree.cssselect("details.pair")) == 3
    assert "3 highest of 12 pairs" in tree.text_content()


def test_earlier_day_shows_nothing_later(engine: Engine, tmp_path: Path) -> None:
    day = AS_OF - timedelta(days=20)
    text = write_report(engine, day, tmp_path / "report.html").read_text("utf-8")
    data = json.loads(html.fromstring(text).get_element_by_id("data").text)
    assert data["asOf"] == str(day)
    assert all(age >= 0 for pair in data["pairs"].values() for age in pair["days"])
    assert all(event[0] > 0 for pair in data["pairs"].values() for event in pair["events"])


def test_store_without_scores_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    engine = store.open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    store.upgrade(engine)
    with pytest.raises(DataError, match="run `dyadrisk run`"):
        write_report(engine, date(2026, 1, 1), tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_scores_alone_make_a_report(tmp_path: Path, rows: Any) -> None:
    engine = store.open_store(f"sqlite:///{tmp_path / 'bare.db'}")
    store.upgrade(engine)
    store.upsert_classifiers(engine, [rows.classifier()], "run")
    store.upsert_scores(engine, [rows.score()], "run")
    text = write_report(engine, rows.score()["as_of_date"], tmp_path / "r.html").read_text("utf-8")
    words = html.fromstring(text).text_content()
    assert "No sentence of the past 90 days is stored" in words
    assert "No score of this store is old enough" in words
    assert "0 of the last 30 days brought news" in words


def test_both_databases_make_the_same_report(upgraded_url: str, page: Any, tmp_path: Path) -> None:
    found = store.open_store(upgraded_url)
    fill_store(found)
    other = html.fromstring(write_report(found, AS_OF, tmp_path / "r.html").read_text("utf-8"))
    found.dispose()
    for query in ("table.ranking", "table.grid", "details.pair", "#record ~ *"):
        shown = [element.text_content() for element in other.cssselect(query)]
        assert shown == [element.text_content() for element in page.cssselect(query)]
