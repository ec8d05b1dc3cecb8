"""Lines of text files, of any length and in any Unicode encoding."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any, cast

from features.errors import SkippableError
from flows.sources.streams import ByteStream

_CHUNK = 1 << 16


class _Recoded(io.RawIOBase):
    """The bytes of a UTF-16 stream as UTF-8."""

    def __init__(self, raw: ByteStream) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._rest = b""

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer; 0 at the end."""
        while not self._rest:
            data = self._raw.read(_CHUNK)
            try:
                self._rest = self._decoder.decode(data, final=not data).encode()
            except UnicodeError as err:
                raise SkippableError("encoding", f"expected UTF-16 text: {err}") from err
            if not data:
                break
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def recode_stream(stream: ByteStream) -> ByteStream:
    """Return a stream of lines as UTF-8 where a mark says that it is UTF-16, else itself.

    Spreadsheets and Windows shells write tables and records so.
    """
    if stream.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return cast(ByteStream, io.BufferedReader(_Recoded(stream)))
    return stream


def read_lines(stream: ByteStream, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield line numbers from 1 and lines; None stands for a line over the limit."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
            pass
        yield number, None
