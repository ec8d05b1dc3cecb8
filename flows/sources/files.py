"""Files and folders of news to raw items. Nothing raises: what fails is a reject."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from features.errors import SkippableError
from features.identity import describe_reject, hash_text
from features.types import RawItem, Reject
from flows.sources.decode import decode_bytes, is_binary
from flows.sources.feeds import FeedEntry, check_feed, is_feed, is_html, read_feed
from flows.sources.records import ColumnMap
from flows.sources.streams import (
    ByteStream,
    ReadMeter,
    StreamLimits,
    open_stream,
    read_document,
    read_lines,
    recode_stream,
    split_suffixes,
)
from flows.sources.tables import read_csv, read_parquet, try_item

DocumentReader = Callable[[bytes, str, datetime, "FileParams"], Iterator[RawItem | Reject]]

log = logging.getLogger(__name__)

_KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xml": "xml",
    ".rss": "xml",
    ".atom": "xml",
    ".rdf": "xml",
}


@dataclass(frozen=True, slots=True)
class FileParams:
    """How files are read: columns of records, limits of size, and who counts the bytes."""

    columns: ColumnMap = field(default_factory=ColumnMap)
    limits: StreamLimits = field(default_factory=StreamLimits)
    meter: ReadMeter | None = None


def list_files(path: Path) -> Iterator[Path]:
    """Yield the files under a file, folder or glob pattern, in a stable order.

    Hidden files and folders are left out, and a folder's own README, which is about
    the articles and none itself; folders that are links are not entered.
    """
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (Path(folder, name) for name in sorted(names) if not _is_aside(name))
    elif path.exists() or not any(c in str(path) for c in "*?["):
        yield path
    else:
        anchor = Path(path.anchor)
        pattern = path.relative_to(anchor) if path.anchor else path
        yield from sorted(found for found in anchor.glob(str(pattern)) if found.is_file())


def _is_aside(name: str) -> bool:
    return name.startswith(".") or name.upper() in {"README", "README.MD", "README.TXT"}


def read_path(
    path: Path, fetched_at: datetime, params: FileParams | None = None
) -> Iterator[RawItem | Reject]:
    """Yield everything that a file, folder or glob pattern holds, item by item.

    Args:
        path: what to read.
        fetched_at: stands for now, UTC.
        params: columns and limits.
    """
    for file in list_files(path):
        yield from read_file(file, fetched_at, params)


def read_file(
    path: Path, fetched_at: datetime, params: FileParams | None = None
) -> Iterator[RawItem | Reject]:
    """Yield the items of one file; a fault of the whole file is its last reject."""
    params = params or FileParams()
    origin = path.as_posix()
    broken = 0
    try:
        for found in _read_kind(path, origin, fetched_at, params):
            if isinstance(found, Reject) and found.reason.startswith("broken"):
                broken += 1
                if broken > params.limits.broken_rows:
                    continue
            yield found
    except SkippableError as err:
        log.debug("%s refused: %s (%s)", origin, err.reason, err)
        yield describe_reject(origin, err.reason, str(err), path.name, _stamp(path))
    if broken > params.limits.broken_rows:
        yield describe_reject(origin, "broken_rows", f"{broken} broken rows in all", path.name)


def _stamp(path: Path) -> str:
    """Return what changes when the file does, without reading it."""
    try:
        return hash_text(str(path.stat().st_size))
    except OSError:
        return ""


def _read_kind(
    path: Path, origin: str, fetched_at: datetime, params: FileParams
) -> Iterator[RawItem | Reject]:
    if not path.exists():
        raise SkippableError("missing", f"no such file: {path.name}")
    if not path.is_file():
        raise SkippableError("unreadable", f"not a regular file: {path.name}")
    suffix, compression = split_suffixes(path)
    kind = _KINDS.get(suffix, "unknown")
    if kind == "parquet" and not compression:
        yield from read_parquet(path, origin, fetched_at, params.columns)
        return
    with open_stream(path, params.limits, params.meter) as stream:
        if kind == "jsonl":
            yield from _read_jsonl(recode_stream(stream), origin, fetched_at, params)
        elif kind == "csv":
            lines = recode_stream(stream)
            yield from read_csv(lines, origin, fetched_at, params.columns, params.limits)
        else:
            data = read_document(stream, params.limits.document_bytes)
            yield from _read_document(data, kind, origin, fetched_at, params)


def _read_jsonl(
    stream: ByteStream, origin: str, fetched_at: datetime, params: FileParams
) -> Iterator[RawItem | Reject]:
    count = 0
    for number, line in read_lines(stream, params.limits.line_bytes):
        place = f"{origin}#line {number}"
        if line is None:
            detail = f"the line passes {params.limits.line_bytes} bytes"
            yield describe_reject(place, "too_long", detail)
        elif line.strip():
            yield _read_json_line(line, place, fetched_at, params.columns)
        count += 1
    if count == 0:
        raise SkippableError("empty", "the file is empty")


def _read_json_line(
    line: bytes, place: str, fetched_at: datetime, columns: ColumnMap
) -> RawItem | Reject:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as err:
        return _retry_json_line(line, place, fetched_at, columns, err)
    if not isinstance(record, dict):
        return describe_reject(place, "broken_json", "expected an object", _excerpt(line))
    return try_item(record, place, fetched_at, columns)


def _retry_json_line(
    line: bytes, place: str, fetched_at: datetime, columns: ColumnMap, fault: ValueError
) -> RawItem | Reject:
    """Return a line that is JSON in another encoding, or why it is not."""
    stamp = hash_text(line.hex() if len(line) < 4096 else str(len(line)))
    try:
        record = orjson.loads(decode_bytes(line))
    except SkippableError as err:
        return describe_reject(place, err.reason, str(err), _excerpt(line), stamp)
    except orjson.JSONDecodeError:
        return describe_reject(place, "broken_json", str(fault), _excerpt(line), stamp)
    if not isinstance(record, dict):
        return describe_reject(place, "broken_json", "expected an object", _excerpt(line), stamp)
    return try_item(record, place, fetched_at, columns)


def _excerpt(data: bytes) -> str:
    return data[:500].decode("utf-8", "replace").replace("\x00", "").strip()


def _read_document(
    data: bytes, kind: str, origin: str, fetched_at: datetime, params: FileParams
) -> Iterator[RawItem | Reject]:
    if not data.strip():
        raise SkippableError("empty", "the file is empty")
    if is_binary(data):
        raise SkippableError("binary", f"expected text, got {len(data)} bytes of binary data")
    read = _DOCUMENTS[_sniff(data, origin) if kind == "unknown" else kind]
    yield from read(data, origin, fetched_at, params)


def _sniff(data: bytes, origin: str) -> str:
    """Return the kind of a document whose name does not tell it."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_html(data):
        return "html"
    if head.startswith(b"<?xml") or is_feed(data):
        return "xml"
    if head.startswith((b"{", b"[")):
        return "json"
    suffix = Path(origin).suffix
    if suffix and not suffix[1:].isdigit():
        raise SkippableError("unknown_kind", f"no reader for {suffix!r} files; see docs/ingest.md")
    return "text"


