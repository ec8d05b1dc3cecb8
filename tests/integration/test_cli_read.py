"""The reader's commands as a person types them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from flows.cli import main
from models.db import store
from models.db.migrate import downgrade, upgrade
from tests.integration.seed import fill_hostile, fill_store


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('seed') / 'store.db'}"
    engine = store.open_store(found)
    fill_store(engine)
    fill_hostile(engine)
    engine.dispose()
    return found


@pytest.fixture
def run(url: str, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Return a function that runs a command: exit code, stdout, stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main([*words, "--db", url])
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return call


def test_show_ranks_pairs(run) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run("show", "--limit", "3")
    lines = out.splitlines()
    pairs = [line.split()[:2] for line in lines if line[3:4] == "-"]
    assert code == 0 and len(pairs) == 3
    assert lines[0].startswith("Risk of a use of force within 30 days, as of 2026-03-29")
    assert pairs[0] == ["COL-USA", "ELEVATED"]


def test_show_of_a_pair_has_every_outcome(run) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run("show", "usa-col")
    assert "Colombia – United States (COL-USA)" in out
    rows = [line.split()[:2] for line in out.splitlines() if line.startswith(("force", "escal"))]
    order = sorted(rows, key=lambda row: (row[0] != "force", int(row[1])))
    assert rows == order and {row[0] for row in rows} == {"force", "escalation"}
    assert "one level stands for different probabilities" in " ".join(out.split())


def test_explain_says_why(run) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run("explain", "RUS-UKR")
    assert code == 0
    for words in ("What drives it", "since last week", "The sentences behind it", "https://"):
        assert words in out


def test_movers_are_ordered_by_the_size_of_the_change(run) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run("movers", "--json")
    sizes = [abs(row["change_7d"]) for row in json.loads(out)]
    assert sizes == sorted(sizes, reverse=True) and sizes


def test_history_is_newest_first(run) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run("history", "COL-VEN", "--limit", "5")
    days = [line.split()[0] for line in out.splitlines() if line.startswith("2026-")]
    assert len(days) == 5 and days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    "words",
    [("show",), ("show", "COL-USA"), ("movers",), ("history", "COL-USA")],
    ids=" ".join,
)
def test_json_and_csv_hold_the_same_rows(run, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    _, as_json, _ = run(*words, "--json")
    _, as_csv, _ = run(*words, "--csv")
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert [row["dyad"] for row in json.loads(as_json)] == [row["dyad"] for row in rows]


@pytest.mark.parametrize("words", [("explain", "COL-USA"), ("show", "COL-USA")], ids=" ".join)
def test_hostile_text_reaches_no_terminal_control(run, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run(*words)
    assert not [char for char in out if ord(char) < 32 and char != "\n"]
    assert "\u202e" not in out and "javascript:window" not in out
    assert "<script>window.pwned" in out


def test_export_writes_file_and_dictionary(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run("export", "scores", "--out", str(tmp_path), "--dyad", "usa-col")
    assert code == 0 and Path(out.strip()).is_file()
    assert "datapackage.json" in err


def test_report_prints_its_path(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "deep" / "r.html"
    code, out, _ = run("report", "--out", str(target), "--pairs", "2", "--days", "30")
    assert code == 0 and out.strip() == str(target)
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("explain", "COLUSA"), 2, "expected a pair such as"),
        (("explain", "COL-XQX"), 2, "expected ISO 3166-1"),
        (("show", "COL-COL"), 2, "two different codes, got 'COL-COL'"),
        (("show", "--as-of", "2026-13-45"), 2, "expected a day such as 2026-03-29"),
        (("show", "--as-of", "2001-01-01"), 1, "none is earlier"),
        (("show", "--limit", "0"), 2, "Must be >= 1"),
        (("history", "COL-USA", "--limit", "-1"), 2, "Must be >= 0"),
        (("report", "--pairs", "-5"), 2, "Must be >= 1"),
        (("report", "--out", f"{__file__}/report.html"), 1, "choose another place"),
        (("export", "scores", "--out", __file__), 1, "choose another place"),
        (("backfill", "--from", "2026-03-02", "--to", "2026-03-01"), 2, "swap them"),
        (("run", "--articles", "nowhere"), 2, "expected an existing file or folder"),
        (("explain", "FRA-MEX"), 1, "expected a score of FRA-MEX"),
        (("export", "nothing"), 2, ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_errors_say_what_to_do(run, words: tuple[str, ...], code: int, said: str) -> None:  # type: ignore[no-untyped-def]
    found, _, err = run(*words)
    assert found == code and said in err and "Traceback" not in err


def test_missing_store_says_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        main(["show", "--db", f"sqlite:///{tmp_path / 'none.db'}"])
    assert end.value.code == 1
    assert "expected a database file" in capsys.readouterr().err


@pytest.mark.parametrize("revision", ["base", "v0005"])
@pytest.mark.parametrize("words", [("show",), ("explain", "COL-USA"), ("movers",)], ids=str)
def test_store_of_another_version_says_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], revision: str
) -> None:
    address = f"sqlite:///{tmp_path / 'old.db'}"
    engine = store.open_store(address)
    upgrade(engine)
    downgrade(engine, revision)
    engine.dispose()
    with pytest.raises(SystemExit) as end:
        main([*words, "--db", address])
    assert end.value.code == 1
    assert "`dyadrisk db upgrade`" in capsys.readouterr().err


def test_settings_hide_the_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYADRISK_DB_URL", "postgresql+psycopg://risk:hunter2@db/risk")
    for words in (["settings"], ["settings", "--json"]):
        with pytest.raises(SystemExit):
            main(words)
        out = capsys.readouterr().out
        assert "hunter2" not in out and "db_url" in out


def test_database_is_upgraded_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        with pytest.raises(SystemExit) as end:
            main(["db", "upgrade", "--db", f"sqlite:///{tmp_path / 'new.db'}"])
        assert not end.value.code
        said.append(capsys.readouterr().out)
    assert said[0].startswith("database brought") and said[1].startswith("database already")


@pytest.mark.parametrize("command", ["show", "run"])
def test_a_file_that_is_no_database_is_named(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.db").write_text("no database at all\n" * 100)
    with pytest.raises(SystemExit) as end:
        main([command, "--db", f"sqlite:///{tmp_path / 'notes.db'}"])
    err = capsys.readouterr().err
    assert end.value.code == 1
    assert "file is not a database" in err and "notes.db" in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("hom = 'x'", "did you mean 'home'"),
        ("ui_port = 'abc'", "setting 'ui_port'"),
        ("home = ", "expected TOML such as"),
    ],
)
def test_wrong_settings_are_named(
    toml: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dyadrisk.toml").write_text(toml)
    with pytest.raises(SystemExit) as end:
        main(["settings"])
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_ctrl_c_says_how_to_go_on(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def press(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.cli_show.movers", press)
    code, out, err = run("movers")
    assert code == 130 and not out
    assert "interrupted; run it again to go on" in err
