"""Scores, evidence, events, daily counts and features as files, with a data dictionary."""

from __future__ import annotations

import csv
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, Table, select
from sqlalchemy.types import Boolean, Date, Float, Integer, TypeEngine

from features.errors import ConfigError
from flows.text import csv_cell
from models.db import store
from models.db.column_types import JsonText, UtcDateTime, WordList
from models.db.views import VIEWS

log = logging.getLogger(__name__)

CHUNK_ROWS: Final = 10_000
FORMATS: Final = ("csv", "parquet", "jsonl")
# What people ask for -> the view, its day column and its order.
TABLES: Final = {
    "scores": ("risk_history", "as_of_date", ("as_of_date", "outcome", "horizon_days", "dyad")),
    "evidence": (
        "risk_evidence",
        "as_of_date",
        ("as_of_date", "outcome", "horizon_days", "dyad", "rank"),
    ),
    "events": ("event_list", "day", ("day", "event_id")),
    "days": ("pair_days", "day", ("day", "dyad", "extractor_version")),
}

TEXT: Final = ("string", pa.string())
Rows = list[dict[str, Any]]
Write = Callable[[Rows], None]


@dataclass(frozen=True)
class Field:
    """One column of a file: name, Frictionless type, Arrow type, meaning."""

    name: str
    kind: str
    arrow: pa.DataType
    comment: str


@dataclass(frozen=True)
class Selection:
    """Which rows to export: of one pair, from a day, up to but without a day."""

    dyad: str | None = None
    since: date | None = None
    until: date | None = None


def select_days(dyad: str | None, start: date | None, end: date | None) -> Selection:
    """Return the selection of the days from ``start`` to ``end``, both included."""
    return Selection(dyad, start, None if end is None else end + timedelta(days=1))


def export_table(
    engine: Engine, name: str, folder: Path, file_format: str, selection: Selection
) -> tuple[Path, int]:
    """Write one table as a file and describe it in ``datapackage.json``.

    Args:
        engine: the store.
        name: ``scores``, ``evidence``, ``events`` or ``days``.
        folder: where the file goes; made if it is missing.
        file_format: ``csv``, ``parquet`` or ``jsonl``.
        selection: which rows.

    Returns:
        The file and its number of rows.

    Raises:
        ConfigError: an unknown table or format.
    """
    if name not in TABLES:
        raise ConfigError(f"expected one of {', '.join(TABLES)}, got {name!r}")
    view_name, day_column, order = TABLES[name]
    table = VIEWS[view_name].table
    fields = view_fields(table)
    rows = read_rows(engine, table, day_column, order, selection)
    return write_table(folder, name, file_format, fields, rows, VIEWS[view_name].question)


