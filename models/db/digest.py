"""Fingerprints of the store's content, equal on both databases for equal content."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from models.db.base import content_columns
from models.db.session import Bind, reading
from models.db.tables import METADATA

_MODULUS: Final = 1 << 256
_BATCH_ROWS: Final = 5_000


def content_tables() -> list[Table]:
    """Return the tables that hold content, by name."""
    return [table for name, table in sorted(METADATA.tables.items()) if name[:4] != "meta"]


def content_digest(bind: Bind) -> dict[str, tuple[int, str]]:
    """Return the row count and the hash of each table's content.

    Run ids, times of writing and volatile columns (latency, ETag ...) are left
    out, and the order of rows does not matter.
    """
    with reading(bind) as conn:
        return {table.name: _digest_table(conn, table) for table in content_tables()}


def _digest_table(conn: Connection, table: Table) -> tuple[int, str]:
    columns = [c for c in content_columns(table) if not c.info.get("volatile")]
    total, row_count = 0, 0
    options = {"yield_per": _BATCH_ROWS}
    for row in conn.execute(select(*columns), execution_options=options):
        text = json.dumps([_plain(value) for value in row], sort_keys=True)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        row_count += 1
    return row_count, f"{total % _MODULUS:064x}"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value + 0.0  # SQLite keeps no minus zero
    return value.isoformat() if isinstance(value, date | datetime) else value


def count_rows(bind: Bind) -> dict[str, int]:
    """Return the number of rows of each table."""
    with reading(bind) as conn:
        return {
            table.name: int(conn.execute(select(func.count()).select_from(table)).scalar_one())
            for table in content_tables()
        }
