"""Event tables coded by others into the store, with an extractor version of their own.

Their events are never mixed with those of the user's text: another ``corpus``,
another ``extractor_version``.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from features.coded import day_volume_of_events, dyad_days_of_events
from features.coded_rows import CodedEvent, parse_gdelt_row, parse_icews_row
from features.errors import ConfigError, SkippableError
from features.identity import describe_reject, hash_text
from features.ontology import EVENT_FAMILY, QUAD_CLASS, plover_of_cameo
from features.types import Dyad, Reject
from flows.sources.files import list_files
from flows.sources.lines import read_lines
from flows.sources.streams import StreamLimits, open_stream
from models.db import store
from models.db.session import writing

log = logging.getLogger(__name__)

BATCH_ROWS = 5_000
_STATE_SECTORS = ("GOV", "MIL")


@dataclass(frozen=True, slots=True)
class EventTable:
    """How one kind of table is read: stream, version, row parser, header mark."""

    corpus: str
    extractor_version: str
    parse: Callable[[Sequence[str]], CodedEvent]
    header: str


EVENT_TABLES = {
    "gdelt-2.0": EventTable("gdelt", "gdelt-2.0", parse_gdelt_row, "GLOBALEVENTID\t"),
    "gdelt-1.0": EventTable("gdelt", "gdelt-1.0", parse_gdelt_row, "GLOBALEVENTID\t"),
    "icews": EventTable("icews", "icews", parse_icews_row, "Event ID\t"),
}


@dataclass
class EventReport:
    """What one load did.

    Args:
        read: rows.
        events: events new or changed in the store.
        not_dyadic: rows without two different countries that we know.
        statements: rows of CAMEO root 01, which stand for no PLOVER event.
        rejected: refused rows by reason.
        day_count: days whose pair counts were rebuilt.
    """

    read: int = 0
    events: int = 0
    not_dyadic: int = 0
    statements: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    day_count: int = 0


def find_table(kind: str) -> EventTable:
    """Return how a kind of table is read.

    Raises:
        ConfigError: the kind is not known.
    """
    if kind not in EVENT_TABLES:
        raise ConfigError(f"expected one of {sorted(EVENT_TABLES)}, got {kind!r}")
    return EVENT_TABLES[kind]


def ingest_events(engine: Engine, paths: Sequence[Path], kind: str, run_id: str) -> EventReport:
    """Load event tables into ``core_event`` and count their days anew.

    Args:
        engine: the store.
        paths: files, folders or glob patterns, also compressed.
        kind: one of ``EVENT_TABLES``.
        run_id: the run that writes.

    Raises:
        ConfigError: the kind is not known.
    """
    table = find_table(kind)
    report = EventReport()
    days: set[date] = set()
    rows = (row for path in paths for file in list_files(path) for row in read_events(file, table))
    while batch := list(islice(rows, BATCH_ROWS)):
        days |= _store_batch(engine, batch, table, run_id, report)
        log.debug("events: %s", report)
    report.day_count = len(days)
    _count_days(engine, sorted(days), table, run_id)
    return report


def read_events(path: Path, table: EventTable) -> Iterator[CodedEvent | Reject]:
    """Yield the events of one file; a row that does not fit is refused with its line number."""
    origin, limits = path.as_posix(), StreamLimits()
    try:
        with open_stream(path, limits) as stream:
            for number, line in read_lines(stream, limits.line_bytes):
                found = _read_line(line, f"{origin}#line {number}", table)
                if found is not None:
                    yield found
    except SkippableError as err:
        yield describe_reject(origin, err.reason, str(err), path.name)


def _read_line(line: bytes | None, place: str, table: EventTable) -> CodedEvent | Reject | None:
    if line is None:
        return describe_reject(place, "too_long", "the line is far too long for an event")
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    if not text or text.startswith(table.header):
        return None
    try:
        return table.parse(text.split("\t"))
    except SkippableError as err:
        clean = text.replace("\x00", "")[:300]
        return describe_reject(place, err.reason, str(err), clean, hash_text(text))


def _store_batch(
    engine: Engine,
    batch: Sequence[CodedEvent | Reject],
    table: EventTable,
    run_id: str,
    report: EventReport,
) -> set[date]:
    rejects = [item for item in batch if isinstance(item, Reject)]
    rows: list[dict[str, Any]] = []
    for item in batch:
        if isinstance(item, CodedEvent):
            row = _event_row(item, table)
            report.not_dyadic += not item.is_dyadic
            report.statements += item.is_dyadic and row is None
            rows += [row] if row is not None else []
    with writing(engine) as conn:
        report.events += store.upsert_events(conn, rows, run_id)
        store.upsert_rejects(conn, rejects, run_id)
    report.read += len(batch)
    report.rejected.update(item.reason for item in rejects)
    return {row["day"] for row in rows}


def _event_row(event: CodedEvent, table: EventTable) -> dict[str, Any] | None:
    plover = plover_of_cameo(event.cameo_code)
    source, target = event.source_iso3, event.target_iso3
    if plover is None or source is None or target is None or source == target:
        return None
    article_id = f"{table.corpus}:{event.event_key}"
    return {
        "event_id": hash_text("coded", table.extractor_version, event.event_key),
        "article_id": article_id,
        "story_id": f"{table.corpus}:{event.story_key}",
        "corpus": table.corpus,
        "extractor_version": table.extractor_version,
        "day": event.published_at.date(),
        "published_at": event.published_at,
        "event_date": event.event_date,
        "dyad": str(Dyad.of(source, target)),
        "source_iso3": source,
        "target_iso3": target,
        "source_actor": event.source_actor,
        "target_actor": event.target_actor,
        "source_sector": event.source_sector,
        "target_sector": event.target_sector,
        "plover_event": plover,
        "cameo_code": event.cameo_code,
        "quad_class": QUAD_CLASS[plover],
        "goldstein": event.goldstein,
        "families": (EVENT_FAMILY[plover],),
        "modality": "asserted",
        "confidence": 1.0,
        "trigger": "",
        "direction": "given by the table",
        "sentence_index": event.sentence_index,
        "sentence": event.told,
        "sentence_start": 0,
        "sentence_end": len(event.told),
    }


def _count_days(engine: Engine, days: Sequence[date], table: EventTable, run_id: str) -> None:
    """Rebuild the pair counts and volumes of whole days from the stored events."""
    common = {"extractor_version": table.extractor_version, "corpus": table.corpus}
    for day in days:
        until = date.fromordinal(day.toordinal() + 1)
        events = store.read_events(engine, since=day, until=until, **common)
        frame = _as_frame(events)
        counts = dyad_days_of_events(frame).to_dict("records")
        rows = [{**row, "day": day, **common} for row in counts]
        volume = day_volume_of_events(frame).to_dict("records")[0]
        with writing(engine) as conn:
            store.replace_dyad_days(
                conn, [day], table.extractor_version, table.corpus, rows, run_id
            )
            store.upsert_day_volumes(conn, [{**volume, "day": day, **common}], run_id)


def _as_frame(events: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return stored events as the table that ``features.coded`` reads, one a story and act."""
    frame = pd.DataFrame(events)
    keys = ["story_id", "source_iso3", "target_iso3", "plover_event"]
    frame = frame.sort_values("event_id").drop_duplicates(keys)
    return pd.DataFrame(
        {
            "date": frame["day"],
            "source_iso3": frame["source_iso3"],
            "target_iso3": frame["target_iso3"],
            "cameo_code": frame["cameo_code"],
            "goldstein": frame["goldstein"],
            "source_is_state": frame["source_sector"].isin(_STATE_SECTORS),
            "target_is_state": frame["target_sector"].isin(_STATE_SECTORS),
        }
    )
