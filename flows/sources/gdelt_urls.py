"""GDELT 2.0 GKG and mentions files as lists of article addresses."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from features.errors import SkippableError
from features.identity import describe_reject, hash_text
from features.types import Reject
from flows.sources.streams import read_lines

LINE_BYTES = 4_000_000
_WEB = "1"  # source collection: the open web
_GKG2_FIELDS, _GKG1_FIELDS = 27, 11
_MENTION_FIELDS = (14, 16)


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


def read_pages(data: bytes, origin: str) -> Iterator[ListedPage | Reject]:
    """Yield the pages of a GKG 1.0/2.1 or mentions file, each address once.

    Rows that do not fit are refused with their line number.
    """
    seen: set[str] = set()
    for number, line in read_lines(io.BufferedReader(io.BytesIO(data)), LINE_BYTES):
        place = f"{origin}#line {number}"
        if line is None:
            yield describe_reject(place, "too_long", f"the line passes {LINE_BYTES} bytes")
            continue
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text or text.startswith("DATE\t"):
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
    else:
        detail = f"expected {_GKG2_FIELDS}, {_GKG1_FIELDS}, 14 or 16 fields, got {len(row)}"
        return [describe_reject(place, "broken_row", detail, text[:500], hash_text(text))]
    sound = [page for page in pages if page.url.startswith(("http://", "https://"))]
    bad = [
        describe_reject(place, "bad_url", f"no web address: {page.url!r:.200}", text[:200])
        for page in pages
        if page not in sound
    ]
    return [*sound, *bad]
