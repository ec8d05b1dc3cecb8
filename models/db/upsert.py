"""One way to write rows: insert, or update only where the content differs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, MetaData, Table, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError as SqlDataError
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.dml import Insert

from features.errors import DataError
from models.db.base import content_columns, key_columns, stamp_name
from models.db.rows import Record, clean_rows
from models.db.session import Bind, writing

log = logging.getLogger(__name__)

Excluded = ReadOnlyColumnCollection[str, Any]
# From the stored table and the incoming row to the value that a column shall have.
Merge = Callable[[Table, Excluded], ColumnElement[Any]]

COPY_MIN_ROWS: Final = 200
COUNTED: Final = {"preserve_rowcount": True}  # else SQLAlchemy drops the count of an INSERT


def upsert_rows(
    bind: Bind,
    table: Table,
    rows: Iterable[Any],
    run_id: str,
    merge: Mapping[str, Merge] | None = None,
) -> int:
    """Return how many rows were inserted or really changed.

    A row equal to the stored one is left untouched, run id and time of writing
    included. Columns that the rows do not carry keep their value (or default).

    Args:
        bind: engine (own transaction) or connection (the caller's).
        table: where to write.
        rows: dicts by column name, or dataclasses with those fields.
        run_id: the run that writes.
        merge: for some columns, the value that an existing row shall get.

    Raises:
        DataError: rows that do not fit the table or break one of its checks.
    """
    records = clean_rows(table, rows)
    if not records:
        return 0
    _stamp(table, records, run_id)
    with writing(bind) as conn:
        try:
            changed = _write(conn, table, records, merge or {})
        except (IntegrityError, SqlDataError) as err:
            raise DataError(
                f"expected rows that fit {table.name}, got {str(err.orig).strip()!r};"
                " correct the rows"
            ) from err
        except StatementError as err:
            if isinstance(err.orig, DataError):
                raise err.orig from err
            raise
    log.debug("%s: %d of %d rows changed", table.name, changed, len(records))
    return changed


def _stamp(table: Table, records: list[Record], run_id: str) -> None:
    """Add run id and time of writing in place; the records are this module's own."""
    stamp = stamp_name(table)
    now = datetime.now(UTC)
    for record in records:
        record["run_id"] = run_id
        if stamp is not None:
            record[stamp] = now


def _write(
    conn: Connection, table: Table, records: list[Record], merge: Mapping[str, Merge]
) -> int:
    names = list(records[0])
    if conn.dialect.name == "postgresql" and len(records) >= COPY_MIN_ROWS:
        staging = _copy_to_staging(conn, table, names, records)
        source = select(*[staging.columns[name] for name in names])
        bulk = _on_conflict(
            postgresql.insert(table).from_select(names, source), table, names, merge
        )
        return conn.execute(bulk, execution_options=COUNTED).rowcount
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = _on_conflict(make(table), table, names, merge)
    return conn.execute(statement, records, execution_options=COUNTED).rowcount


def _on_conflict(
    insert: postgresql.Insert | sqlite.Insert,
    table: Table,
    names: Sequence[str],
    merge: Mapping[str, Merge],
) -> Insert:
    keys = {c.name for c in key_columns(table)}
    content = [c.name for c in content_columns(table) if c.name in names and c.name not in keys]
    if not content:
        return insert.on_conflict_do_nothing(index_elements=list(key_columns(table)))
    values = {name: _value(table, insert.excluded, name, merge) for name in content}
    differs = or_(*[table.columns[n].is_distinct_from(value) for n, value in values.items()])
    audit = {n: insert.excluded[n] for n in names if n not in keys and n not in content}
    return insert.on_conflict_do_update(
        index_elements=list(key_columns(table)), set_={**values, **audit}, where=differs
    )


def _value(
    table: Table, excluded: Excluded, name: str, merge: Mapping[str, Merge]
) -> ColumnElement[Any]:
    make = merge.get(name)
    return excluded[name] if make is None else make(table, excluded)


def _copy_to_staging(
    conn: Connection, table: Table, names: Sequence[str], records: Sequence[Record]
) -> Table:
    """Return a temporary table filled by COPY; it goes away with the transaction."""
    staging = Table(
        f"staging_{table.name}",
        MetaData(),
        *[table.columns[name]._copy(primary_key=False) for name in names],
        prefixes=["TEMPORARY"],
    )
    conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{staging.name}")
    quoted = ", ".join(conn.dialect.identifier_preparer.quote(name) for name in names)
    conn.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {staging.name} ON COMMIT DROP AS"  # noqa: S608 own names only
        f" SELECT {quoted} FROM {table.name} WITH NO DATA"
    )
    adapt = [_binder(conn, table, name) for name in names]
    raw: Any = conn.connection.dbapi_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {staging.name} ({quoted}) FROM STDIN") as copy:
        for record in records:
            copy.write_row([bind(record[name]) for name, bind in zip(names, adapt, strict=True)])
    return staging


def _binder(conn: Connection, table: Table, name: str) -> Callable[[Any], Any]:
    kind = table.columns[name].type
    processor = kind.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    return processor if processor is not None else (lambda value: value)
