"""Commands ``sources list|check|add`` and ``ingest``: progress on stderr, data on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import orjson
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from features.errors import ConfigError
from flows.cli_options import DbUrl, Json, day_option
from flows.settings import Settings, load_settings, put_in_force
from flows.sources.catalog import KINDS, Source, add_source, load_sources

if TYPE_CHECKING:
    from flows.ingest_commands import Job

sources_app = App(name="sources", help="The news sources: list, check and add them.")


def mount(app: App) -> None:
    """Add the commands of this module to the program."""
    app.command(sources_app)
    app.command(ingest)


_LISTED = ("id", "outlet", "country", "kind", "state", "articles", "last article")


@sources_app.command(name="list")
def list_sources(*, db: DbUrl = None, json: Json = False) -> int:
    """Print the sources in force and, where the database knows them, how they fare."""
    settings = _settings(db)
    states = _read_states(settings)
    rows = [_describe(source, states.get(source.id)) for source in _sources(settings)]
    _print_rows(
        rows, json, ("id", "outlet", "country", "kind", "state", "articles", "last article")
    )
    return 0


@sources_app.command(name="check")
def check_sources(*names: str, json: Json = False) -> int:
    """Fetch each source (or those named) once, store nothing, and say what answered."""
    from flows.ingest_sources import http_params, look_at_all
    from flows.sources.collect import LookContext
    from flows.sources.http import Fetcher

    settings = load_settings()
    chosen = [_without_pages(s) for s in _sources(settings) if not names or s.id in names]
    if missing := sorted(set(names) - {s.id for s in chosen}):
        raise ConfigError(f"no source {missing[0]!r}; `dyadrisk sources list` shows all")
    rows = []
    with Fetcher(http_params(settings)) as fetcher:
        context = LookContext(fetcher, datetime.now(UTC), lambda ids: {})
        for source, look in look_at_all(chosen, {}, context):
            answer = look.fault or f"{sum(1 for _ in look.take())} items"
            newest = f"{look.newest_at:%Y-%m-%d %H:%M}" if look.newest_at else ""
            rows.append(
                {"id": source.id, "ok": look.fault is None, "seconds": look.seconds}
                | {"newest": newest, "answer": answer}
            )
            print(f"{source.id}: {answer}", file=sys.stderr)
    rows.sort(key=lambda row: str(row["id"]))
    _print_rows(rows, json, ("id", "ok", "seconds", "newest", "answer"))
    return 0 if any(row["ok"] for row in rows) else 1


@Parameter(name="*")
@dataclass
class NewSource:
    """What is said of a source to be added."""

    outlet: Annotated[str, Parameter(help="Publisher.")]
    kind: Annotated[str, Parameter(help="One of: " + ", ".join(KINDS))] = "rss"
    country: Annotated[str | None, Parameter(help="ISO 3166-1 alpha-3 code.")] = None
    language: Annotated[str, Parameter(help="Main language code.")] = "en"
    licence: Annotated[str, Parameter(help="What the publisher allows.")] = ""


@sources_app.command(name="add")
def add(
    source_id: str,
    url: str,
    *,
    said: NewSource,
    file: Annotated[Path | None, Parameter(help="TOML file; default: the setting.")] = None,
) -> int:
    """Append a source to the sources file."""
    path = file or load_settings().sources_file
    if path is None:
        raise ConfigError(
            "expected --file, or the setting sources_file, to name the TOML file to add to"
        )
    source = Source(
        source_id,
        said.outlet,
        url,
        kind=said.kind,
        country_iso3=said.country,
        language=said.language,
        licence=said.licence,
    )
    add_source(path, source)
    print(f"{source_id} added to {path}", file=sys.stderr)
    return 0


@Parameter(name="*")
@dataclass
class WhatToTakeIn:
    """What ``ingest`` reads."""

    articles: Annotated[
        tuple[Path, ...], Parameter(help="File, folder or glob pattern; may be repeated.")
    ] = ()
    events: Annotated[
        str | None, Parameter(help="The files are event tables: gdelt-2.0, gdelt-1.0 or icews.")
    ] = None
    urls: Annotated[
        tuple[Path, ...],
        Parameter(
            help="List of article addresses (GDELT GKG, mentions or events, or one a line), whose"
            " pages are read; may be repeated."
        ),
    ] = ()
    fetch: Annotated[bool, Parameter(negative="", help="Look at the sources that are due.")] = False
    force: Annotated[
        bool, Parameter(negative="", help="Look also at sources that are not due.")
    ] = False
    retry_rejects: Annotated[
        bool, Parameter(negative="", help="Read refused items again from where they came.")
    ] = False
    reason: Annotated[
        str | None, Parameter(help="With --retry-rejects: only those refused for this reason.")
    ] = None
    since: Annotated[date | None, day_option("--from", "First day of publication.")] = None
    until: Annotated[date | None, day_option("--to", "Last day of publication.")] = None
    again: Annotated[bool, Parameter(negative="", help="Clean also what was stored before.")] = (
        False
    )


def ingest(*, what: WhatToTakeIn | None = None, db: DbUrl = None, json: Json = False) -> int:
    """Take news in without scoring: files, lists, event tables, sources, refused items again.

    A killed ingest is run again with the same arguments: what is stored is skipped.
    """
    what = what or WhatToTakeIn()
    settings = _settings(db)
    if not (what.articles or what.urls or what.fetch or what.retry_rejects):
        raise ConfigError(
            "expected --articles, --urls, --fetch or --retry-rejects: nothing to take in"
        )
    if what.events is not None and not what.articles:
        raise ConfigError("expected --articles to name the event tables")
    from flows import ingest_commands as commands

    job = commands.Job(settings, f"ingest-{uuid4().hex[:12]}", datetime.now(UTC))
    with _bar() as bar:
        found = _take_in(what, job, bar)
    job.engine.dispose()
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() if json else _sum_up(found))
    return 1 if commands.is_all_refused(found) else 0


def _take_in(what: WhatToTakeIn, job: Job, bar: Progress) -> dict[str, Any]:
    from flows import ingest_commands as commands

    found: dict[str, Any] = {}
    days = (what.since, what.until)
    if what.events is not None:
        found["events"] = commands.load_events(job, what.articles, what.events)
    elif what.articles:
        found["articles"] = commands.load_articles(job, what.articles, days, what.again, bar)
    if what.urls:
        found["urls"] = commands.load_urls(job, what.urls, days, bar)
    if what.fetch:
        sources = _sources(job.settings)
        found["sources"] = commands.look_at_sources(job, sources, what.force, bar)
    if what.retry_rejects:
        found["retried"] = commands.retry(job, what.reason)
    return found


def _settings(db: str | None) -> Settings:
    return load_settings() if db is None else put_in_force("db_url", db)


def _sources(settings: Settings) -> tuple[Source, ...]:
    return load_sources(settings.sources_file)


def _without_pages(source: Source) -> Source:
    return replace(source, pages=False)


def _read_states(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the stored rows by source id; none when there is no database yet."""
    from features.errors import FatalError
    from models.db import store

    try:
        engine = store.open_store(settings.database_url, read_only=True)
    except FatalError:
        return {}
    try:
        return {row["source_id"]: row for row in store.read_sources(engine)}
    finally:
        engine.dispose()


