"""Column types that read back the same value on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from features.errors import DataError

# PostgreSQL reads no NUL inside JSON; an even run of backslashes before it is text.
_ESCAPED_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware going in, aware (UTC) coming out.

    SQLite keeps it as ISO text without an offset, PostgreSQL as ``timestamptz``.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; a naive one is refused.

        Raises:
            DataError: the value has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise DataError(
                f"expected a datetime with a time zone, got {value!r}; attach one, such as UTC"
            )
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment as an aware UTC datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text with sorted keys, so that equal values are equal text.

    A ``str`` going in is taken as JSON already written and is normalised.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return canonical JSON text.

        Raises:
            DataError: a string is not JSON, or the value holds what JSON cannot.
        """
        if value is None:
            return None
        try:
            parsed = json.loads(value) if isinstance(value, str) else value
            text = json.dumps(parsed, sort_keys=True, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as err:
            raise DataError(f"expected a JSON value, got {value!r:.200}: {err}") from err
        if "\\u0000" in text:
            text = _ESCAPED_NUL.sub("\\1\ufffd", text)
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the parsed JSON value."""
        return None if value is None else json.loads(value)


class WordList(TypeDecorator[tuple[str, ...]]):
    """Short codes kept as one text, joined by a separator; comes back as a tuple.

    Args:
        separator: the sign between two codes; no code may hold it.
    """

    impl = Text
    cache_ok = True

    def __init__(self, separator: str) -> None:
        super().__init__()
        self.separator = separator

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        """Return the codes joined; text is taken as joined already."""
        if value is None or isinstance(value, str):
            return value
        return self.separator.join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Return the codes as a tuple."""
        if value is None:
            return None
        return tuple(word for word in value.split(self.separator) if word)
