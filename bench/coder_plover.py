"""The coder on a public file of directed PLOVER sentences: direction, quad class, root.

The file (Zero-Shot-PLOVER, columns sentence, source, target, quad_class, plover_event) is
read and measured, never learnt from, except by the five folds that say so.
"""

from __future__ import annotations

import csv
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from spacy.tokens import Doc

from features.bag import bag_names
from features.event_build import manner_names
from features.events import SentenceRow, TextStage, to_row
from features.ontology import NO_EVENT, QUAD_CLASS, QUAD_NAMES
from features.pair_features import pair_names, trigger_index
from features.pairs import PairView, ParsedSentence, find_pairs, read_sentence, view_of_spans
from features.types import ActorMention
from models.coder.artifact import MUTUAL, EventCoder
from models.coder.heads import Floats, Names, build_matrix, choose_names, softmax

# The file has no dates; its news is of these years, and leaders are looked up by it.
DAY = date(2018, 6, 1)
FOLDS = 5
FOLD_NETS = 5
# How the shipped coder's view stands beside the features of a case.
KNOWN_FLOOR, KNOWN_SCALE = 1e-3, 0.3
QUAD_OF_NAME = {name: number for number, name in QUAD_NAMES.items()}
CONFLICT = (3, 4)
# An intended deed is told by its modality here; the file's code book counts it as a word:
# "express intent to provide aid" is AGREE, a sanction that is to come THREATEN.
INTENTS = ("planned", "hypothetical")
WORD_OF_QUAD = {2: "AGREE", 4: "THREATEN"}


@dataclass(frozen=True)
class Case:
    """One row of the file as the features see it.

    Args:
        names: features of the marked source and target; of the words alone where the
            two are not found in the sentence.
        bag: the sentence as a bag of words.
        view: the marked source and target, where they are found in the sentence.
        ends: codes of source and target where both name one country, else None.
        sentence: parsed, with the mentions that the gazetteer finds.
    """

    text: str
    quad: int
    root: str
    names: Names
    bag: tuple[str, ...]
    hit_roots: tuple[str, ...]
    view: PairView | None
    ends: tuple[str, str] | None
    sentence: ParsedSentence