def _describe(source: Source, row: dict[str, Any] | None) -> dict[str, Any]:
    from flows.sources.health import judge_source

    newest = row["last_article_at"] if row else None
    return {
        "id": source.id,
        "outlet": source.outlet,
        "country": source.country_iso3 or "",
        "kind": source.kind,
        "state": judge_source(row, datetime.now(UTC)) if row else "never read",
        "articles": row["article_count"] if row else 0,
        "last article": f"{newest:%Y-%m-%d %H:%M}" if newest else "",
        "url": source.url,
        "licence": source.licence,
    }


def _print_rows(rows: Sequence[dict[str, Any]], as_json: bool, columns: Sequence[str]) -> None:
    if as_json:
        print(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(str(row[name]) for name in columns))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@contextmanager
def _bar() -> Iterator[Progress]:
    """Yield a progress bar on stderr, silent where that is no terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        yield bar


def _sum_up(found: dict[str, Any]) -> str:
    """Return a line for each part of what was taken in, and where the refusals stand."""
    lines = [f"{part}: {_describe_counts(counts)}" for part, counts in found.items()]
    if any(counts.get("rejected") or counts.get("still_refused") for counts in found.values()):
        lines.append("what was refused and why stands in the table raw_reject")
    return "\n".join(lines)


def _describe_counts(counts: dict[str, Any]) -> str:
    shown = []
    for name, value in counts.items():
        words = name.replace("_", " ")
        if isinstance(value, dict) and value:
            inner = ", ".join(f"{key}: {said}" for key, said in sorted(value.items()))
            total = sum(value.values()) if name != "source_failures" else len(value)
            shown.append(f"{total} {words} ({inner})")
        elif value or name in ("read", "tried"):
            shown.append(f"{value} {words}")
    return ", ".join(shown)