def write_table(
    folder: Path,
    name: str,
    file_format: str,
    fields: Sequence[Field],
    chunks: Iterator[Rows],
    description: str,
) -> tuple[Path, int]:
    """Write chunks of rows as one file, whole or not at all, and describe it."""
    if file_format not in FORMATS:
        raise ConfigError(f"expected one of {', '.join(FORMATS)}, got {file_format!r}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.{file_format}"
    draft = path.with_name(f"{path.name}.part")
    row_count = 0
    with WRITERS[file_format](draft, fields) as write:
        for rows in chunks:
            write(rows)
            row_count += len(rows)
    draft.replace(path)
    describe_file(folder, path, fields, row_count, description)
    log.info("export: %d rows to %s", row_count, path)
    return path, row_count


def view_fields(table: Table) -> list[Field]:
    """Return the columns of a view with their types and meaning."""
    return [
        Field(str(column.name), *_kinds(column.type), column.comment or "")
        for column in table.columns
    ]


def _kinds(kind: TypeEngine[Any]) -> tuple[str, pa.DataType]:
    pairs: tuple[tuple[type[TypeEngine[Any]], str, pa.DataType], ...] = (
        (UtcDateTime, "datetime", pa.timestamp("us", tz="UTC")),
        (JsonText, "array", pa.string()),
        (WordList, "words", pa.string()),
        (Boolean, "boolean", pa.bool_()),
        (Integer, "integer", pa.int64()),
        (Float, "number", pa.float64()),
        (Date, "date", pa.date32()),
    )
    return next(((word, arrow) for base, word, arrow in pairs if isinstance(kind, base)), TEXT)


def read_rows(
    engine: Engine, table: Table, day_column: str, order: Sequence[str], selection: Selection
) -> Iterator[Rows]:
    """Yield the rows of a view in chunks, in a fixed order."""
    day = table.columns[day_column]
    query = select(table).order_by(*[table.columns[name] for name in order])
    if selection.dyad is not None:
        query = query.where(table.columns.dyad == selection.dyad)
    if selection.since is not None:
        query = query.where(day >= selection.since)
    if selection.until is not None:
        query = query.where(day < selection.until)
    with store.reading(engine) as conn:
        result = conn.execution_options(stream_results=True).execute(query)
        for chunk in result.mappings().partitions(CHUNK_ROWS):
            yield [dict(row) for row in chunk]


def _flat(value: Any) -> Any:
    """Return a value that fits one cell: lists of words joined, other structures as JSON."""
    if isinstance(value, tuple):
        return ",".join(value)
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


def _csv_value(value: Any) -> Any:
    flat = _flat(value)
    if isinstance(flat, datetime):
        return flat.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(flat, bool):
        return "true" if flat else "false"
    return flat.isoformat() if isinstance(flat, date) else csv_cell(flat)


@contextmanager
def write_csv(path: Path, fields: Sequence[Field]) -> Iterator[Write]:
    """Yield a writer of CSV rows; text that a spreadsheet would run gets a quote in front."""
    names = [field.name for field in fields]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        yield lambda rows: writer.writerows(
            [_csv_value(row[name]) for name in names] for row in rows
        )


@contextmanager
def write_jsonl(path: Path, fields: Sequence[Field]) -> Iterator[Write]:
    """Yield a writer of JSON Lines; structures stay structures."""
    names = [field.name for field in fields]
    options = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
    with path.open("wb") as file:
        yield lambda rows: file.writelines(
            orjson.dumps({name: row[name] for name in names}, option=options) for row in rows
        )


@contextmanager
def write_parquet(path: Path, fields: Sequence[Field]) -> Iterator[Write]:
    """Yield a writer of Parquet row groups; structures are JSON text."""
    schema = pa.schema(
        [
            pa.field(field.name, field.arrow, metadata={"description": field.comment})
            for field in fields
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield lambda rows: writer.write_table(
            pa.Table.from_pylist(
                [{field.name: _flat(row[field.name]) for field in fields} for row in rows], schema
            )
        )


WRITERS: Final[Mapping[str, Callable[[Path, Sequence[Field]], AbstractContextManager[Write]]]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "jsonl": write_jsonl,
}


def describe_file(
    folder: Path, path: Path, fields: Sequence[Field], row_count: int, description: str
) -> None:
    """Add a file to the folder's ``datapackage.json`` (Frictionless Data Package)."""
    target = folder / "datapackage.json"
    package: dict[str, Any] = {
        "name": "dyadrisk-export",
        "title": "Bilateral risk scores of dyadrisk",
        "resources": [],
    }
    if target.is_file():
        package = orjson.loads(target.read_bytes())
    resource = _resource(path, fields, row_count, description)
    others = [item for item in package["resources"] if item["path"] != path.name]
    package["resources"] = sorted([*others, resource], key=lambda item: str(item["path"]))
    draft = target.with_name(f"{target.name}.part")
    draft.write_bytes(orjson.dumps(package, option=orjson.OPT_INDENT_2))
    draft.replace(target)


MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


def _resource(
    path: Path, fields: Sequence[Field], row_count: int, description: str
) -> dict[str, Any]:
    suffix = path.suffix[1:]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    resource: dict[str, Any] = {
        "name": f"{path.stem}-{suffix}",
        "path": path.name,
        "type": "table",
        "description": description,
        "format": suffix,
        "mediatype": MEDIA_TYPES[suffix],
        "hash": f"sha256:{digest}",
        "rows": row_count,
        "schema": {"fields": [_field(field, suffix) for field in fields]},
    }
    if suffix != "parquet":  # Frictionless's own reader counts no bytes of Parquet
        resource |= {"encoding": "utf-8", "bytes": path.stat().st_size}
    return resource


def _field(field: Field, suffix: str) -> dict[str, str]:
    kinds = {
        "array": "string" if suffix == "parquet" else "array",
        "words": "array" if suffix == "jsonl" else "string",
    }
    kind = kinds.get(field.kind, field.kind)
    return {"name": field.name, "type": kind, "description": field.comment}
