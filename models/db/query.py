"""Small helpers that every reader of the store shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, Table, select

from models.db.session import Bind, reading

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]
Item = TypeVar("Item")

# Well under the bound-variable limits of both databases.
CHUNK_KEYS: Final = 500
# Rows that are Python objects at one time while a frame is built.
FRAME_ROWS: Final = 50_000


def fetch(bind: Bind, statement: Select[Any]) -> list[Record]:
    """Return all rows of a query as plain dicts."""
    with reading(bind) as conn:
        return [dict(row) for row in conn.execute(statement).mappings()]


def fetch_frame(bind: Bind, statement: Select[Any]) -> pd.DataFrame:
    """Return all rows of a query as a frame, with its columns also when empty."""
    import pandas as pd  # here, so that commands without frames need not wait for it

    with reading(bind) as conn:
        result = conn.execute(statement, execution_options={"yield_per": FRAME_ROWS})
        names = list(result.keys())
        parts = [
            pd.DataFrame.from_records([tuple(row) for row in part], columns=names)
            for part in result.partitions()
        ]
    if not parts:
        return pd.DataFrame(columns=names)
    return pd.concat(parts, ignore_index=True)


def chunked(items: Iterable[Item], size: int = CHUNK_KEYS) -> Iterator[list[Item]]:
    """Yield the items in lists of at most ``size``."""
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk


def fetch_by_keys(
    bind: Bind, statement: Select[Any], column: ColumnElement[Any], keys: Iterable[Any]
) -> list[Record]:
    """Return the rows whose column is one of many keys, in chunks of keys."""
    found: list[Record] = []
    with reading(bind) as conn:
        for chunk in chunked(dict.fromkeys(keys)):
            found.extend(fetch(conn, statement.where(column.in_(chunk))))
    return found


def equal_to(table: Table, **values: Any) -> list[ColumnElement[bool]]:
    """Return one condition for each value that is not None."""
    return [table.columns[name] == value for name, value in values.items() if value is not None]


def between(column: ColumnElement[Any], since: Any, until: Any) -> list[ColumnElement[bool]]:
    """Return the conditions of ``since <= column < until``; None leaves a side open."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(column >= since)
    if until is not None:
        conditions.append(column < until)
    return conditions


def select_all(table: Table, conditions: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
    """Return a query of a whole table in the order of its key."""
    return select(table).where(*conditions).order_by(*table.primary_key.columns)


def day_start(day: date) -> datetime:
    """Return 00:00 UTC of a day.

    Example:
        >>> day_start(date(2026, 1, 10)).isoformat()
        '2026-01-10T00:00:00+00:00'
    """
    return datetime.combine(day, time(), UTC)
