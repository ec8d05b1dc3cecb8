"""From any row that callers hand in to clean, typed, unrepeated table rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table, Text
from sqlalchemy.types import TypeEngine

from features.errors import DataError
from models.db.base import key_columns
from models.db.column_types import UtcDateTime

Row = Mapping[str, Any]
Record = dict[str, Any]
Coerce = Callable[[Any], Any]


def clean_text(value: Any) -> str:
    r"""Return text that both databases can hold: no NUL, no lone surrogate.

    Example:
        >>> clean_text("a\x00b")
        'a�b'
    """
    if not isinstance(value, str):
        raise TypeError("not text")
    text: str = value.replace("\x00", "\ufffd") if "\x00" in value else value
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def to_day(value: Any) -> date:
    """Return a calendar day from a date, a UTC midnight or ISO text."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise TypeError("not a date")


def to_moment(value: Any) -> datetime:
    """Return an aware UTC datetime from an aware one or ISO text with an offset."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise TypeError("not a datetime with a time zone")
    if type(moment) is not datetime:  # a pandas Timestamp
        moment = datetime.fromisoformat(moment.isoformat(timespec="microseconds"))
    return moment.astimezone(UTC)


def to_whole(value: Any) -> int:
    """Return an int; a fraction is refused."""
    whole = int(value)
    if whole != value:
        raise ValueError("not a whole number")
    return whole


def to_real(value: Any) -> float | None:
    """Return a float; not-a-number becomes None."""
    real = float(value)
    if math.isinf(real):
        raise ValueError("not a finite number")
    return None if math.isnan(real) else real


def _coercer(kind: TypeEngine[Any]) -> Coerce:
    pairs: tuple[tuple[type[TypeEngine[Any]], Coerce], ...] = (
        (UtcDateTime, to_moment),
        (Boolean, bool),
        (Integer, to_whole),
        (Float, to_real),
        (Date, to_day),
        (Text, clean_text),
    )
    return next((coerce for base, coerce in pairs if isinstance(kind, base)), lambda value: value)


def _is_missing(value: Any) -> bool:
    return value is None or (type(value).__name__ == "NaTType")


def as_mapping(row: Any) -> Row:
    """Return the row as a mapping; frozen dataclasses are spread by field."""
    if isinstance(row, Mapping):
        return row
    if is_dataclass(row) and not isinstance(row, type):
        return asdict(row)
    raise DataError(f"expected a dict or dataclass row, got {type(row).__name__!r}")


def clean_rows(table: Table, rows: Iterable[Any]) -> list[Record]:
    """Return typed rows with equal columns; of rows with one key the last stays.

    Raises:
        DataError: unknown or unequal columns, a missing key, or a value of the wrong type.
    """
    found = [as_mapping(row) for row in rows]
    if not found:
        return []
    names = _column_names(table, found[0])
    plan = [(name, table.columns[name], _coercer(table.columns[name].type)) for name in names]
    keys = [c.name for c in key_columns(table)]
    unique: dict[tuple[Any, ...], Record] = {}
    for row in found:
        if len(row) != len(names):
            raise DataError(
                f"expected every row of {table.name} to have the columns {names},"
                f" got {sorted(row)}; give all rows the same columns"
            )
        record = {name: _convert(table, column, coerce, row) for name, column, coerce in plan}
        unique[tuple(record[key] for key in keys)] = record
    return list(unique.values())


def _column_names(table: Table, row: Row) -> list[str]:
    names = list(row)
    unknown = [name for name in names if name not in table.columns]
    missing = [c.name for c in key_columns(table) if c.name not in row]
    if unknown or missing:
        raise DataError(
            f"expected rows of {table.name}, got unknown columns {unknown}"
            f" and missing key columns {missing}; see describe_columns()"
        )
    return names


def _convert(table: Table, column: Column[Any], coerce: Coerce, row: Row) -> Any:
    try:
        value = row[column.name]
    except KeyError as err:
        raise DataError(f"expected the column {err} in every row of {table.name}") from err
    if _is_missing(value):
        return None
    try:
        return coerce(value)
    except (TypeError, ValueError) as err:
        raise DataError(
            f"expected {column.type!r} in {table.name}.{column.name}, got {value!r:.100}: {err}"
        ) from err
