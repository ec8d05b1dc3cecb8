"""The data dictionary of exports, held by Frictionless' own validator, and files read by it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from flows import export_features as feature_export
from flows.export import FORMATS, TABLES, Selection, export_table
from flows.settings import Settings
from models.db import store
from tests.integration.seed import AS_OF, EXTRACTOR, fill_hostile, fill_store

PYTHON_TYPES = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "boolean": bool,
    "date": date,
    "datetime": datetime,
    "array": list,
}


@contextmanager
def frictionless() -> Iterator[Any]:
    """Yield the validator; what its own dependencies warn of is not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless as library

        yield library


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every table in every format, of articles that are hostile too."""
    engine = store.open_store(f"sqlite:///{tmp_path_factory.mktemp('seed') / 'store.db'}")
    fill_store(engine)
    fill_hostile(engine)
    found = tmp_path_factory.mktemp("export")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feature_export, "extractor_version", lambda _: EXTRACTOR)
        for file_format in FORMATS:
            export_all(engine, found, file_format)
    engine.dispose()
    return found


def export_all(engine: Engine, folder: Path, file_format: str) -> None:
    for name in TABLES:
        export_table(engine, name, folder, file_format, Selection())
    feature_export.export_features(engine, Settings(), AS_OF, folder, file_format)


def resources(folder: Path) -> list[dict[str, Any]]:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return list(package["resources"])


def test_package_describes_every_file(folder: Path) -> None:
    files = {path.name for path in folder.iterdir()} - {"datapackage.json"}
    assert {item["path"] for item in resources(folder)} == files
    assert len(files) == len(FORMATS) * (len(TABLES) + 1)


def test_descriptor_is_valid(folder: Path) -> None:
    with frictionless() as library:
        library.Package.validate_descriptor(str(folder / "datapackage.json"))
        package = library.Package(str(folder / "datapackage.json"))
        assert not list(package.metadata_validate(package.to_descriptor()))


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
@pytest.mark.parametrize("name", [*TABLES, "features"])
def test_file_holds_what_its_dictionary_says(folder: Path, name: str, suffix: str) -> None:
    with frictionless() as library:
        package = library.Package(str(folder / "datapackage.json"))
        report = package.get_resource(f"{name}-{suffix}").validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
        assert report.tasks[0].stats["rows"] > 0


@pytest.mark.parametrize("name", [*TABLES, "features"])
def test_cells_read_from_csv_have_the_declared_types(folder: Path, name: str) -> None:
    with frictionless() as library:
        package = library.Package(str(folder / "datapackage.json"))
        resource = package.get_resource(f"{name}-csv")
        kinds = {field.name: PYTHON_TYPES[field.type] for field in resource.schema.fields}
        cells = [cell for row in resource.read_rows() for cell in row.to_dict().items()]
    wrong = {
        column
        for column, value in cells
        if value is not None and not isinstance(value, kinds[column])
    }
    assert cells and not wrong


@pytest.mark.parametrize("name", [*TABLES, "features"])
def test_parquet_columns_have_the_declared_types(folder: Path, name: str) -> None:
    item = next(i for i in resources(folder) if i["path"] == f"{name}.parquet")
    table = pq.read_table(folder / item["path"])
    arrow = {"number": "double", "integer": "int64", "boolean": "bool", "date": "date32[day]"}
    for field in item["schema"]["fields"]:
        kind = str(table.schema.field(field["name"]).type)
        wanted = arrow.get(field["type"], "string")
        assert kind == ("timestamp[us, tz=UTC]" if field["type"] == "datetime" else wanted)
    assert table.num_rows == item["rows"] > 0


def test_validator_would_see_a_changed_file(folder: Path, tmp_path: Path) -> None:
    text = (folder / "scores.csv").read_text("utf-8")
    (tmp_path / "scores.csv").write_text(text.replace("force", "farce", 1), "utf-8")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    package["resources"] = [i for i in package["resources"] if i["path"] == "scores.csv"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with frictionless() as library:
        report = library.Package(str(tmp_path / "datapackage.json")).validate()
        assert "hash-count" in [error.type for error in report.task.errors]
