"""What a file really is, whatever its name says: by its first bytes."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection

import orjson

from flows.sources.decode import is_binary
from flows.sources.feeds import is_html

HEAD_BYTES = 8192
DELIMITERS = ",;\t|"
_MAGIC = {
    b"\x1f\x8b": ".gz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"BZh": ".bz2",
    b"\xfd7zXZ\x00": ".xz",
    b"PK\x03\x04": ".zip",
}
_PARQUET = b"PAR1"
_FEED = re.compile(
    rb"(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE | re.DOTALL
)
_JSON = re.compile(rb'\{\s*"|\[\s*\{')
_SPREAD_JSON = re.compile(rb'\[\s*(?:\{|\n)|\{\s*\n\s*"')
_LINE_END = re.compile(rb"[\r\n]")
_NAME_CHARS = 60


def sniff_compression(head: bytes) -> str:
    r"""Return the suffix of the compression that bytes begin with, or "".

    Example:
        >>> sniff_compression(b"\x1f\x8b\x08"), sniff_compression(b"text")
        ('.gz', '')
    """
    return next((suffix for magic, suffix in _MAGIC.items() if head.startswith(magic)), "")


def sniff_kind(head: bytes, named: str, text_columns: Collection[str]) -> str:
    """Return the kind of a file: what its first bytes say, else what its name says.

    Args:
        head: the first bytes, decompressed.
        named: kind by name, or ``unknown``.
        text_columns: names that the header of a table of articles may hold.

    Example:
        >>> sniff_kind(b"<rss version='2.0'>", "html", ()), sniff_kind(b"[Note] x", "text", ())
        ('xml', 'text')
    """
    if head.startswith(_PARQUET):
        return "parquet"
    if named == "parquet" or is_binary(head):
        return named
    plain = _as_utf8(head).lstrip()
    if is_html(plain):
        return "html"
    if _FEED.match(plain):
        return "xml"
    if named != "xml" and _JSON.match(plain):
        return _sniff_json(plain, named)
    if named in ("text", "unknown", "jsonl", "json") and _is_table(plain, text_columns):
        return "csv"
    return named


def _as_utf8(head: bytes) -> bytes:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _sniff_json(plain: bytes, named: str) -> str:
    """Return whether records stand one a line or are spread over the whole document."""
    line, _, rest = plain.partition(b"\n")
    kept = named if named in ("json", "jsonl") else "jsonl"
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        is_cut = len(plain) >= HEAD_BYTES - 3 and not rest
        return kept if is_cut and plain.startswith(b"{") else _kind_of_spread(plain, named)
    return "json" if isinstance(record, list) and not rest.strip() else kept


def _kind_of_spread(plain: bytes, named: str) -> str:
    return named if named == "jsonl" and not _SPREAD_JSON.match(plain) else "json"


def _is_table(plain: bytes, text_columns: Collection[str]) -> bool:
    """Return whether the first line is the header of a table with a text column."""
    line = _LINE_END.split(plain, maxsplit=1)[0].decode("utf-8", "replace")
    delimiter = max(DELIMITERS, key=line.count)
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return False
    is_header = len(names) > 1 and all(len(name) <= _NAME_CHARS for name in names)
    return is_header and any(name in text_columns for name in names)
