"""Moving a whole store to another database, such as from SQLite to PostgreSQL."""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import Connection, Engine, Table, insert, select

from features.errors import DataError
from models.db.digest import content_tables, count_rows
from models.db.session import reading, writing
from models.db.tables import METADATA

log = logging.getLogger(__name__)

_BATCH_ROWS: Final = 5_000


def copy_store(source: Engine, target: Engine) -> dict[str, int]:
    """Return the rows copied by table; run ids and times of writing stay as they were.

    All is copied in one transaction from one state of the source, or nothing.

    Args:
        source: the store to read, at the newest revision.
        target: an upgraded, empty store.

    Raises:
        DataError: the target holds rows.
    """
    held = {name: count for name, count in count_rows(target).items() if count}
    if held:
        raise DataError(f"expected an empty database to copy into, got rows in {sorted(held)}")
    ours = {table.name for table in content_tables()}
    tables = [table for table in METADATA.sorted_tables if table.name in ours]
    with reading(source) as read, writing(target) as write:
        return {table.name: _copy_table(read, write, table) for table in tables}


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    count = 0
    order = list(table.primary_key.columns)
    query = select(table).order_by(*order)
    result = source.execute(query, execution_options={"yield_per": _BATCH_ROWS})
    for part in result.mappings().partitions():
        rows = [dict(row) for row in part]
        target.execute(insert(table), rows)
        count += len(rows)
    log.info("%s: %d rows copied", table.name, count)
    return count
