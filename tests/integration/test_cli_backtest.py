"""`dyadrisk backtest` as people type it: tables, JSON, files, and wrong input refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from flows.cli import main
from models.risk.backtest import OURS
from tests.integration.documented import commands, is_one_of, words_of
from tests.integration.small_history import coded_events, write_history

BASELINES = ("climatology", "persistence", "pair base rate", "news volume", "three families")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with six years of the shipped history of the 10 busiest pairs."""
    folder = tmp_path_factory.mktemp("history")
    write_history(folder, 10, "2020-01-01")
    return folder


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("events") / "events.parquet"
    coded_events("2018-01-01", "2019-06-30").to_parquet(path)
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    """Return the exit code of ``dyadrisk backtest`` with these words."""
    with pytest.raises(SystemExit) as end:
        main(["backtest", *words])
    return int(end.value.code or 0)


def test_table_names_every_baseline(
    history: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--history", str(history), "--from", "2024", "--to", "2025") == 0
    told = capsys.readouterr()
    table = told.out
    for word in ("2024-2025", "AUC", *BASELINES, "Onset rows", "interval"):
        assert word in table
    assert "rows prepared" in told.err and "rows prepared" not in table
    written = {path.name for path in (folder / "var" / "backtest").iterdir()}
    assert {"backtest.md", "backtest.json"} <= written
    assert (folder / "var" / "backtest" / "backtest.md").read_text("utf-8").strip() == table.strip()


def test_json_holds_figures_and_nothing_else(
    history: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--history", str(history), "--from", "2025", "--to", "2025", "--horizon", "7")
    assert run(*words, "--out", "found", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((folder / "found" / "backtest.json").read_text("utf-8"))
    (found,) = report
    assert (found["outcome"], found["horizon_days"]) == ("force", 7)
    figures = found["all"]["predictors"][OURS]
    low, high = figures["auc_interval"]
    assert 0.5 < figures["auc"] <= 1.0 and low <= figures["auc"] <= high


@pytest.mark.parametrize(
    ("page", "line"), [c for c in commands() if is_one_of(c[1], ("backtest",))], ids=str
)
def test_backtest_runs_as_documented(
    page: str,
    line: str,
    events: Path,
    tmp_path_factory: pytest.TempPathFactory,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    own = tmp_path_factory.mktemp("long")
    write_history(own, 8, "2014-01-01")
    (folder / "events.parquet").write_bytes(events.read_bytes())
    assert run(*words_of(line)[1:], "--history", str(own)) == 0, f"{page}: {line}"
    assert "AUC" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param("--from 2025 --to 2024", 2, "--from before --to", id="years swapped"),
        pytest.param("--from soon", 2, "soon", id="year is a word"),
        pytest.param("--from 1990 --to 1991", 2, "2020-01-01", id="before the news"),
        pytest.param("--from 2040 --to 2041", 2, "2026-03", id="after the news"),
        pytest.param("--split 2040-01-01", 2, "2026-03", id="split after the news"),
        pytest.param("--split 2020-12-01", 2, "years with news", id="split before any training"),
        pytest.param("--split tomorrow", 2, "2026-03-29", id="split is no day"),
        pytest.param("--horizon 0", 2, "horizon", id="no horizon"),
        pytest.param("--horizon -7", 2, "horizon", id="horizon in the past"),
        pytest.param("--jobs 0", 2, "jobs", id="no process"),
        pytest.param("--outcome peace", 2, "force", id="unknown outcome"),
        pytest.param("--history elsewhere", 2, "portal_dyad_days", id="no such history"),
        pytest.param("--history broken", 1, "Parquet", id="broken history"),
        pytest.param("--events none.csv", 2, "none.csv", id="no such events"),
        pytest.param("--events empty.csv", 1, "parquet or CSV", id="empty file"),
        pytest.param("--events noise.parquet", 1, "parquet or CSV", id="no Parquet"),
        pytest.param("--events other.csv", 1, "cameo_code", id="other columns"),
        pytest.param("--events header.csv", 1, "without rows", id="no rows"),
        pytest.param("--events dates.csv", 1, "'someday'", id="unreadable date"),
        pytest.param("--labels none.csv", 2, "none.csv", id="no such labels"),
        pytest.param("--keywords none.parquet", 2, "none.parquet", id="no such keywords"),
        pytest.param("--keywords noise.parquet", 1, "gpr_count", id="broken keywords"),
    ],
)
def test_wrong_input_is_refused_in_words(
    words: str,
    code: int,
    said: str,
    history: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = "date,source_iso3,target_iso3,cameo_code\n"
    (folder / "empty.csv").touch()
    (folder / "noise.parquet").write_bytes(bytes(range(256)) * 9)
    (folder / "other.csv").write_text("a,b\n1,2\n")
    (folder / "header.csv").write_text(head)
    (folder / "dates.csv").write_text(f"{head}someday,USA,COL,190\n")
    (folder / "broken").mkdir()
    for name in ("portal_dyad_days", "portal_day_volume"):
        (folder / "broken" / f"{name}.parquet").write_bytes(b"PAR1 no more")
    where = () if "--history" in words else ("--history", str(history))
    assert run(*words.split(), *where) == code
    told = capsys.readouterr()
    assert said in told.err and "Traceback" not in told.err and not told.out


def test_two_events_are_no_question(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.DataFrame(
        {
            "date": ["2020-01-01", "2020-03-01"],
            "source_iso3": "USA",
            "target_iso3": "COL",
            "cameo_code": ["190", "036"],
        }
    )
    table.to_csv(folder / "two.csv", index=False)
    assert run("--events", "two.csv", "--split", "2020-02-15") in (1, 2)
    told = capsys.readouterr()
    assert "expected" in told.err and "Traceback" not in told.err
