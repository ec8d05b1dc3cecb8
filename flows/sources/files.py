"""Files and folders of news to raw items. Nothing raises: what fails is a reject."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryFile

from features.errors import SkippableError
from features.identity import describe_reject, hash_text
from features.types import RawItem, Reject
from flows.sources.archives import open_archive, open_member
from flows.sources.documents import read_jsonl, read_whole
from flows.sources.lines import recode_stream
from flows.sources.records import ColumnMap
from flows.sources.sniff import HEAD_BYTES, sniff_compression, sniff_kind
from flows.sources.streams import (
    ByteStream,
    ReadMeter,
    StreamLimits,
    list_members,
    open_stream,
    read_document,
    split_suffixes,
)
from flows.sources.tables import read_csv, read_parquet

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
    if not compression and (kind != "unknown" or not suffix):
        compression = _sniff_file(path)
    if compression == ".zip":
        yield from _read_archive(path, origin, fetched_at, params)
        return
    with open_stream(path, params.limits, params.meter, compression) as stream:
        kind = sniff_kind(stream.peek(HEAD_BYTES)[:HEAD_BYTES], kind, params.columns.text)
        if kind == "parquet" and not compression:
            yield from read_parquet(path, origin, fetched_at, params.columns)
        else:
            yield from _read_stream(stream, kind, origin, fetched_at, params)


def _sniff_file(path: Path) -> str:
    """Return the compression that a file has without its name saying so."""
    try:
        with path.open("rb") as file:
            return sniff_compression(file.read(8))
    except OSError:
        return ""  # told when it is read


def _read_archive(
    path: Path, origin: str, fetched_at: datetime, params: FileParams
) -> Iterator[RawItem | Reject]:
    """Yield the items of all files of a ZIP archive; one that fails stops no other."""
    with open_archive(path, params.meter) as archive:
        members = list_members(archive)
        if not members:
            raise SkippableError("empty", f"no file in {path.name}")
        for info in members:
            place = f"{origin}#{info.filename}"
            kind = _KINDS.get(PurePosixPath(info.filename).suffix.lower(), "unknown")
            try:
                with open_member(archive, info, params.limits) as stream:
                    kind = sniff_kind(stream.peek(HEAD_BYTES), kind, params.columns.text)
                    yield from _read_stream(stream, kind, place, fetched_at, params)
            except SkippableError as err:
                stamp = hash_text(str(info.CRC))
                yield describe_reject(place, err.reason, str(err), info.filename, stamp)


def _read_stream(
    stream: ByteStream, kind: str, origin: str, fetched_at: datetime, params: FileParams
) -> Iterator[RawItem | Reject]:
    columns, limits = params.columns, params.limits
    if kind == "jsonl":
        yield from read_jsonl(recode_stream(stream), origin, fetched_at, columns, limits)
    elif kind == "csv":
        yield from read_csv(recode_stream(stream), origin, fetched_at, columns, limits)
    elif kind == "parquet":  # needs to jump about in the file
        with TemporaryFile() as file:
            copyfileobj(stream, file)
            yield from read_parquet(file, origin, fetched_at, columns)
    else:
        data = read_document(stream, limits.document_bytes)
        yield from read_whole(data, kind, origin, fetched_at, columns)
