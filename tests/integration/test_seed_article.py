"""A real article through the whole daily pipeline: events, direction, modality, evidence."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from models.db import store

AS_OF = date(2026, 1, 10)

pytestmark = [pytest.mark.realdata, pytest.mark.server, pytest.mark.usefixtures("prefect_server")]


@pytest.fixture(scope="module")
def rows(
    tmp_path_factory: pytest.TempPathFactory, prefect_server: object
) -> dict[str, list[dict[str, object]]]:
    """Return events, scores and evidence of one run on the article alone."""
    article = Path(os.environ["DYADRISK_DATA"]).parent / "seed" / "article.txt"
    if not article.exists():
        pytest.skip(f"no {article}")
    url = f"sqlite:///{tmp_path_factory.mktemp('seed') / 'store.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DYADRISK_DB_URL", url)
        from flows.daily import daily

        assert daily(as_of_date=AS_OF, articles=(str(article),)).ingest.new == 1
    queries = {
        "articles": "SELECT title, text, published_at FROM raw_article",
        "events": "SELECT * FROM core_event",
        "scores": "SELECT * FROM latest_risk WHERE dyad IN ('COL-USA', 'USA-VEN')",
        "evidence": "SELECT * FROM risk_evidence WHERE dyad IN ('COL-USA', 'USA-VEN')",
    }
    with store.open_store(url).connect() as conn:
        return {
            name: [dict(row) for row in conn.execute(text(query)).mappings()]
            for name, query in queries.items()
        }


def told(rows: dict[str, list[dict[str, object]]], pair: str, event: str) -> list[tuple[str, str]]:
    """Return (modality, sentence) of the events of one directed pair."""
    source, target = pair.split(">")
    return [
        (str(row["modality"]), str(row["sentence"]))
        for row in rows["events"]
        if (row["source_iso3"], row["target_iso3"], row["plover_event"]) == (source, target, event)
    ]


def test_the_article_is_cleaned_and_dated(rows: dict[str, list[dict[str, object]]]) -> None:
    (article,) = rows["articles"]
    assert str(article["published_at"]).startswith("2026-01-09")
    assert "LEAVE A REPLY" not in str(article["text"])
    assert "Please enter your" not in str(article["text"])


def test_a_threat_and_a_planned_operation_go_from_usa_to_colombia(
    rows: dict[str, list[dict[str, object]]],
) -> None:
    threats = told(rows, "USA>COL", "THREATEN")
    assert [m for m, s in threats if "suggested military action" in s] == ["asserted"]
    operations = told(rows, "USA>COL", "ASSAULT")
    assert next(m for m, s in operations if "potential military operation" in s) in (
        "planned",
        "reported",
        "hypothetical",
    )
    assert not told(rows, "COL>USA", "ASSAULT")


def test_a_call_and_a_planned_meeting_go_both_ways(
    rows: dict[str, list[dict[str, object]]],
) -> None:
    for pair in ("USA>COL", "COL>USA"):
        found = told(rows, pair, "CONSULT")
        assert any(m == "asserted" and "phone call" in s for m, s in found)
        assert any(m == "planned" and "host" in s for m, s in found)


def test_a_completed_operation_goes_from_usa_to_venezuela_and_none_to_colombia(
    rows: dict[str, list[dict[str, object]]],
) -> None:
    completed = told(rows, "USA>VEN", "ASSAULT")
    assert any(m == "asserted" and "captured by U.S. forces" in s for m, s in completed)
    pairs = {frozenset((row["source_iso3"], row["target_iso3"])) for row in rows["events"]}
    assert frozenset(("COL", "VEN")) not in pairs


def test_both_pairs_are_scored_with_these_sentences_as_evidence(
    rows: dict[str, list[dict[str, object]]],
) -> None:
    assert {row["dyad"] for row in rows["scores"]} == {"COL-USA", "USA-VEN"}
    sentences = {dyad: [] for dyad in ("COL-USA", "USA-VEN")}  # type: dict[str, list[str]]
    for row in rows["evidence"]:
        sentences[str(row["dyad"])].append(str(row["sentence"]))
    assert any("suggested military action" in s for s in sentences["COL-USA"])
    assert any("captured by U.S. forces" in s for s in sentences["USA-VEN"])
