"""Structured records (JSON, CSV, Parquet rows) to raw items, by a map of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from math import isnan
from typing import Any, Final

from features.errors import SkippableError
from features.types import RawItem

PORTAL_OUTLET = "Wikipedia Current Events"
_PORTAL_IDS = ("wce-", "wrss-")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which fields of a record mean what: the first that is filled counts.

    ``date_format`` is no field but the form of its dates, as ``strptime`` takes it,
    where they could be read in two ways ("%d/%m/%Y").

    Example:
        >>> ColumnMap().merge({"text": "corps"}).text[0]
        'corps'
    """

    text: tuple[str, ...] = ("text", "body", "content", "article", "article_text", "maintext")
    title: tuple[str, ...] = ("title", "headline")
    url: tuple[str, ...] = ("url", "link", "href", "source_url")
    published: tuple[str, ...] = (
        "date",
        "published_at",
        "published",
        "publish_date",
        "date_publish",
        "pubDate",
        "datetime",
        "timestamp",
        "created_at",
    )
    outlet: tuple[str, ...] = ("outlet", "publisher", "source", "source_name", "domain", "site")
    language: tuple[str, ...] = ("language", "lang")
    record_id: tuple[str, ...] = ("id", "guid", "article_id", "uuid")
    date_format: str = ""

    def merge(self, names: Mapping[str, str]) -> ColumnMap:
        """Return the map with some columns named by a user put first."""
        form = names.get("date_format", self.date_format)
        put = {
            field: (name, *getattr(self, field)) for field, name in names.items() if field in FIELDS
        }
        return replace(self, date_format=form, **put)

    def columns(self) -> frozenset[str]:
        """Return every column name that may be read."""
        return frozenset(name for field in FIELDS for name in getattr(self, field))


FIELDS: Final = tuple(item.name for item in fields(ColumnMap) if item.name != "date_format")


def build_item(
    record: Mapping[str, Any],
    origin: str,
    fetched_at: datetime,
    columns: ColumnMap = ColumnMap(),
    outlet: str | None = None,
) -> RawItem:
    """Return one record as a raw item.

    Args:
        record: field name to value.
        origin: where it stands, such as ``path#line 7``.
        fetched_at: when it was read, UTC.
        columns: which field means what.
        outlet: publisher where the record names none.

    Raises:
        SkippableError: ``no_text`` when no text field is there, ``empty``
            when it is blank.
    """
    body = _find(record, columns.text)
    if body is None:
        reason = "empty" if any(name in record for name in columns.text) else "no_text"
        fields = ", ".join(sorted(str(key) for key in record)[:12])
        raise SkippableError(reason, f"expected a text in one of {columns.text}, got: {fields}")
    record_id = _find(record, columns.record_id)
    return RawItem(
        origin=origin,
        kind="record",
        body=body,
        fetched_at=fetched_at,
        url=_find(record, columns.url),
        title=_find(record, columns.title),
        published=_read_date(_find(record, columns.published), columns.date_format),
        outlet=_find(record, columns.outlet) or _outlet_of_sources(record, record_id) or outlet,
        language=_find(record, columns.language),
        record_id=record_id,
    )


def _find(record: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = record.get(name)
        if value is not None and (text := _as_text(value)):
            return text
    return None


def _read_date(text: str | None, form: str) -> str | None:
    """Return a date of a known form as ISO text, one that does not fit as it is."""
    if text is None or not form:
        return text
    try:
        return datetime.strptime(text.strip(), form).isoformat()
    except ValueError:
        return text


def _as_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool) and not isnan(value):
        return str(value)
    if isinstance(value, Mapping):
        return _as_text(value.get("name") or value.get("title") or value.get("url"))
    return None


def _outlet_of_sources(record: Mapping[str, Any], record_id: str | None) -> str | None:
    """Return the first cited outlet of a portal-like record, or the portal's own name."""
    sources = record.get("sources")
    if isinstance(sources, list):
        for source in sources:
            name = source[0] if isinstance(source, list | tuple) and source else source
            if isinstance(name, str) and name.strip("() "):
                return name.strip("() ")
    is_portal = isinstance(sources, list) or (record_id or "").startswith(_PORTAL_IDS)
    return PORTAL_OUTLET if is_portal else None
