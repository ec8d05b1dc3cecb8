"""The data dictionary: every table, view and column in words; rights on the views."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Column, Date, Integer, Table, Text
from sqlalchemy.types import Boolean, Float, TypeEngine

from features.errors import ConfigError
from models.db.column_types import JsonText, UtcDateTime, WordList
from models.db.digest import content_tables
from models.db.views import VIEWS

Record = dict[str, Any]


def describe_columns() -> list[Record]:
    """Return one dict a column: relation, kind, column, type, is_key, is_nullable, comment.

    Example:
        >>> describe_columns()[0]["kind"]
        'view'
    """
    views = [
        _describe(view.table, "view", column)
        for view in VIEWS.values()
        for column in view.table.columns
    ]
    tables = [
        _describe(table, "table", column) for table in content_tables() for column in table.columns
    ]
    return views + tables


def _describe(table: Table, kind: str, column: Column[Any]) -> Record:
    return {
        "relation": table.name,
        "kind": kind,
        "column": column.name,
        "type": _type_word(column.type),
        "is_key": bool(column.primary_key),
        "is_nullable": kind == "view" or bool(column.nullable),
        "comment": column.comment or "",
    }


def _type_word(kind: TypeEngine[Any]) -> str:
    words: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
        (UtcDateTime, "datetime (UTC)"),
        (JsonText, "JSON text"),
        (WordList, "text list"),
        (Boolean, "boolean"),
        (Integer, "integer"),
        (Float, "float"),
        (Date, "date"),
        (Text, "text"),
    )
    return next((word for base, word in words if isinstance(kind, base)), str(kind))


def view_grants(role: str) -> list[str]:
    """Return the PostgreSQL statements that let a role read the views and nothing else.

    Raises:
        ConfigError: the role is not a plain lower-case name.

    Example:
        >>> view_grants("analyst")[0]
        'GRANT USAGE ON SCHEMA public TO analyst'
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise ConfigError(f"expected a plain lower-case role name, got {role!r}")
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        *[f"GRANT SELECT ON {name} TO {role}" for name in VIEWS],
    ]
