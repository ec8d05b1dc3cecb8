"""What the classifier sees on one day, as a file: one row a pair, one column a feature."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from features.registry import COLUMN_BY_NAME
from features.windows import build_features
from flows.export import Field, write_table
from flows.stream import read_stream
from flows.textstage import extractor_version

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from flows.settings import Settings

KEYS: Final = (
    Field("dyad", "string", pa.string(), "pair in alphabetical order, COL-USA"),
    Field(
        "as_of_date",
        "date",
        pa.date32(),
        "only news published before 00:00 UTC of this day was used",
    ),
)


def export_features(
    engine: Engine, settings: Settings, as_of_date: date, folder: Path, file_format: str
) -> tuple[Path, int]:
    """Write the feature row of every active pair as of one day.

    Returns:
        The file and its number of rows.
    """
    days, volumes = read_stream(engine, as_of_date, extractor_version(settings))
    matrix = build_features(days, volumes, as_of_date)
    fields = [*KEYS, *(_feature_field(name) for name in matrix.columns)]
    rows = [
        {"dyad": dyad, "as_of_date": as_of_date, **dict(zip(matrix.columns, values, strict=True))}
        for dyad, values in zip(matrix.dyads.tolist(), matrix.values.tolist(), strict=True)
    ]
    description = f"What the classifier sees of each pair as of {as_of_date}"
    return write_table(folder, "features", file_format, fields, iter([rows]), description)


def _feature_field(name: str) -> Field:
    column = COLUMN_BY_NAME[name]
    return Field(name, "number", pa.float64(), f"{column.words}; {column.unit}")
