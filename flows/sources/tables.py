"""CSV and Parquet files of articles to raw items, in bounded memory."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.errors import SkippableError
from features.identity import describe_reject
from features.types import RawItem, Reject
from flows.sources.decode import decode_bytes
from flows.sources.lines import read_lines
from flows.sources.records import ColumnMap, build_item
from flows.sources.sniff import DELIMITERS
from flows.sources.streams import ByteStream, StreamLimits

_BATCH_ROWS = 1_000
_NAME_IT = "name the text's column in a source of kind files"
_LINE = re.compile(r"[^\r]*\r\n?|[^\r]+")  # spreadsheets of old end their lines in \r alone


def read_csv(
    stream: ByteStream, origin: str, fetched_at: datetime, columns: ColumnMap, limits: StreamLimits
) -> Iterator[RawItem | Reject]:
    """Yield the rows of a CSV file; the delimiter is read off the header.

    Args:
        stream: the file's bytes.
        origin: its path; rows are named by the line they begin at.
        fetched_at: when it was read, UTC.
        columns: which column means what.
        limits: longest line.

    Raises:
        SkippableError: ``empty``, ``broken_row`` when the header is no CSV, or
            ``no_text`` when no header column is a text.
    """
    csv.field_size_limit(limits.line_bytes)
    lines = _decode_lines(stream, limits)
    header = next(lines, None)
    if header is None:
        raise SkippableError("empty", "expected a header line, got nothing")
    delimiter = max(DELIMITERS, key=header.count)
    names = [name.strip().strip('"').lstrip("\ufeff") for name in _split(header, delimiter)]
    if not set(names) & set(columns.text):
        detail = f"expected one of {columns.text} in the header, got {names}; {_NAME_IT}"
        raise SkippableError("no_text", detail)
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
    while True:
        place = f"{origin}#line {reader.line_num + 2}"
        try:
            row = next(reader, None)
        except csv.Error as err:
            yield describe_reject(place, "broken_row", f"not CSV: {err}")
            continue
        if row is None:
            return
        if row:
            yield _build_row(names, row, place, fetched_at, columns)


def _split(header: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as err:
        raise SkippableError("broken_row", f"the header is no CSV: {err}") from err


def _build_row(
    names: list[str], row: list[str], place: str, fetched_at: datetime, columns: ColumnMap
) -> RawItem | Reject:
    if len(row) != len(names):
        detail = f"expected {len(names)} fields, got {len(row)}"
        return describe_reject(place, "broken_row", detail, " | ".join(row)[:500])
    return try_item(dict(zip(names, row, strict=True)), place, fetched_at, columns)


def try_item(
    record: Mapping[str, Any], place: str, fetched_at: datetime, columns: ColumnMap
) -> RawItem | Reject:
    """Return a record as a raw item, or its refusal."""
    try:
        return build_item(record, place, fetched_at, columns)
    except SkippableError as err:
        return describe_reject(place, err.reason, str(err), str(dict(record))[:500])


def _decode_lines(stream: ByteStream, limits: StreamLimits) -> Iterator[str]:
    for text in _decode_raw_lines(stream, limits):
        if "\r" in text:
            yield from _LINE.findall(text)
        else:
            yield text


def _decode_raw_lines(stream: ByteStream, limits: StreamLimits) -> Iterator[str]:
    for number, line in read_lines(stream, limits.line_bytes):
        if line is None:
            raise SkippableError("too_long", f"line {number} passes {limits.line_bytes} bytes")
        if b"\x00" in line:
            raise SkippableError("binary", f"line {number} holds zero bytes")
        try:
            yield line.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield decode_bytes(line)


def read_parquet(
    file: Path | IO[bytes], origin: str, fetched_at: datetime, columns: ColumnMap
) -> Iterator[RawItem | Reject]:
    """Yield the rows of a Parquet file (one that can seek), reading only the mapped columns.

    Raises:
        SkippableError: ``broken_parquet``, or ``no_text`` when no column is a text.
    """
    row_number = 0
    try:
        with pq.ParquetFile(file) as table:
            wanted = [name for name in table.schema_arrow.names if name in _wanted(columns)]
            if not set(wanted) & set(columns.text):
                names = table.schema_arrow.names
                detail = (
                    f"expected one of {columns.text} among the columns, got {names}; {_NAME_IT}"
                )
                raise SkippableError("no_text", detail)
            for batch in table.iter_batches(_BATCH_ROWS, columns=wanted):
                for record in batch.to_pylist():
                    row_number += 1
                    yield try_item(record, f"{origin}#row {row_number}", fetched_at, columns)
    except (pa.ArrowException, OSError, ValueError) as err:
        raise SkippableError("broken_parquet", f"after row {row_number}: {str(err)[:300]}") from err


def _wanted(columns: ColumnMap) -> frozenset[str]:
    return columns.columns() | {"sources"}
