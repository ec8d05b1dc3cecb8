"""Declarative base, constraint names and the column marks that the store relies on.

Marks live in ``Column.info``:

- ``audit``: who wrote the row and when; never compared, never in a content digest.
- ``stamp``: the audit column that gets the time of the write.
- ``volatile``: compared and updated, but outside the content digest (latency and the like).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from models.db.column_types import UtcDateTime

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
RUN_ID_COMMENT: Final = "id of the run that wrote or last changed the row"


class Base(DeclarativeBase):
    """Root of all tables; ``Base.metadata`` is the whole schema."""

    metadata = MetaData(naming_convention=NAMING)


class Written:
    """Mixin: the run that wrote the row."""

    run_id: Mapped[str] = mapped_column(
        Text, comment=RUN_ID_COMMENT, info={"audit": True}, sort_order=900
    )


def stamp_column(comment: str) -> Mapped[datetime]:
    """Return the column that holds when the row was written or last changed."""
    return mapped_column(
        UtcDateTime, comment=comment, info={"audit": True, "stamp": True}, sort_order=910
    )


def key_columns(table: Table) -> tuple[Column[Any], ...]:
    """Return the columns of the natural (primary) key."""
    return tuple(table.primary_key.columns)


def content_columns(table: Table) -> tuple[Column[Any], ...]:
    """Return all columns but the audit ones."""
    return tuple(c for c in table.columns if not c.info.get("audit"))


def stamp_name(table: Table) -> str | None:
    """Return the name of the written-at column, if the table has one."""
    return next((c.name for c in table.columns if c.info.get("stamp")), None)
