"""Text to events without a database: JSONL in, one line an event out.

This is how others measure the text stage.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from features.errors import SkippableError
from features.events import TextStage, code_articles
from features.types import Article, Event
from flows.settings import Settings
from flows.textstage import text_stage

log = logging.getLogger(__name__)

_FIELDS = (
    "sentence",
    "start",
    "end",
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
_EXPLAINED = ("source_sector", "target_sector", "trigger", "direction")


@dataclass
class CodeReport:
    """What one coding did: texts read, lines refused, events written."""

    read: int = 0
    refused: int = 0
    event_count: int = 0


def code_file(
    settings: Settings, source: Path, target: Path, *, explain: bool = False
) -> CodeReport:
    """Code the texts of a JSONL file into a JSONL file of events.

    A line that cannot be used is named on stderr with its number and left out.

    Args:
        settings: which parser and threshold to use.
        source: lines of ``{id, date, text[, title]}``; the date as YYYY-MM-DD.
        target: lines of ``{id, sentence, start, end, source_iso3, ...}``.
        explain: add sectors, trigger and the syntactic route of each event.
    """
    report = CodeReport()
    fields = _FIELDS + (_EXPLAINED if explain else ())
    with source.open("rb") as lines, target.open("wb") as out:
        for event in _events(lines, text_stage(settings), report):
            row = {"id": event.article_id} | {name: getattr(event, name) for name in fields}
            out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            report.event_count += 1
    return report


def _events(lines: Any, stage: TextStage, report: CodeReport) -> Iterator[Event]:
    for extraction in code_articles(_articles(lines, report), stage):
        yield from extraction.events


def _articles(lines: Any, report: CodeReport) -> Iterator[Article]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        report.read += 1
        try:
            yield read_text(line)
        except SkippableError as err:
            report.refused += 1
            log.warning("line %d refused: %s", number, err)


def read_text(line: bytes) -> Article:
    """Return the article of one line.

    Raises:
        SkippableError: the line is no JSON object with id, date and text.
    """
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as err:
        raise SkippableError("not_json", f"expected a JSON object, got {line[:60]!r}") from err
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise SkippableError("fields", f"expected id, date and text, got {line[:60]!r}")
    own = str(row["id"])
    title = row.get("title")
    return Article(
        article_id=own,
        url=None,
        outlet="",
        title=title if isinstance(title, str) else "",
        text=row["text"],
        published_at=_read_date(row.get("date")),
        date_origin="feed",
        language="en",
        content_hash=own,
        story_id=own,
        origin=own,
    )


def _read_date(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as err:
        raise SkippableError("date", f"expected a date as YYYY-MM-DD, got {value!r}") from err
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
