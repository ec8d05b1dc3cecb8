"""The coder on labelled portal entries that it never saw: conflict AUC, no-event precision.

The same entries are read by three simpler rivals: the GPR keyword dictionary, TF-IDF with
logistic regression on the training labels, and the plain lexicon without syntax.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline

from bench.portal_history import to_article
from bench.risk_gpr import meets, words_pattern
from features.aggregate import is_force
from features.events import TextStage, code_articles
from features.ontology import NO_EVENT, QUAD_CLASS, QUAD_NAMES
from features.signals import find_hits
from features.syntax import read_tree
from models.coder.labels import TEST, TRAIN, EntryLabel, read_labels
from models.coder.rows import Entry, build_rows, read_corpus

Floats = npt.NDArray[np.float64]
CONFLICT = frozenset(event for event, quad in QUAD_CLASS.items() if quad >= 3)
EVENT_PROB = 0.5
_TOLD = ("asserted", "reported")


@dataclass(frozen=True)
class Part:
    """The entries of one part of the labels, in the order of the corpus."""

    entries: list[Entry]
    labels: list[EntryLabel]

    @property
    def has_conflict(self) -> list[bool]:
        """Return whether a reader found verbal or material conflict, entry by entry."""
        return [any(e.plover_event in CONFLICT for e in label.events) for label in self.labels]

    @property
    def has_event(self) -> list[bool]:
        """Return whether a reader found any interstate event, entry by entry."""
        return [bool(label.events) for label in self.labels]


def read_part(corpus: Path, name: str, stratum: str | None = None) -> Part:
    """Return the labelled entries of ``TRAIN`` or ``TEST``, of one stratum or all."""
    labels = {
        key: label
        for key, label in read_labels(name).items()
        if stratum is None or label.stratum == stratum
    }
    entries = list(read_corpus(corpus, frozenset(labels)))
    return Part(entries, [labels[entry.entry_id] for entry in entries])


def coder_scores(part: Part, stage: TextStage) -> tuple[Floats, Floats]:
    """Return P(conflict) and P(any event) of each entry.

    An entry has one unless none of its pairs of countries has; of the two directions of a pair,
    which are no independent witnesses, the likelier one speaks.
    """
    rows = build_rows(part.entries, {}, stage.nlp, stage.gazetteer)
    classes = stage.coder.classes
    is_conflict = np.isin(classes, sorted(CONFLICT))
    index = {entry.entry_id: k for k, entry in enumerate(part.entries)}
    best: dict[tuple[int, frozenset[str]], Floats] = {}
    probs = stage.coder.predict_proba([row.row for row in rows])
    for row, prob in zip(rows, probs, strict=True):
        found = np.column_stack(
            [prob[:, is_conflict].sum(axis=1), 1.0 - prob[:, classes.index(NO_EVENT)]]
        )
        for ends, own in zip(row.pairs, found, strict=True):
            key = index[row.entry_id], frozenset(ends)
            best[key] = np.maximum(best.get(key, own), own)
    nothing = np.ones((len(index), 2))
    for (k, _), own in best.items():
        nothing[k] *= 1.0 - own
    return 1.0 - nothing[:, 0], 1.0 - nothing[:, 1]


def tfidf() -> Pipeline:
    """Return the text baseline: word and word-pair TF-IDF, logistic regression."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    return make_pipeline(words, LogisticRegression(C=10.0, max_iter=1000))


def tfidf_scores(train: Part, part: Part) -> tuple[Floats, Floats]:
    """Return the same two probabilities by TF-IDF and logistic regression."""
    texts, own = [e.text for e in train.entries], [e.text for e in part.entries]
    conflict = tfidf().fit(texts, train.has_conflict).predict_proba(own)[:, 1]
    event = tfidf().fit(texts, train.has_event).predict_proba(own)[:, 1]
    return conflict, event


