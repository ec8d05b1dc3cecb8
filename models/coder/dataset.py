"""From labelled portal entries to training rows: parse, pair and align with the labels."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from features.actors import Gazetteer
from features.errors import DataError
from features.ontology import NO_EVENT
from features.pairs import PairView, find_pairs, read_sentence
from features.sentences import split_sentences
from features.types import ActorMention
from models.coder.labels import EntryLabel, EventLabel, events_by_pair


@dataclass(frozen=True, slots=True)
class Entry:
    """One portal entry as the corpus holds it."""

    entry_id: str
    day: date
    category: str
    text: str


@dataclass(frozen=True)
class Instance:
    """One ordered pair in one sentence, and the events that a reader gave it."""

    entry_id: str
    sentence_index: int
    day: date
    view: PairView
    events: tuple[EventLabel, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Return entry, source and target."""
        return (self.entry_id, self.view.source.iso3, self.view.target.iso3)

    @property
    def plover_event(self) -> str:
        """Return the first event's class, or the class of no event."""
        return self.events[0].plover_event if self.events else NO_EVENT


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


def read_views(
    entries: Iterable[Entry], nlp: Language, gazetteer: Gazetteer
) -> Iterator[tuple[Entry, int, list[PairView]]]:
    """Yield the pairs of each sentence that names two countries or more."""
    found = _screen(entries, nlp, gazetteer)
    for doc, (entry, index, mentions) in nlp.pipe(found, as_tuples=True, batch_size=128):
        yield entry, index, list(find_pairs(read_sentence(doc, mentions)))


def _screen(
    entries: Iterable[Entry], nlp: Language, gazetteer: Gazetteer
) -> Iterator[tuple[Doc, tuple[Entry, int, tuple[ActorMention, ...]]]]:
    for entry in entries:
        for sentence in split_sentences(entry.text, nlp):
            mentions = gazetteer.find(sentence.doc.text, entry.day)
            if len({mention.iso3 for mention in mentions}) > 1:
                yield sentence.doc, (entry, sentence.index, mentions)


def build_instances(
    entries: Iterable[Entry],
    labels: Mapping[str, EntryLabel],
    nlp: Language,
    gazetteer: Gazetteer,
) -> list[Instance]:
    """Return the instances of all labelled entries."""
    instances = []
    for entry, index, views in read_views(entries, nlp, gazetteer):
        events = events_by_pair(labels[entry.entry_id])
        for view in views:
            own = tuple(events.get((view.source.iso3, view.target.iso3), ()))
            instances.append(Instance(entry.entry_id, index, entry.day, view, own))
    return instances
