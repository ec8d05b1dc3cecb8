"""Whole documents and lines of JSON to raw items: text, HTML, feeds, JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import orjson

from features.errors import SkippableError
from features.identity import describe_reject, hash_text
from features.types import RawItem, Reject
from flows.sources.decode import decode_bytes, is_binary
from flows.sources.feeds import FeedEntry, check_feed, is_feed, is_html, read_feed
from flows.sources.lines import read_lines
from flows.sources.records import ColumnMap
from flows.sources.streams import ByteStream, StreamLimits
from flows.sources.tables import try_item

DocumentReader = Callable[[bytes, str, datetime, ColumnMap], Iterator[RawItem | Reject]]


def read_jsonl(
    stream: ByteStream, origin: str, fetched_at: datetime, columns: ColumnMap, limits: StreamLimits
) -> Iterator[RawItem | Reject]:
    """Yield the records of a file with one JSON object a line.

    Raises:
        SkippableError: ``empty``.
    """
    count = 0
    for number, line in read_lines(stream, limits.line_bytes):
        place = f"{origin}#line {number}"
        if line is None:
            detail = f"the line passes {limits.line_bytes} bytes"
            yield describe_reject(place, "too_long", detail)
        elif line.strip():
            yield _read_json_line(line, place, fetched_at, columns)
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
        return describe_reject(
            place, "broken_json", f"expected JSON: {fault}", _excerpt(line), stamp
        )
    if not isinstance(record, dict):
        return describe_reject(place, "broken_json", "expected an object", _excerpt(line), stamp)
    return try_item(record, place, fetched_at, columns)


def _excerpt(data: bytes) -> str:
    return data[:500].decode("utf-8", "replace").replace("\x00", "").strip()


def read_whole(
    data: bytes, kind: str, origin: str, fetched_at: datetime, columns: ColumnMap
) -> Iterator[RawItem | Reject]:
    """Yield the items of a whole document.

    Args:
        data: the document.
        kind: ``text``, ``html``, ``xml``, ``json``, or ``unknown`` to find out.
        origin: its path.
        fetched_at: when it was read, UTC.
        columns: which field of a record means what.

    Raises:
        SkippableError: nothing of it can be used.
    """
    if not data.strip():
        raise SkippableError("empty", "the file is empty")
    if is_binary(data):
        raise SkippableError("binary", f"expected text, got {len(data)} bytes of binary data")
    if kind == "unknown":
        kind = _guess_kind(data, origin)
    yield from _DOCUMENTS[kind](data, origin, fetched_at, columns)


def _guess_kind(data: bytes, origin: str) -> str:
    """Return the kind of a document whose name does not tell it."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") or is_feed(data):
        return "xml"
    suffix = Path(origin).suffix
    if suffix and not suffix[1:].isdigit():
        raise SkippableError("unknown_kind", f"no reader for {suffix!r} files; see docs/ingest.md")
    return "text"


def _read_text(
    data: bytes, origin: str, fetched_at: datetime, _columns: ColumnMap
) -> Iterator[RawItem | Reject]:
    yield RawItem(origin, "text", decode_bytes(data), fetched_at)


def _read_html(
    data: bytes, origin: str, fetched_at: datetime, _columns: ColumnMap
) -> Iterator[RawItem | Reject]:
    yield RawItem(origin, "html", decode_bytes(data), fetched_at)


def _read_xml(
    data: bytes, origin: str, fetched_at: datetime, columns: ColumnMap
) -> Iterator[RawItem | Reject]:
    if is_html(data):
        yield from _read_html(data, origin, fetched_at, columns)
        return
    check_feed(data)
    for found in read_feed(data, origin, fetched_at):
        yield found.item if isinstance(found, FeedEntry) else found


def _read_json(
    data: bytes, origin: str, fetched_at: datetime, columns: ColumnMap
) -> Iterator[RawItem | Reject]:
    """Yield the records of a JSON array, of one object, or of JSON lines."""
    try:
        parsed = orjson.loads(decode_bytes(data))
    except orjson.JSONDecodeError as err:
        lines = data.splitlines()
        if len(lines) < 2 or not lines[0].rstrip().endswith((b"}", b"]")):
            raise SkippableError("broken_json", f"not JSON: {err}") from err
        for number, line in enumerate(lines, start=1):
            if line.strip():
                place = f"{origin}#line {number}"
                yield _read_json_line(line, place, fetched_at, columns)
        return
    for index, record in enumerate(_records_of(parsed), start=1):
        place = f"{origin}#record {index}"
        if isinstance(record, dict):
            yield try_item(record, place, fetched_at, columns)
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


_DOCUMENTS: dict[str, DocumentReader] = {
    "text": _read_text,
    "html": _read_html,
    "xml": _read_xml,
    "json": _read_json,
}
