"""Remembering which batches of file items are stored, so that a second pass is quick."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from models.db.session import Bind, reading, writing
from models.db.tables import META_BATCH
from models.db.upsert import upsert_rows


def read_batch(bind: Bind, batch_hash: str) -> dict[str, int] | None:
    """Return the refusals by reason of a batch stored before, None for a new one."""
    column = META_BATCH.columns
    query = select(column.counts).where(column.batch_hash == batch_hash)
    with reading(bind) as conn:
        counts: dict[str, int] | None = conn.execute(query).scalar_one_or_none()
    return counts


def remember_batch(
    bind: Bind, batch_hash: str, item_count: int, counts: Mapping[str, int], run_id: str
) -> None:
    """Store that a batch has been stored."""
    row = {"batch_hash": batch_hash, "item_count": item_count, "counts": dict(counts)}
    upsert_rows(bind, META_BATCH, [row], run_id)


def forget_batches(bind: Bind) -> int:
    """Return how many batches were forgotten; the next pass cleans everything anew."""
    with writing(bind) as conn:
        return conn.execute(delete(META_BATCH)).rowcount
