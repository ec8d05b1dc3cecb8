"""Exports: whole, described, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from features.errors import ConfigError
from flows.export import FORMATS, TABLES, Selection, export_table, select_days
from models.db import store
from tests.integration.seed import AS_OF, fill_hostile, fill_store

ALL = Selection()
RUNS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    found = store.open_store(f"sqlite:///{tmp_path_factory.mktemp('seed') / 'store.db'}")
    fill_store(found)
    fill_hostile(found)
    return found


def count(engine: Engine, view: str) -> int:
    with store.reading(engine) as conn:
        return int(conn.execute(text(f"SELECT COUNT(*) FROM {view}")).scalar_one())


def read_back(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return list(pq.read_table(path).to_pylist())


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("name", TABLES)
def test_every_row_arrives_in_every_format(
    engine: Engine, tmp_path: Path, name: str, file_format: str
) -> None:
    path, row_count = export_table(engine, name, tmp_path, file_format, ALL)
    rows = read_back(path)
    assert len(rows) == row_count == count(engine, TABLES[name][0]) > 0
    resource = json.loads((tmp_path / "datapackage.json").read_text())["resources"][0]
    assert list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]
    assert all(field["description"] for field in resource["schema"]["fields"])
    assert resource["rows"] == row_count
    assert resource.get("bytes", path.stat().st_size) == path.stat().st_size
    assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert not list(tmp_path.glob("*.part"))


def test_formats_agree(engine: Engine, tmp_path: Path) -> None:
    found = {
        file_format: read_back(export_table(engine, "scores", tmp_path, file_format, ALL)[0])
        for file_format in FORMATS
    }
    for one, two, three in zip(*found.values(), strict=True):
        assert float(str(one["prob"])) == two["prob"] == three["prob"]
        assert one["as_of_date"] == str(two["as_of_date"]) == three["as_of_date"]
        assert json.loads(str(two["drivers"])) == three["drivers"]


@pytest.mark.parametrize("name", TABLES)
def test_no_cell_runs_in_a_spreadsheet(engine: Engine, tmp_path: Path, name: str) -> None:
    path, _ = export_table(engine, name, tmp_path, "csv", ALL)
    for row in read_back(path):
        for value in map(str, row.values()):
            is_number = value.replace(".", "").replace("e-", "").lstrip("-").isdigit()
            assert is_number or not value.startswith(RUNS_IN_A_SPREADSHEET)
            assert not any(ord(char) < 32 or char == "\u202e" for char in value)


def test_exact_text_survives_in_jsonl(engine: Engine, tmp_path: Path) -> None:
    path, _ = export_table(engine, "events", tmp_path, "jsonl", ALL)
    assert any(str(row["source_actor"]).startswith("=HYPERLINK") for row in read_back(path))


def test_rows_can_be_chosen(engine: Engine, tmp_path: Path) -> None:
    chosen = select_days("COL-USA", date(2026, 3, 20), date(2026, 3, 22))
    path, row_count = export_table(engine, "scores", tmp_path, "csv", chosen)
    days = {
        (row["dyad"], row["as_of_date"]) for row in read_back(path) if row["outcome"] == "force"
    }
    assert days == {("COL-USA", f"2026-03-{day}") for day in (20, 21, 22)} and row_count >= 3


def test_second_export_of_the_same_rows_is_equal(engine: Engine, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        for file_format in FORMATS:
            export_table(engine, "scores", tmp_path / folder, file_format, ALL)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_package_lists_every_file_once(engine: Engine, tmp_path: Path) -> None:
    for name, file_format in (("scores", "csv"), ("events", "parquet"), ("scores", "csv")):
        export_table(engine, name, tmp_path, file_format, Selection(until=AS_OF))
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert [item["path"] for item in package["resources"]] == ["events.parquet", "scores.csv"]


def test_unknown_table_or_format_is_an_error_of_usage(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected one of scores"):
        export_table(engine, "everything", tmp_path, "csv", ALL)
    with pytest.raises(ConfigError, match="expected one of csv"):
        export_table(engine, "scores", tmp_path, "xlsx", ALL)
