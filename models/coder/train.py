"""Training the event coder on the labelled portal entries: one command, open data only."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from spacy.language import Language

from features.actors import Gazetteer
from features.bag import bag_names
from models.coder.artifact import HEADS, EventCoder, save_coder
from models.coder.fit import FitParams, fit_coder
from models.coder.heads import LinearHead, Names, choose_names
from models.coder.labels import EXTRA, TEST, TRAIN, EntryLabel, read_labels
from models.coder.lessons import PLAIN, WIRE, read_lessons
from models.coder.rows import Entry, LabelledRow, build_rows, read_corpus
from models.coder.topics import fit_topics, heading_topics

log = logging.getLogger(__name__)

# How many rows of the news one bare frame counts as; a lesson as the wires write counts once.
PLAIN_WEIGHT: Final = 3

TRAINED_ON = (
    "Wikipedia Current Events portal, CC BY-SA 4.0 (copy: GitHub"
    " ianrastall/current-events-context); labels by the developers of dyadrisk"
)


@dataclass(frozen=True)
class Material:
    """What a coder is fitted to: labelled rows, topics of portal headings, and lessons.

    Args:
        rows: labelled sentences of the news.
        topics: scores of portal headings from words.
        plain: bare frames.
        wire: sentences of our own as the wires write.
    """

    rows: list[LabelledRow]
    topics: LinearHead
    plain: tuple[LabelledRow, ...]
    wire: tuple[LabelledRow, ...]

    @property
    def lessons(self) -> tuple[LabelledRow, ...]:
        """Return all lessons, each as often as it counts."""
        return (*self.plain * PLAIN_WEIGHT, *self.wire)


def training_labels() -> dict[str, EntryLabel]:
    """Return all labels that a coder may learn from."""
    return read_labels(TRAIN) | read_labels(EXTRA)


def read_rows(
    corpus: Path, labels: dict[str, EntryLabel], nlp: Language, gazetteer: Gazetteer
) -> list[LabelledRow]:
    """Return the rows of the labelled entries of a portal corpus."""
    return build_rows(read_corpus(corpus, frozenset(labels)), labels, nlp, gazetteer)


def prepare_material(corpus: Path, nlp: Language, gazetteer: Gazetteer) -> Material:
    """Read, screen and parse what training needs; the test part is left out."""
    rows = read_rows(corpus, training_labels(), nlp, gazetteer)
    known = choose_names((row.row.bag for row in rows), FitParams().sentence_min_count)
    labelled = {*training_labels(), *read_labels(TEST)}
    bags, topics = _topic_bags(read_corpus(corpus), labelled, gazetteer)
    log.info("coder: %d labelled sentences, %d filed entries", len(rows), len(bags))
    plain, wire = (lesson_rows(name, nlp, gazetteer) for name in (PLAIN, WIRE))
    return Material(rows, fit_topics(bags, topics, known), plain, wire)


def lesson_rows(name: str, nlp: Language, gazetteer: Gazetteer) -> tuple[LabelledRow, ...]:
    """Return the rows of the sentences of ``PLAIN`` or ``WIRE`` that were written to teach."""
    lessons = list(read_lessons(name))
    labels = {lesson.entry.entry_id: lesson.label for lesson in lessons}
    return tuple(build_rows((lesson.entry for lesson in lessons), labels, nlp, gazetteer))


def _topic_bags(
    entries: Iterable[Entry], without: set[str], gazetteer: Gazetteer
) -> tuple[list[Names], list[str]]:
    """Return bags and topics of the entries that stand under a heading with one."""
    found = [
        (bag_names(entry.text, gazetteer.find(entry.text, entry.day)), topic)
        for entry in entries
        if (topic := heading_topics().get(entry.category)) and entry.entry_id not in without
    ]
    return [bag for bag, _ in found], [topic for _, topic in found]


def train_coder(
    corpus: Path,
    folder: Path,
    nlp: Language,
    gazetteer: Gazetteer,
    params: FitParams | None = None,
) -> Path:
    """Fit the coder on the training labels and write it into ``folder``."""
    material = prepare_material(corpus, nlp, gazetteer)
    coder = fit_coder(material.rows, material.topics, params or FitParams(), material.lessons)
    heads = {name: coder.heads[name].pruned() for name in HEADS}
    card = _card(material, heads, nlp)
    return save_coder(EventCoder(heads, coder.net, coder.stack, card), folder)


def _card(material: Material, heads: dict[str, LinearHead], nlp: Language) -> dict[str, object]:
    """Return what a reader of the artifact should know."""
    lessons = (*read_lessons(PLAIN), *read_lessons(WIRE))
    labels = sorted(map(repr, (*training_labels().values(), *lessons)))
    digest = hashlib.sha256("\n".join(labels).encode()).hexdigest()
    return {
        "version": f"coder-{digest[:8]}",
        "trained_on": TRAINED_ON,
        "parser": f"{nlp.meta['name']} {nlp.meta['version']}",
        "sentence_count": len(material.rows),
        "lesson_count": len(material.plain) + len(material.wire),
        "pair_count": sum(len(row.pairs) for row in material.rows),
        "name_counts": {name: len(head.names) for name, head in heads.items()},
    }
