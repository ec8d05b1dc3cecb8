"""The list of news sources: a TOML file, the shipped one or the user's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from features.errors import ConfigError
from features.identity import canonicalize_url
from flows.sources.records import FIELDS

# Kinds whose address may also be a path or glob pattern on this machine.
LOCAL_KINDS = ("files", "gdelt-gkg", "gdelt-mentions")
KINDS = ("rss", "sitemap", "page", "files", "gdelt-gkg", "gdelt-mentions")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")


@dataclass(frozen=True, slots=True)
class Source:
    """One place that news comes from.

    Args:
        id: short name, lower case with dashes.
        outlet: publisher.
        url: address; for ``LOCAL_KINDS`` also a path or glob pattern.
        kind: how it is read, one of ``KINDS``.
        country_iso3: country of the publisher.
        language: main language code.
        every_hours: least time between two looks.
        pages: whether the page behind each link is read.
        max_pages: pages read in one look.
        licence: what the publisher allows.
        is_enabled: whether daily runs read it.
        columns: for ``files``, which column means what.
    """

    id: str
    outlet: str
    url: str
    kind: str = "rss"
    country_iso3: str | None = None
    language: str = "en"
    every_hours: float = 1.0
    pages: bool = True
    max_pages: int = 50
    licence: str = ""
    is_enabled: bool = True
    columns: tuple[tuple[str, str], ...] = ()


def shipped_sources() -> Path:
    """Return the file of sources that comes with the program."""
    return Path(str(resources.files("flows.sources") / "sources.toml"))


def load_sources(path: Path | None = None) -> tuple[Source, ...]:
    """Return the sources of a TOML file, by default the shipped one.

    Raises:
        ConfigError: the file cannot be read, or an entry is wrong.
    """
    path = path or shipped_sources()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as err:
        raise ConfigError(f"cannot read the sources file {str(path)!r}: {err.strerror}") from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path.name} is not valid TOML: {err}") from err
    entries = data.get("source", [])
    if not isinstance(entries, list) or not entries:
        raise ConfigError(f"expected [[source]] entries in {path.name}, found none")
    sources = tuple(parse_source(entry) for entry in entries)
    _check_unique(sources, path.name)
    return sources


def _check_unique(sources: tuple[Source, ...], name: str) -> None:
    for label, values in (("id", [s.id for s in sources]), ("url", [s.url for s in sources])):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ConfigError(f"{name} has more than one source with {label} {twice[0]!r}")


def parse_source(entry: Mapping[str, Any]) -> Source:
    """Return one checked source.

    Raises:
        ConfigError: a field is missing, unknown or out of range.
    """
    if not isinstance(entry, Mapping):
        raise ConfigError(f"expected a table for each source, got {entry!r}")
    name = str(entry.get("id", "?"))
    known = {item.name for item in fields(Source)}
    unknown = sorted(set(entry) - known)
    missing = sorted({"id", "outlet", "url"} - set(entry))
    if unknown or missing:
        raise ConfigError(
            f"source {name!r}: missing fields {missing}, unknown fields {unknown};"
            f" known are {sorted(known)}"
        )
    columns = entry.get("columns", {})
    if not isinstance(columns, Mapping):
        raise ConfigError(f"source {name!r}: expected a table of columns, got {columns!r}")
    if strange := sorted(set(columns) - {*FIELDS, "date_format"}):
        raise ConfigError(
            f"source {name!r}: unknown columns {strange}; known are {[*FIELDS, 'date_format']}"
        )
    pairs = tuple((str(key), str(value)) for key, value in columns.items())
    source = Source(**{**entry, "columns": pairs})
    _check_source(source)
    return source


def _check_source(source: Source) -> None:
    problems = {
        "id": isinstance(source.id, str) and _ID.fullmatch(source.id) is not None,
        "outlet": isinstance(source.outlet, str) and bool(source.outlet.strip()),
        "kind": source.kind in KINDS,
        "url": isinstance(source.url, str)
        and (_is_local(source) or canonicalize_url(source.url) is not None),
        "country_iso3": source.country_iso3 is None
        or re.fullmatch(r"[A-Z]{3}", str(source.country_iso3)) is not None,
        "every_hours": isinstance(source.every_hours, int | float) and source.every_hours > 0,
        "max_pages": isinstance(source.max_pages, int) and source.max_pages >= 0,
    }
    for field, is_sound in problems.items():
        if not is_sound:
            raise ConfigError(f"source {source.id!r}: wrong {field}: {getattr(source, field)!r}")


def is_web(url: str) -> bool:
    """Return whether an address is one of the web, and no path on this machine.

    Example:
        >>> is_web("https://a.example/rss"), is_web("lists/day.gkg.csv")
        (True, False)
    """
    return "://" in url


def _is_local(source: Source) -> bool:
    return source.kind in LOCAL_KINDS and bool(source.url.strip()) and not is_web(source.url)


def format_source(source: Source) -> str:
    """Return a source as a TOML entry.

    Example:
        >>> print(format_source(Source("a-b", "A", "https://a.example/rss")).splitlines()[1])
        id = "a-b"
    """
    lines = ["[[source]]"]
    for item in fields(Source):
        value = getattr(source, item.name)
        if item.name != "columns" and value != item.default and value is not None:
            lines.append(f"{item.name} = {_format_value(value)}")
    if source.columns:
        inner = ", ".join(f"{key} = {_format_value(value)}" for key, value in source.columns)
        lines.append(f"columns = {{ {inner} }}")
    return "\n".join(lines) + "\n"


def _format_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\n", "\\n") + '"'
    return str(value)


def add_source(path: Path, source: Source) -> None:
    """Append a source to a TOML file, which is created where it is missing.

    Raises:
        ConfigError: the entry is wrong, or its id or url is taken.
    """
    _check_source(source)
    known = load_sources(path) if path.exists() else ()
    _check_unique((*known, source), path.name)
    text = path.read_text("utf-8").rstrip() + "\n\n" if path.exists() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + format_source(source), "utf-8")
