"""From portal entries to training rows: read, parse, pair, and align with the labels."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from features.actor_roles import EMPTY_CONTEXT
from features.actors import Gazetteer
from features.bag import bag_names
from features.errors import DataError
from features.event_build import manner_names
from features.events import SentenceRow, to_row
from features.pair_features import trigger_index
from features.pairs import PairView, find_pairs, read_sentence
from features.sentences import split_sentences
from features.types import ActorMention
from models.coder.heads import Names
from models.coder.labels import EntryLabel, EventLabel, events_by_pair


@dataclass(frozen=True, slots=True)
class Entry:
    """One portal entry as the corpus holds it."""

    entry_id: str
    day: date
    category: str
    text: str


@dataclass(frozen=True)
class LabelledRow:
    """One sentence that names two countries, and what a reader said of each pair.

    Args:
        pairs: (source, target) of each pair, as in ``row.pairs``.
        events: the reader's events of each pair; all empty where nobody read it.
        manners: names from which the manner of each of these events is read.
    """

    entry_id: str
    sentence_index: int
    row: SentenceRow
    pairs: tuple[tuple[str, str], ...]
    events: tuple[tuple[EventLabel, ...], ...]
    manners: tuple[tuple[Names, ...], ...]

    @property
    def has_event(self) -> bool:
        """Return whether any pair of the sentence has an event."""
        return any(self.events)

    def fold(self, count: int, salt: str) -> int:
        """Return the fold of the whole entry; sentences of one entry stay together."""
        return zlib.crc32(f"{self.entry_id}{salt}".encode()) % count


def read_corpus(path: Path, ids: frozenset[str] | None = None) -> Iterator[Entry]:
    """Yield the entries of a portal JSONL file (gzip or plain), all or those named.

    Raises:
        DataError: the file cannot be read or a line is no entry.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if ids is None or row["id"] in ids:
                    day = date.fromisoformat(row["date"])
                    yield Entry(row["id"], day, row.get("category") or "", row["text"])
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise DataError(f"expected a portal JSONL file, got {str(path)!r}: {err}") from err


Screened = tuple[Doc, tuple[Entry, int, tuple[ActorMention, ...]]]


def screen_entries(
    entries: Iterable[Entry], nlp: Language, gazetteer: Gazetteer
) -> Iterator[Screened]:
    """Yield the tokenized sentences that name two countries, with their mentions."""
    for entry in entries:
        if len(gazetteer.screen(entry.text, entry.day)) < 2:
            continue
        context = EMPTY_CONTEXT
        for sentence in split_sentences(entry.text, nlp):
            reading = gazetteer.read(sentence.text, entry.day, context)
            context = reading.context
            if len({mention.iso3 for mention in reading.mentions}) > 1:
                yield sentence.doc, (entry, sentence.index, reading.mentions)


def build_rows(
    entries: Iterable[Entry],
    labels: Mapping[str, EntryLabel],
    nlp: Language,
    gazetteer: Gazetteer,
) -> list[LabelledRow]:
    """Return one row a sentence with at least one pair, with the labels of its entry."""
    rows = []
    screened = screen_entries(entries, nlp, gazetteer)
    for doc, (entry, index, mentions) in nlp.pipe(screened, as_tuples=True, batch_size=128):
        sentence = read_sentence(doc, mentions)
        views = list(find_pairs(sentence))
        if views:
            row = to_row(bag_names(doc.text, mentions), views)
            rows.append(label_row(entry, index, row, views, labels.get(entry.entry_id)))
    return rows


def label_row(
    entry: Entry,
    index: int,
    row: SentenceRow,
    views: list[PairView],
    label: EntryLabel | None,
) -> LabelledRow:
    """Return a sentence's row with what a reader said of each pair, if one did."""
    known = events_by_pair(label) if label else {}
    pairs = tuple((view.source.iso3, view.target.iso3) for view in views)
    events = tuple(tuple(known.get(pair, ())) for pair in pairs)
    manners = tuple(
        tuple(_manner(view, event, entry.day) for event in own)
        for view, own in zip(views, events, strict=True)
    )
    return LabelledRow(entry.entry_id, index, row, pairs, events, manners)


def _manner(view: PairView, event: EventLabel, day: date) -> Names:
    trigger = trigger_index(view, event.plover_event)
    return manner_names(view, trigger, event.plover_event, day)