def _read_text(
    data: bytes, origin: str, fetched_at: datetime, _params: FileParams
) -> Iterator[RawItem | Reject]:
    yield RawItem(origin, "text", decode_bytes(data), fetched_at)


def _read_html(
    data: bytes, origin: str, fetched_at: datetime, _params: FileParams
) -> Iterator[RawItem | Reject]:
    yield RawItem(origin, "html", decode_bytes(data), fetched_at)


def _read_xml(
    data: bytes, origin: str, fetched_at: datetime, params: FileParams
) -> Iterator[RawItem | Reject]:
    if is_html(data):
        yield from _read_html(data, origin, fetched_at, params)
        return
    check_feed(data)
    for found in read_feed(data, origin, fetched_at):
        yield found.item if isinstance(found, FeedEntry) else found


def _read_json(
    data: bytes, origin: str, fetched_at: datetime, params: FileParams
) -> Iterator[RawItem | Reject]:
    """Yield the records of a JSON array, of one object, or of JSON lines."""
    try:
        parsed = orjson.loads(decode_bytes(data))
    except orjson.JSONDecodeError as err:
        lines = data.splitlines()
        if len(lines) < 2 or not lines[0].rstrip().endswith(b"}"):
            raise SkippableError("broken_json", f"not JSON: {err}") from err
        for number, line in enumerate(lines, start=1):
            if line.strip():
                place = f"{origin}#line {number}"
                yield _read_json_line(line, place, fetched_at, params.columns)
        return
    for index, record in enumerate(_records_of(parsed), start=1):
        place = f"{origin}#record {index}"
        if isinstance(record, dict):
            yield try_item(record, place, fetched_at, params.columns)
        else:
            yield describe_reject(place, "broken_json", f"expected an object, got {record!r:.80}")


def _records_of(parsed: object) -> list[object]:
    if isinstance(parsed, list):
        return parsed
    if isinstance(parsed, dict):
        inner = [v for v in parsed.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        has_text = any(isinstance(parsed.get(name), str) for name in ColumnMap().text)
        return inner[0] if inner and not has_text else [parsed]
    raise SkippableError("broken_json", f"expected records, got {type(parsed).__name__}")


_DOCUMENTS: dict[
    str,
    Callable[[bytes, str, datetime, FileParams], Iterator[RawItem] | Iterator[RawItem | Reject]],
] = {"text": _read_text, "html": _read_html, "xml": _read_xml, "json": _read_json}
