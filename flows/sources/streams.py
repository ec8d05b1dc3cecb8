"""Open plain and compressed files as bounded byte streams."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol, cast

import zstandard

from features.errors import SkippableError

COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz", ".zip")
_CHUNK = 1 << 16
_BROKEN = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    zipfile.BadZipFile,
)


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """What a file may cost.

    Args:
        document_bytes: a file that is one document (txt, html, xml, json) may not be larger.
        line_bytes: longest line of a file of records.
        expansion: how many times its compressed size a file may expand ...
        expansion_floor: ... once it has expanded to this many bytes.
        broken_rows: after so many broken rows of a file only their number is told.
    """

    document_bytes: int = 10_000_000
    line_bytes: int = 4_000_000
    expansion: int = 200
    expansion_floor: int = 10_000_000
    broken_rows: int = 10_000

    def allow(self, compressed_bytes: int) -> int:
        """Return to how many bytes so many compressed ones may expand."""
        return max(self.expansion_floor, compressed_bytes * self.expansion)


@dataclass
class ReadMeter:
    """How many bytes of the files are read, as they lie on disk."""

    done: int = 0


class MeteredFile(io.FileIO):
    """A raw file that tells a meter what is read of it."""

    meter: ReadMeter

    def readinto(self, buffer: Any, /) -> int | None:
        """Fill the buffer and count."""
        size = super().readinto(buffer)
        self.meter.done += size or 0
        return size


def open_metered(path: Path, meter: ReadMeter | None) -> IO[bytes]:
    """Return a file open for reading that tells the meter what is read of it."""
    raw = MeteredFile(path)
    raw.meter = meter or ReadMeter()
    return io.BufferedReader(raw, _CHUNK)


class ByteStream(Protocol):
    """The part of a binary file that the readers use."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes."""
        ...

    def readline(self, size: int = -1, /) -> bytes:
        """Return one line of up to ``size`` bytes."""
        ...

    def peek(self, size: int = 0, /) -> bytes:
        """Return bytes that come next, without taking them."""
        ...


class BoundedStream:
    """A byte stream that refuses to expand beyond all measure (decompression bombs)."""

    def __init__(self, raw: ByteStream, allowed: int) -> None:
        self._raw = raw
        self._allowed = allowed
        self._seen = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes, counting them."""
        return self._count(self._raw.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        """Return one line of up to ``size`` bytes, counting them."""
        return self._count(self._raw.readline(size))

    def peek(self, size: int = 0, /) -> bytes:
        """Return bytes that come next; they are counted when they are read."""
        return self._raw.peek(size)

    def _count(self, data: bytes) -> bytes:
        self._seen += len(data)
        if self._seen > self._allowed:
            raise SkippableError(
                "bomb", f"expands beyond {self._allowed} bytes, far more than its size allows"
            )
        return data


def split_suffixes(path: Path) -> tuple[str, str]:
    """Return a file's kind suffix and its compression suffix, lower case.

    Example:
        >>> split_suffixes(Path("a/day.JSONL.gz")), split_suffixes(Path("b.txt"))
        (('.jsonl', '.gz'), ('.txt', ''))
    """
    last = path.suffix.lower()
    if last in COMPRESSIONS:
        return path.with_suffix("").suffix.lower(), last
    return last, ""


@contextmanager
def name_faults(name: str) -> Iterator[None]:
    """Turn what decompression and the disk raise into refusals that name the file.

    Raises:
        SkippableError: ``unreadable`` or ``broken_archive``.
    """
    try:
        yield
    except _BROKEN as err:
        raise SkippableError("broken_archive", f"{name} breaks off: {err}") from err
    except OSError as err:
        raise SkippableError("unreadable", f"cannot read {name}: {err}") from err


@contextmanager
def open_stream(
    path: Path,
    limits: StreamLimits,
    meter: ReadMeter | None = None,
    compression: str | None = None,
) -> Iterator[ByteStream]:
    """Yield a file's bytes, decompressed and guarded against bombs.

    Args:
        path: what to open.
        limits: what it may cost.
        meter: told what is read.
        compression: suffix that stands for it; by default that of the name.

    Raises:
        SkippableError: ``unreadable``, ``broken_archive`` or ``bomb``.
    """
    if compression is None:
        _, compression = split_suffixes(path)
    with (
        name_faults(path.name),
        open_metered(path, meter) as file,
        _decompress(file, compression) as stream,
    ):
        if compression:
            allowed = limits.allow(path.stat().st_size)
            yield BoundedStream(cast(ByteStream, stream), allowed)
        else:
            yield cast(ByteStream, stream)


def list_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of a ZIP archive by name, without hidden ones and notes of the system."""
    found = [info for info in archive.infolist() if not info.is_dir() and not _is_aside(info)]
    return sorted(found, key=lambda info: info.filename)


def _is_aside(info: zipfile.ZipInfo) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(info.filename).parts)


def _open_only_member(file: IO[bytes]) -> IO[bytes]:
    """Return the one file of an archive, as GDELT packs its tables."""
    archive = zipfile.ZipFile(file)
    members = list_members(archive)
    if len(members) != 1:
        detail = f"expected one file in the archive, got {len(members)}; unpack it first"
        raise SkippableError("broken_archive", detail)
    return open_packed(archive, members[0])


def open_packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Return a file of an archive, open for reading.

    Raises:
        SkippableError: ``encrypted``, or ``broken_archive`` when the packing is not known.
    """
    if info.flag_bits & 1:
        raise SkippableError("encrypted", f"{info.filename} needs a password; unpack it first")
    try:
        return archive.open(info)
    except NotImplementedError as err:
        detail = f"{info.filename} is packed in a way that is not known; unpack it first"
        raise SkippableError("broken_archive", detail) from err


def _decompress(file: IO[bytes], compression: str) -> IO[bytes]:
    if compression == ".gz":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if compression == ".bz2":
        return cast(IO[bytes], bz2.BZ2File(file))
    if compression == ".xz":
        return cast(IO[bytes], lzma.LZMAFile(file))
    if compression == ".zip":
        return _open_only_member(file)
    if compression == ".zst":
        reader = zstandard.ZstdDecompressor().stream_reader(
            file, read_across_frames=True, closefd=False
        )
        return io.BufferedReader(cast(io.RawIOBase, reader))
    return file


def read_document(stream: ByteStream, limit: int) -> bytes:
    """Return a whole document.

    Raises:
        SkippableError: ``too_large``, as soon as the limit is passed.
    """
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise SkippableError("too_large", f"expected at most {limit} bytes in one document")
        parts.append(chunk)
    return b"".join(parts)