def gpr_scores(part: Part, dictionary: Path) -> Floats:
    """Return 1 for each entry that meets a search of the GPR dictionary, else 0."""
    source = json.loads(dictionary.read_text("utf-8"))
    sets = {name: words_pattern(words) for name, words in source["sets"].items()}
    return np.array([float(meets(e.text, sets, source["categories"])) for e in part.entries])


def lexicon_roots(part: Part, stage: TextStage) -> list[list[str]]:
    """Return the PLOVER events that the lexicon hits of each entry speak for."""
    docs = stage.nlp.pipe(entry.text for entry in part.entries)
    return [[hit.pattern.event for hit in find_hits(read_tree(doc))] for doc in docs]


def lexicon_scores(roots: Sequence[Sequence[str]]) -> tuple[Floats, Floats]:
    """Return how many hits speak for conflict and for any event."""
    conflict = [sum(root in CONFLICT for root in own) for own in roots]
    return np.array(conflict, dtype=float), np.array([len(own) for own in roots], dtype=float)


def figures(part: Part, conflict: Floats, event: Floats, at_least: float) -> dict[str, float]:
    """Return conflict AUC, and precision and recall of "no interstate event".

    Args:
        part: the entries and their labels.
        conflict, event: one score an entry.
        at_least: an entry has an event when its event score reaches this.
    """
    none = ~np.array(part.has_event)
    said = event < at_least
    return {
        "conflict_auc": float(roc_auc_score(part.has_conflict, conflict)),
        "none_precision": float((none & said).sum() / max(said.sum(), 1)),
        "none_recall": float((none & said).sum() / max(none.sum(), 1)),
    }


def force_figures(part: Part, stage: TextStage) -> dict[str, float]:
    """Return precision and recall of "the one state used force against the other".

    Pairs are directed; a reader's force is asserted or one side's claim, by a state on a state.
    """
    wanted = {
        (key, e.source_iso3, e.target_iso3)
        for key, label in zip((e.entry_id for e in part.entries), part.labels, strict=True)
        for e in label.events
        if e.plover_event == "ASSAULT" and e.modality in _TOLD and not e.is_nonstate
    }
    found = {
        (extraction.article.article_id, e.source_iso3, e.target_iso3)
        for extraction in code_articles(map(to_article, part.entries), stage)
        for e in extraction.events
        if is_force(asdict(e))
    }
    both = len(wanted & found)
    return {"force_precision": both / len(found), "force_recall": both / len(wanted)}


def tfidf_plover(train: Part, texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return root and quad class of other sentences by TF-IDF fitted to the portal labels."""
    taught = [
        (entry.text, label.events[0].plover_event)
        for entry, label in zip(train.entries, train.labels, strict=True)
        if label.events
    ]
    fitted = tfidf().fit([text for text, _ in taught], [root for _, root in taught])
    probs, classes = fitted.predict_proba(list(texts)), fitted.classes_
    roots = [str(classes[index]) for index in probs.argmax(axis=1)]
    return roots, quads_of(probs, [str(name) for name in classes])


def quads_of(probs: Floats, roots: Sequence[str]) -> list[int]:
    """Return the likeliest quad class of each row of root probabilities."""
    quads = np.array([QUAD_CLASS[name] for name in roots])
    shares = np.stack([probs[:, quads == quad].sum(axis=1) for quad in QUAD_NAMES])
    return [int(index) + 1 for index in shares.argmax(axis=0)]


def macro_f1(gold: Sequence[object], got: Sequence[object]) -> float:
    """Return the macro-F1 of two readings of the same items."""
    return float(f1_score(list(gold), list(got), average="macro", zero_division=0))


def train_part(corpus: Path) -> Part:
    """Return the training labels that were drawn at random."""
    return read_part(corpus, TRAIN)


def test_part(corpus: Path) -> Part:
    """Return the test labels of entries drawn from those that name two countries."""
    return read_part(corpus, TEST, "two")
