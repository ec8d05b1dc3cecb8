"""Every command of README and docs that makes something, run as written on a few articles."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from pathlib import Path

import pytest

from flows.cli import main
from flows.stages import sample_corpus
from tests.integration.documented import MAKING, commands, is_one_of, words_of

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("prefect_server")]

DISPATCHES = ("2026-01-07_bogota.txt", "2026-01-09_washington.txt")
ICEWS_HEADER = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\t"
    "Intensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\t"
    "City\tDistrict\tProvince\tCountry\tLatitude\tLongitude"
)
ICEWS_ROW = (
    "1\t2018-09-28\tForeign Affairs (Peru)\tGovernment\tPeru\tMake a visit\t042\t1.9\t"
    "Foreign Affairs (Chile)\tGovernment\tChile\t7\t1\tThe Example\t\t\t\tPeru\t-12.0\t-77.0"
)
GKG_ROW = "20260109-0\t20260109101500\t2\tA broadcaster\tas heard" + "\t" * 22 + "\n"
SOURCE = """
[[source]]
id = "bbc-world"
outlet = "The Example"
kind = "files"
url = "path/to/files"
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with everything that the pages' commands name."""
    for name in ("path/to/articles", "path/to/files", "archive"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for dispatch in DISPATCHES:
            shutil.copy(sample_corpus() / "dispatches" / dispatch, folder)
    lines = (sample_corpus() / "wire.jsonl").read_text("utf-8").splitlines(keepends=True)
    for name in ("wire.jsonl.gz", "news.jsonl.gz"):
        (tmp_path / name).write_bytes(gzip.compress("".join(lines[:5]).encode()))
    text = (
        '{"id": "1", "date": "2026-01-09", "text": "Peru\'s president met the president of Chile."}'
    )
    (tmp_path / "texts.jsonl").write_text(f"{text}\n", "utf-8")
    (tmp_path / "day.tab").write_text(f"{ICEWS_HEADER}\n{ICEWS_ROW}\n", "utf-8")
    # A broadcast that GDELT heard has no address: nothing is asked of the network.
    (tmp_path / "day.gkg.csv").write_text(GKG_ROW, "utf-8")
    (tmp_path / "lists").mkdir()
    with zipfile.ZipFile(tmp_path / "lists" / "20260109.gkg.csv.zip", "w") as archive:
        archive.write(tmp_path / "day.gkg.csv", "20260109.gkg.csv")
    (tmp_path / "sources.toml").write_text(SOURCE, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DYADRISK_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("DYADRISK_SOURCES_FILE", "sources.toml")
    # The few pairs of these articles instead of the world: the commands stay as written.
    monkeypatch.setenv("DYADRISK_PORTAL_HISTORY", "false")
    return tmp_path


@pytest.mark.parametrize(
    ("page", "line"), [c for c in commands() if is_one_of(c[1], MAKING)], ids=str
)
def test_command_runs_as_written(
    page: str, line: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words_of(line))
    out, err = capsys.readouterr()
    assert not end.value.code, f"{page}: {line}: {err}"
    assert out or (desk / "events.jsonl").stat().st_size
