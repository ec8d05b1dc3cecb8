"""Run the text stage over a portal corpus and write the daily pair history.

    python -m bench.portal_history --corpus wiki_current_events.jsonl.gz --out DIR

Writes ``portal_dyad_days.parquet`` and ``portal_day_volume.parquet``: figures only,
no sentence. Each entry of the portal counts as one story. Public origin: Wikipedia
Current Events portal, CC BY-SA 4.0.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, date, datetime
from datetime import time as day_time
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.actors import load_gazetteer
from features.aggregate import aggregate_day
from features.events import Extraction, TextStage, code_articles
from features.identity import hash_text
from features.nlp import build_nlp
from features.registry import DYAD_DAY_COLUMNS, GOLDSTEIN_COLUMNS
from features.types import Article
from models.coder.artifact import load_coder
from models.coder.rows import Entry, read_corpus

DAYS_NAME, VOLUME_NAME = "portal_dyad_days.parquet", "portal_day_volume.parquet"
SHARD_ENTRIES = 4_000
Coded = tuple[date, tuple[str, ...], list[dict[str, Any]]]


@cache
def _stage(min_prob: float) -> TextStage:
    return TextStage(build_nlp(), load_gazetteer(), load_coder(), min_prob)


def to_article(entry: Entry) -> Article:
    """Return one portal entry as an article of its day."""
    published = datetime.combine(entry.day, day_time(12), UTC)
    digest = hash_text(entry.text)
    own = entry.entry_id
    return Article(own, None, "portal", "", entry.text, published, "feed", "en", digest, own, own)


def code_shard(entries: Sequence[Entry], min_prob: float) -> list[Coded]:
    """Return day, countries and event rows of each entry."""
    coded = code_articles(map(to_article, entries), _stage(min_prob))
    return [_to_coded(extraction) for extraction in coded]


def _to_coded(extraction: Extraction) -> Coded:
    story = {"story_id": extraction.article.story_id}
    rows = [asdict(event) | story for event in extraction.events]
    return extraction.article.published_at.date(), extraction.countries, rows


def build_tables(coded: Iterable[Coded]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of both files; the entries must come in order of their day."""
    days: list[dict[str, Any]] = []
    volumes: list[dict[str, Any]] = []
    for day, group in groupby(coded, key=lambda item: item[0]):
        found = list(group)
        events = [row for _, _, rows in found for row in rows]
        countries = {str(i): named for i, (_, named, _) in enumerate(found)}
        rows = aggregate_day(events, countries)
        days.extend({"dyad": dyad, "day": day} | row for dyad, row in sorted(rows.items()))
        size = len(found)
        volumes.append(
            {"day": day, "article_count": size, "story_count": size, "event_count": len(events)}
        )
    return days, volumes


def _column_type(name: str) -> pa.DataType:
    if name in GOLDSTEIN_COLUMNS:
        return pa.float32()
    return pa.int16()


def write_tables(
    days: Sequence[Mapping[str, Any]], volumes: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    """Write both files, columns in the registry's order, zstd."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = [("dyad", pa.string()), ("day", pa.date32())]
    fields += [(name, _column_type(name)) for name in DYAD_DAY_COLUMNS]
    counts = [(name, pa.int32()) for name in ("article_count", "story_count", "event_count")]
    for name, rows, schema in (
        (DAYS_NAME, days, pa.schema(fields)),
        (VOLUME_NAME, volumes, pa.schema([("day", pa.date32()), *counts])),
    ):
        table = pa.Table.from_pylist(list(rows), schema=schema)
        pq.write_table(table, folder / name, compression="zstd", compression_level=19)


def _shards(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    shard: list[Entry] = []
    for entry in entries:
        shard.append(entry)
        if len(shard) == SHARD_ENTRIES:
            yield shard
            shard = []
    yield shard


def main() -> None:
    """Read the arguments, code the corpus, write the files, say how fast it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--min-prob", type=float, default=0.5)
    args = parser.parse_args()
    start = time.monotonic()
    entries = sorted(read_corpus(args.corpus), key=lambda entry: (entry.day, entry.entry_id))
    shards = list(_shards(entries))
    with ProcessPoolExecutor(args.jobs) as pool:
        parts = pool.map(code_shard, shards, [args.min_prob] * len(shards))
        days, volumes = build_tables(item for part in parts for item in part)
    write_tables(days, volumes, args.out)
    seconds = time.monotonic() - start
    rate = len(entries) / seconds
    event_count = sum(row["event_count"] for row in volumes)
    print(f"{len(entries)} entries, {event_count} events, {len(days)} pair days")
    print(f"{seconds:.0f} s, {rate:.0f} entries/s")


if __name__ == "__main__":
    main()
