"""ZIP archives of news: each file in them is read as if it lay in a folder."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from flows.sources.streams import (
    BoundedStream,
    ByteStream,
    ReadMeter,
    StreamLimits,
    name_faults,
    open_metered,
    open_packed,
)


@contextmanager
def open_archive(path: Path, meter: ReadMeter | None = None) -> Iterator[zipfile.ZipFile]:
    """Yield a ZIP archive.

    Raises:
        SkippableError: ``unreadable`` or ``broken_archive``.
    """
    with (
        name_faults(path.name),
        open_metered(path, meter) as file,
        zipfile.ZipFile(file) as archive,
    ):
        yield archive


@contextmanager
def open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: StreamLimits
) -> Iterator[ByteStream]:
    """Yield the bytes of one file of an archive, guarded against bombs.

    Raises:
        SkippableError: ``encrypted``, ``broken_archive`` or ``bomb``.
    """
    with name_faults(info.filename), open_packed(archive, info) as raw:
        yield BoundedStream(cast(ByteStream, raw), limits.allow(info.compress_size))
