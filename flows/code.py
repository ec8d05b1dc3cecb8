"""Text to events without a database: JSONL in, one event a line out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from features.errors import ConfigError, DataError, SkippableError
from features.events import EventDetail, Extraction, code_articles
from features.identity import hash_text
from features.types import Article, Event
from flows.code_html import CodePage
from flows.settings import Settings
from flows.text import plain
from flows.textstage import text_stage

log = logging.getLogger(__name__)

EVENT_FIELDS = (
    "source_iso3",
    "target_iso3",
    "source_actor",
    "target_actor",
    "plover_event",
    "quad_class",
    "families",
    "modality",
    "goldstein",
    "confidence",
)
_SHOWN_CHARS = 80


@dataclass
class CodeReport:
    """What one file held: lines read, lines refused, events written."""

    read: int = 0
    refused: int = 0
    event_count: int = 0


def code_file(
    settings: Settings,
    source: Path,
    target: Path,
    *,
    explain: bool = False,
    page: Path | None = None,
) -> CodeReport:
    """Code a JSONL file of texts and write its events; bad lines are told and left out.

    Args:
        settings: parser, threshold and the longest text that is accepted.
        source: JSONL of ``{id, date, text[, title]}``.
        target: JSONL to write; is overwritten.
        explain: add actors, trigger, path and class probabilities to each event.
        page: HTML file to draw actors and parses into; is overwritten.

    Returns:
        How many lines were read and refused, and how many events were written.

    Raises:
        ConfigError: both paths are one file.
        DataError: the input cannot be read or the output cannot be written.
    """
    if target.exists() and source.samefile(target):
        raise ConfigError(f"expected two different files, got {str(source)!r} twice")
    report, drawn, stage = CodeReport(), CodePage(), text_stage(settings)
    try:
        with source.open("rb") as lines, target.open("wb") as out:
            articles = _read_articles(lines, report, settings.max_article_chars)
            for extraction in code_articles(articles, stage):
                _write_events(out, extraction, report, explain=explain)
                if page is not None:
                    drawn.add(extraction)
        if page is not None:
            drawn.write(page, stage.nlp)
    except OSError as err:
        raise DataError(f"cannot code {str(source)!r} into {str(target)!r}: {err}") from err
    return report


def _read_articles(lines: BinaryIO, report: CodeReport, max_chars: int) -> Iterator[Article]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        report.read += 1
        try:
            yield parse_line(line, max_chars)
        except SkippableError as err:
            report.refused += 1
            log.warning("line %d refused, %s: %s", number, err.reason, err)


def parse_line(line: bytes, max_chars: int) -> Article:
    """Return the article of one JSONL line, its text untouched so that offsets hold.

    Raises:
        SkippableError: the line is no JSON object, lacks a field, or is too long.
    """
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as err:
        raise SkippableError("json", f"expected a JSON object, got {plain(str(err))}") from err
    if not isinstance(row, dict):
        raise SkippableError("json", f"expected a JSON object, got {type(row).__name__}")
    own = _field(row, "id")
    text, title = _field(row, "text"), _field(row, "title") if row.get("title") else ""
    if len(text) + len(title) > max_chars:
        raise SkippableError("too-long", f"expected at most {max_chars} characters")
    published = _parse_day(_field(row, "date"))
    digest = hash_text(title, text)
    return Article(own, None, "", title, text, published, "feed", "en", digest, own, own)


def _field(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if name == "id" and isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        shown = plain(repr(value), _SHOWN_CHARS)
        raise SkippableError("field", f"expected text in {name!r}, got {shown}")
    return value


def _parse_day(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as err:
        shown = plain(text, _SHOWN_CHARS)
        raise SkippableError("date", f"expected a date such as 2026-01-09, got {shown!r}") from err
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _write_events(
    out: BinaryIO, extraction: Extraction, report: CodeReport, *, explain: bool
) -> None:
    for event, detail in zip(extraction.events, extraction.details, strict=True):
        row = _event_row(event) | (_explanation(event, detail) if explain else {})
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        report.event_count += 1


def _event_row(event: Event) -> dict[str, Any]:
    place = {
        "id": event.article_id,
        "sentence": event.sentence,
        "start": event.start,
        "end": event.end,
    }
    return place | {name: getattr(event, name) for name in EVENT_FIELDS}


def _explanation(event: Event, detail: EventDetail) -> dict[str, Any]:
    actors = [
        {
            "text": actor.text,
            "iso3": actor.iso3,
            "kind": actor.kind,
            "sector": actor.sector,
            "start": actor.start,
            "end": actor.end,
        }
        for actor in detail.actors
    ]
    return {
        "actors": actors,
        "source_sector": event.source_sector,
        "target_sector": event.target_sector,
        "trigger": event.trigger,
        "path": event.direction,
        "is_explicit": detail.is_explicit,
        "probs": detail.probs,
    }
