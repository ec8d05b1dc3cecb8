"""Writing and reading refused items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select, update

from features.types import Reject
from models.db.convert import reject_row
from models.db.query import Record, chunked, equal_to, fetch, select_all
from models.db.session import Bind, reading, writing
from models.db.tables import RAW_REJECT
from models.db.upsert import upsert_rows


def upsert_rejects(bind: Bind, rejects: Iterable[Reject | Mapping[str, Any]], run_id: str) -> int:
    """Return how many refused items are new or changed."""
    rows = [reject_row(r) if isinstance(r, Reject) else r for r in rejects]
    return upsert_rows(bind, RAW_REJECT, rows, run_id)


def read_rejects(
    bind: Bind,
    *,
    reason: str | None = None,
    source_id: str | None = None,
    is_resolved: bool | None = None,
    run_id: str | None = None,
) -> list[Record]:
    """Return refused items as dicts, ordered by id."""
    conditions = equal_to(
        RAW_REJECT, reason=reason, source_id=source_id, is_resolved=is_resolved, run_id=run_id
    )
    return fetch(bind, select_all(RAW_REJECT, conditions))


def resolve_rejects(bind: Bind, reject_ids: Iterable[str], run_id: str) -> int:
    """Return how many refused items were marked as accepted after all."""
    column = RAW_REJECT.columns
    change = update(RAW_REJECT).values(is_resolved=True, run_id=run_id)
    with writing(bind) as conn:
        return sum(
            conn.execute(
                change.where(column.reject_id.in_(chunk), column.is_resolved.is_(False))
            ).rowcount
            for chunk in chunked(reject_ids)
        )


def count_rejects(bind: Bind) -> dict[str, int]:
    """Return the number of open refused items by reason."""
    column = RAW_REJECT.columns
    query = select(column.reason, func.count()).where(column.is_resolved.is_(False))
    with reading(bind) as conn:
        rows = conn.execute(query.group_by(column.reason).order_by(column.reason)).all()
    return {str(reason): int(count) for reason, count in rows}
