"""Reading a response body: bounded in bytes, in expansion and in time."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator

import httpx

from features.errors import RetriableError, SkippableError

_CHUNK = 1 << 16


def read_body(
    response: httpx.Response,
    max_bytes: int,
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """Return the decoded body of a streamed response.

    Args:
        response: not yet read.
        max_bytes: limit before and after decompression.
        deadline: reading of ``clock`` at which patience ends.
        clock: seconds, monotonic.

    Raises:
        SkippableError: ``too_large``, ``bomb``, ``broken_archive`` or ``encoding``.
        RetriableError: the deadline passed.
    """
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes:
        raise SkippableError("too_large", f"{declared} bytes declared, at most {max_bytes} read")
    coding = response.headers.get("content-encoding", "identity").lower().strip()
    # No chunk size here: waiting for a full chunk would let a trickling body hold us for ever.
    raw = _limit(response.iter_raw(), max_bytes, deadline, clock)
    if coding in ("", "identity"):
        return b"".join(raw)
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise SkippableError("encoding", f"unasked-for content encoding {coding!r}")
    try:
        return b"".join(_inflate(raw, max_bytes))
    except zlib.error as err:
        raise SkippableError("broken_archive", f"the body is not {coding}: {err}") from err


def _limit(
    chunks: Iterator[bytes], max_bytes: int, deadline: float, clock: Callable[[], float]
) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise SkippableError("too_large", f"the body passes {max_bytes} bytes")
        if clock() > deadline:
            raise RetriableError(f"the body was still coming after {size} bytes; gave up")
        yield chunk


def _inflate(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    """Yield decompressed pieces; no piece is ever larger than a chunk."""
    machine = zlib.decompressobj(wbits=47)  # zlib or gzip, told apart by the header
    size = 0
    for chunk in chunks:
        rest = chunk
        while rest and not machine.eof:
            piece = machine.decompress(rest, _CHUNK)
            rest = machine.unconsumed_tail
            size += len(piece)
            if size > max_bytes:
                raise SkippableError("bomb", f"the body expands beyond {max_bytes} bytes")
            yield piece
    tail = machine.flush()
    if not machine.eof:
        raise RetriableError("the compressed body breaks off")
    yield tail