def read_cases(path: Path, stage: TextStage) -> list[Case]:
    """Return every row of the file, parsed."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    cases = []
    for row, doc in zip(rows, stage.nlp.pipe(row["sentence"] for row in rows), strict=True):
        sentence = read_sentence(doc, stage.gazetteer.find(doc.text, DAY))
        view = _marked(row, doc)
        names = pair_names(view) if view else ()
        words = bag_names(doc.text, ())
        cases.append(
            Case(
                doc.text,
                QUAD_OF_NAME[row["quad_class"]],
                row["plover_event"],
                (*names, *(f"bag={word}" for word in words)),
                bag_names(doc.text, sentence.mentions),
                tuple(hit.pattern.event for hit in sentence.hits),
                view,
                _countries(row, stage),
                sentence,
            )
        )
    return cases


def _marked(row: dict[str, str], doc: Doc) -> PairView | None:
    text = doc.text.lower()
    starts = [text.find(row[end].lower()) for end in ("source", "target")]
    if min(starts) < 0:
        return None
    source, target = (
        ActorMention(start, start + len(row[end]), row[end], code, "name", "GOV")
        for start, end, code in zip(starts, ("source", "target"), ("AAA", "BBB"), strict=True)
    )
    return view_of_spans(doc, source, target)


def _countries(row: dict[str, str], stage: TextStage) -> tuple[str, str] | None:
    ends = []
    for end in ("source", "target"):
        codes = {mention.iso3 for mention in stage.gazetteer.find(row[end], DAY)}
        if len(codes) != 1:
            return None
        ends.append(codes.pop())
    return (ends[0], ends[1]) if ends[0] != ends[1] else None


def measure_direction(cases: Sequence[Case], stage: TextStage) -> dict[str, float]:
    """Return the share of right directions among covered cases, and the coverage.

    A case is covered when the text stage sees an event between the two countries, in any
    direction. It is right when source to target is the more probable one, or when both are
    found and the event goes both ways by nature (a meeting, an agreement).
    """
    mapped = [case for case in cases if case.ends]
    views = [list(find_pairs(case.sentence)) for case in mapped]
    usable = [(case, own) for case, own in zip(mapped, views, strict=True) if own]
    rows = [to_row(bag_names(c.text, c.sentence.mentions), own) for c, own in usable]
    probs = stage.coder.predict_proba(rows)
    right = covered = first = 0
    for (case, _), row, prob in zip(usable, rows, probs, strict=True):
        verdict = _direction(case, row.ends, prob, stage)
        covered += verdict is not None
        right += verdict is True
        if verdict is not None:
            first += _named_first(case)
    return {
        "mapped": len(mapped),
        "coverage": covered / max(len(mapped), 1),
        "direction": right / max(covered, 1),
        "first-named": first / max(covered, 1),
    }


def _direction(
    case: Case, ends: Sequence[tuple[str, str]], prob: Floats, stage: TextStage
) -> bool | None:
    assert case.ends is not None
    none = stage.coder.classes.index(NO_EVENT)
    found = dict(zip(ends, prob, strict=True))
    there, back = found.get(case.ends), found.get(case.ends[::-1])
    chance_there = 0.0 if there is None else 1.0 - there[none]
    chance_back = 0.0 if back is None else 1.0 - back[none]
    if max(chance_there, chance_back) < stage.min_prob:
        return None
    both = min(chance_there, chance_back) >= stage.min_prob
    if both and there is not None and stage.coder.classes[int(np.argmax(there[:none]))] in MUTUAL:
        return True
    return bool(chance_there > chance_back)


def _named_first(case: Case) -> bool:
    codes = case.sentence.countries
    assert case.ends is not None
    source, target = case.ends
    return source in codes and (target not in codes or codes.index(source) < codes.index(target))


def open_probs(cases: Sequence[Case], coder: EventCoder) -> Floats:
    """Return of each case which PLOVER event it is by the shipped coder, (cases, events)."""
    return coder.root_probs([SentenceRow(c.bag, (c.names,), (("", ""),)) for c in cases])


def speak_intents(cases: Sequence[Case], probs: Floats, coder: EventCoder) -> Floats:
    """Return the same with intended deeds counted as words, as the file's code book has it.

    The share of a deed that the coder takes for planned or conditional goes to the word on
    its side: AGREE for AID, COOPERATE and YIELD, THREATEN for material conflict.
    """
    head = coder.heads["modality"]
    roots = head_roots(coder)
    likeliest = [roots[index] for index in probs.argmax(axis=1)]
    manners = [
        manner_names(case.view, trigger_index(case.view, event), event, DAY) if case.view else ()
        for case, event in zip(cases, likeliest, strict=True)
    ]
    modality = softmax(head.scores(manners))
    intended = modality[:, [name in INTENTS for name in head.classes]].sum(axis=1)
    spoken = probs.copy()
    for index, event in enumerate(roots):
        word = WORD_OF_QUAD.get(QUAD_CLASS[event])
        if word is not None:
            share = probs[:, index] * intended
            spoken[:, index] -= share
            spoken[:, roots.index(word)] += share
    return spoken


def head_roots(coder: EventCoder) -> list[str]:
    """Return the events in the order of the columns of ``open_probs``."""
    return list(coder.heads["root"].classes)


def open_figures(cases: Sequence[Case], probs: Floats, coder: EventCoder) -> dict[str, float]:
    """Return macro-F1 of quad class and root from such probabilities; nothing is learnt."""
    return _likeliest(cases, probs, head_roots(coder))


def fold_figures(cases: Sequence[Case], known: Floats) -> dict[str, float]:
    """Return the same by five folds on the file itself: the coder, fitted further.

    A linear head and a few networks see the coder's features of a case and what the shipped
    coder, which learnt nothing from the file, says of it; the mean of their probabilities
    counts, as in the coder itself.

    Args:
        known: such probabilities, (cases, events).
    """
    folds = np.array([zlib.crc32(case.text.encode()) % FOLDS for case in cases])
    roots = np.array([case.root for case in cases])
    classes = np.unique(roots)
    scores = np.log(known + KNOWN_FLOOR)
    scores -= scores.mean(axis=1, keepdims=True)
    names = [case.names for case in cases]
    probs = np.zeros((len(cases), len(classes)))
    for fold in range(FOLDS):
        own, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        columns = {name: i for i, name in enumerate(choose_names([names[i] for i in own], 1))}
        joined = csr_matrix(hstack([build_matrix(names, columns), scores * KNOWN_SCALE]))
        for reader, share in _fold_readers():
            with warnings.catch_warnings():  # the networks are stopped early on purpose
                warnings.simplefilter("ignore", ConvergenceWarning)
                reader.fit(joined[own], roots[own])
            probs[held] += share * reader.predict_proba(joined[held])
    return _likeliest(cases, probs, list(classes))


def _fold_readers() -> Iterator[tuple[LogisticRegression | MLPClassifier, float]]:
    """Yield the classifiers of one fold, and the share of each."""
    yield LogisticRegression(C=0.3, class_weight="balanced", max_iter=2000), 0.5
    for seed in range(FOLD_NETS):
        net = MLPClassifier((64,), alpha=1.0, max_iter=25, batch_size=64, random_state=seed)
        yield net, 0.5 / FOLD_NETS


def tfidf_folds(cases: Sequence[Case]) -> dict[str, float]:
    """Return the same by five folds with words and word pairs alone."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    found = []
    for labels in ([str(case.quad) for case in cases], [case.root for case in cases]):
        rival = make_pipeline(words, LogisticRegression(C=10.0, max_iter=1000))
        split = PredefinedSplit([zlib.crc32(case.text.encode()) % FOLDS for case in cases])
        found.append(cross_val_predict(rival, [case.text for case in cases], labels, cv=split))
    return _figures(cases, found[0].astype(int), found[1])


def _likeliest(cases: Sequence[Case], probs: Floats, roots: Sequence[str]) -> dict[str, float]:
    """Return the figures of the likeliest root, and of the quad class with the most mass."""
    quads = np.array([QUAD_CLASS[name] for name in roots])
    shares = np.stack([probs[:, quads == quad].sum(axis=1) for quad in QUAD_NAMES])
    return _figures(cases, shares.argmax(axis=0) + 1, np.array(roots)[probs.argmax(axis=1)])


def _figures(cases: Sequence[Case], quads: Sequence[int], roots: Sequence[str]) -> dict[str, float]:
    return {
        "quad": f1_score([case.quad for case in cases], quads, average="macro"),
        "root": f1_score([case.root for case in cases], roots, average="macro"),
    }
