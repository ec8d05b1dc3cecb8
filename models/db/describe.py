"""The data dictionary: every table, view and column in words; rights on the views."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Column, Date, Integer, LargeBinary, Table, Text
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
        (LargeBinary, "bytes"),
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


def schema_markdown() -> str:
    """Return the data dictionary as a Markdown page: views first, then tables."""
    parts = [_PREFACE]
    for view in VIEWS.values():
        parts.append(_section(view.table, "view"))
    parts.append("## Tables\n")
    parts += [_section(table, "table") for table in content_tables()]
    return "\n".join(parts)


_PREFACE = """# Schema

Made from the code by `python docs/make_schema.py`; a test compares the two.

Days are UTC. Moments are UTC: `timestamptz` in PostgreSQL, ISO text without offset in
SQLite. JSON is kept as text with sorted keys. Every table also knows the run that wrote
a row (`run_id`) and when; a row whose content did not change keeps both.

## Views
"""


def _section(table: Table, kind: str) -> str:
    lines = [f"### {table.name}", "", f"{(table.comment or '').rstrip('.')}.", ""]
    lines += ["| column | type | meaning |", "|---|---|---|"]
    for column in table.columns:
        row = _describe(table, kind, column)
        name = f"**{row['column']}**" if row["is_key"] else row["column"]
        optional = ", may be empty" if kind == "table" and row["is_nullable"] else ""
        lines.append(f"| {name} | {row['type']}{optional} | {row['comment']} |")
    lines += [""]
    for key in sorted(table.foreign_key_constraints, key=lambda item: item.referred_table.name):
        names = ", ".join(column.name for column in key.columns)
        lines += [f"Refers to `{key.referred_table.name}` by {names}.", ""]
    return "\n".join(lines)
