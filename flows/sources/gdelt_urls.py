"""GDELT files (GKG, mentions, events) and plain lists as lists of article addresses."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from features.errors import SkippableError
from features.identity import describe_reject, hash_text
from features.types import Reject
from flows.sources.lines import read_lines, recode_stream
from flows.sources.streams import ByteStream, ReadMeter, StreamLimits, open_stream

LINE_BYTES = 4_000_000
_WEB = "1"  # source collection: the open web
_GKG2_FIELDS, _GKG1_FIELDS = 27, 11
_MENTION_FIELDS = (14, 16)
_EVENT_FIELDS = (61, 58)
_EXPECTED = (
    "expected a row of GDELT (GKG: 27 or 11 tab-separated fields, mentions: 14 or 16,"
    " events with addresses: 61 or 58) or one address, got {} fields"
)
_ASIDE = ("DATE\t", "GLOBALEVENTID\t", "#")  # header lines and notes


@dataclass(frozen=True, slots=True)
class ListedPage:
    """An article that GDELT points at: address, time (UTC stamp) and outlet."""

    url: str
    stamp: str
    outlet: str
    origin: str


def unpack(data: bytes, limit: int) -> bytes:
    """Return the first file of a ZIP archive, or the data where it is none.

    Raises:
        SkippableError: ``broken_archive`` or ``bomb``.
    """
    if not data.startswith(b"PK"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            first = archive.infolist()[0]
            if first.file_size > limit:
                raise SkippableError("bomb", f"the archive expands to {first.file_size} bytes")
            with archive.open(first) as file:
                found = file.read(limit + 1)
    except (zipfile.BadZipFile, IndexError, OSError, RuntimeError, EOFError) as err:
        raise SkippableError("broken_archive", f"not a ZIP archive: {err}") from err
    if len(found) > limit:
        raise SkippableError("bomb", f"the archive expands beyond {limit} bytes")
    return found


def find_latest(listing: bytes, kind: str) -> str:
    """Return the address of the newest file of a ``lastupdate.txt`` listing.

    Raises:
        SkippableError: ``not_a_listing``.

    Example:
        >>> find_latest(b"9 abc http://x.example/20260109.gkg.csv.zip", "gdelt-gkg")
        'http://x.example/20260109.gkg.csv.zip'
    """
    wanted = {"gdelt-gkg": ".gkg.", "gdelt-mentions": ".mentions."}[kind]
    for line in listing.decode("ascii", "replace").splitlines():
        parts = line.split()
        if len(parts) == 3 and wanted in parts[2].lower() and parts[2].startswith("http"):
            return parts[2]
    raise SkippableError("not_a_listing", f"no {wanted} file in the listing")


def read_page_file(
    path: Path, limits: StreamLimits | None = None, meter: ReadMeter | None = None
) -> Iterator[ListedPage | Reject]:
    """Yield the pages of a local file, also a compressed one; a fault of it is its last reject."""
    origin = path.as_posix()
    try:
        if not path.is_file():
            raise SkippableError("missing", f"no such file: {path.name}")
        with open_stream(path, limits or StreamLimits(), meter) as stream:
            yield from _list_pages(recode_stream(stream), origin)
    except SkippableError as err:
        yield describe_reject(origin, err.reason, str(err), path.name)


def read_pages(data: bytes, origin: str) -> Iterator[ListedPage | Reject]:
    """Yield the pages of a document, each address once.

    The kind of each row is told by its number of fields: GKG 2.1 and 1.0, mentions,
    events 2.0 and 1.0, or an address alone. Rows that do not fit are refused with
    their line number.

    Example:
        >>> [page.url for page in read_pages(b"https://a.example/1", "list.txt")]
        ['https://a.example/1']
    """
    return _list_pages(io.BufferedReader(io.BytesIO(data)), origin)


def _list_pages(stream: ByteStream, origin: str) -> Iterator[ListedPage | Reject]:
    seen: set[str] = set()
    for number, line in read_lines(stream, LINE_BYTES):
        place = f"{origin}#line {number}"
        if line is None:
            yield describe_reject(place, "too_long", f"the line passes {LINE_BYTES} bytes")
            continue
        text = line.decode("utf-8-sig", "replace").replace("\x00", "").strip("\r\n ")
        if not text.strip() or text.startswith(_ASIDE):
            continue
        for found in _read_row(text.split("\t"), place, text):
            if isinstance(found, Reject) or found.url not in seen:
                yield found
            if isinstance(found, ListedPage):
                seen.add(found.url)


def _read_row(row: list[str], place: str, text: str) -> list[ListedPage | Reject]:
    if len(row) == _GKG2_FIELDS:
        pages = [ListedPage(row[4], row[1], row[3], place)] if row[2] == _WEB else []
    elif len(row) in _MENTION_FIELDS:
        pages = [ListedPage(row[5], row[2], row[4], place)] if row[3] == _WEB else []
    elif len(row) == _GKG1_FIELDS:
        urls, outlets = row[10].split("<UDIV>"), row[9].split(";")
        pages = [ListedPage(url, row[0], outlets[0], place) for url in urls]
    elif len(row) in _EVENT_FIELDS:
        pages = [ListedPage(row[-1], row[-2], "", place)]
    elif len(row) == 1:
        pages = [ListedPage(text.strip(), "", "", place)]
    else:
        detail = _EXPECTED.format(len(row))
        return [describe_reject(place, "broken_row", detail, text[:500], hash_text(text))]
    return [_check_page(page, text) for page in pages]


def _check_page(page: ListedPage, text: str) -> ListedPage | Reject:
    if page.url.startswith(("http://", "https://")):
        return page
    detail = f"expected a web address, got {page.url!r:.200}"
    return describe_reject(page.origin, "bad_url", detail, text[:200], hash_text(text))
