"""From any row that callers hand in to clean, typed, unrepeated table rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

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


# Per column type: how to coerce, and the type that needs no coercion.
_KINDS: Final[tuple[tuple[type[TypeEngine[Any]], Coerce, type | None], ...]] = (
    (UtcDateTime, to_moment, None),
    (Boolean, bool, bool),
    (Integer, to_whole, int),
    (Float, to_real, None),
    (Date, to_day, date),
    (Text, clean_text, None),
)
_Step = tuple[str, Coerce, type | None]


def _step(column: Column[Any]) -> _Step:
    for base, coerce, exact in _KINDS:
        if isinstance(column.type, base):
            return column.name, coerce, exact
    return column.name, lambda value: value, None


def as_mapping(row: Any) -> Row:
    """Return the row as a mapping; frozen dataclasses are spread by field."""
    if type(row) is dict or isinstance(row, Mapping):
        return row
    if is_dataclass(row) and not isinstance(row, type):
        return asdict(row)
    raise DataError(f"expected a dict or dataclass row, got {type(row).__name__!r}")


def clean_rows(table: Table, rows: Iterable[Any]) -> list[Record]:
    """Return typed rows with equal columns, ordered by key; of one key the last stays.

    One order for all writers: two that write the same rows cannot block each other.

    Raises:
        DataError: unknown or unequal columns, a missing key, or a value of the wrong type.
    """
    found = [as_mapping(row) for row in rows]
    if not found:
        return []
    names = _column_names(table, found[0])
    plan = [_step(table.columns[name]) for name in names]
    keys = [c.name for c in key_columns(table)]
    unique: dict[tuple[Any, ...], Record] = {}
    for row in found:
        if len(row) != len(names):
            raise DataError(
                f"expected every row of {table.name} to have the columns {names},"
                f" got {sorted(row)}; give all rows the same columns"
            )
        record = _clean_row(table, plan, row)
        unique[tuple(record[key] for key in keys)] = record
    if any(part is None for key in unique for part in key):
        raise DataError(
            f"expected every row of {table.name} to have a key {keys}, got an empty one"
        )
    return [unique[key] for key in sorted(unique)]


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


def _clean_row(table: Table, plan: Sequence[_Step], row: Row) -> Record:
    record: Record = {}
    for name, coerce, exact in plan:
        try:
            value = row[name]
            if value is None or type(value) is exact:
                record[name] = value
            else:
                record[name] = None if type(value).__name__ == "NaTType" else coerce(value)
        except KeyError as err:
            raise DataError(f"expected the column {name} in every row of {table.name}") from err
        except (TypeError, ValueError) as err:
            raise DataError(
                f"expected {table.columns[name].type!r} in {table.name}.{name},"
                f" got {row[name]!r:.100}: {err}"
            ) from err
    return record
