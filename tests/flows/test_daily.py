"""The daily flow on the shipped sample: what it stores, and that a re-run changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from models.db import store

AS_OF = date(2026, 1, 10)

pytestmark = pytest.mark.usefixtures("prefect_server")


def run_daily(url: str, monkeypatch: pytest.MonkeyPatch, articles: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DYADRISK_DB_URL", url)
    from flows.daily import daily

    return daily(as_of_date=AS_OF, articles=articles)


@pytest.mark.server
def test_daily_run_scores_pairs_with_evidence_and_repeats_without_change(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = run_daily(store_url, monkeypatch)
    engine = store.open_store(store_url)
    assert report.ingest.new >= 60
    assert report.ingest.rejected["language"] == 1
    assert report.score.pair_count > 100
    with engine.connect() as conn:
        rows = conn.execute(text("SELECT * FROM latest_risk WHERE dyad = 'COL-USA'")).mappings()
        first = next(iter(rows))
    assert (first["outcome"], first["horizon_days"]) == ("force", 30)
    assert 0 <= first["prob_low"] <= first["prob"] <= first["prob_high"] <= 1
    assert store.read_evidence(engine, "COL-USA", as_of_date=AS_OF)
    before = store.content_digest(engine)
    again = run_daily(store_url, monkeypatch)
    assert again.ingest.new == 0
    assert again.extract.article_count == 0
    assert store.content_digest(engine) == before


@pytest.mark.server
def test_daily_run_refuses_what_it_cannot_read_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "broken.xml").write_text("<rss><channel><item><title>Cut off")
    (folder / "cut.jsonl").write_text('{"id": "1", "text": "Peru and Chile he')
    (folder / "good.txt").write_text(
        "LIMA, Jan 08 — Peru's president met the president of Chile on Thursday, 8 January 2026."
    )
    url = f"sqlite:///{tmp_path / 'store.db'}"
    report = run_daily(url, monkeypatch, (str(folder),))
    assert report.ingest.new == 1
    rejects = store.read_rejects(store.open_store(url))
    assert len(rejects) == report.ingest.rejected_count >= 4
    assert all(row["reason"] and row["detail"] for row in rejects)


@pytest.mark.server
def test_daily_run_fails_when_everything_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from features.errors import DataError

    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(DataError, match="refused"):
        run_daily(f"sqlite:///{tmp_path / 'store.db'}", monkeypatch, (str(tmp_path / "empty.txt"),))
