"""Directed events from articles: screen, parse, pair, code. The coder is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from features.actors import Gazetteer
from features.modality import find_modality
from features.ontology import EVENT_FAMILY, GOLDSTEIN, NO_EVENT, QUAD_CLASS
from features.pair_features import pair_features, trigger_index
from features.pairs import PairView, find_pairs, read_sentence
from features.sentences import Sentence, full_text, split_sentences
from features.syntax import route
from features.types import ActorMention, Article, Event

CHUNK_ARTICLES = 256


class EventCoder(Protocol):
    """Anything that turns pair features into class probabilities."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the class names in the order of the probability columns."""

    def predict_proba(self, rows: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float64]:
        """Return probabilities, shape (rows, classes); rows sum to 1."""


@dataclass(frozen=True)
class TextStage:
    """What the text stage needs: a parser, the gazetteer and the event coder.

    Args:
        min_prob: an event is kept when P(any event) reaches it, 0..1.
    """

    nlp: Language
    gazetteer: Gazetteer
    coder: EventCoder
    min_prob: float = 0.5


@dataclass(frozen=True)
class Extraction:
    """What one article held: countries named and events, possibly none."""

    article: Article
    countries: tuple[str, ...]
    sentence_count: int
    events: tuple[Event, ...]


@dataclass
class _Candidate:
    article: Article
    day: date
    sentence: Sentence
    mentions: tuple[ActorMention, ...]
    views: list[PairView] = field(default_factory=list)


def code_articles(articles: Iterable[Article], stage: TextStage) -> Iterator[Extraction]:
    """Yield one Extraction an article, in order; memory is bounded by the chunk.

    Args:
        articles: cleaned articles; any number.
        stage: parser, gazetteer and coder.
    """
    stream = iter(articles)
    while chunk := list(islice(stream, CHUNK_ARTICLES)):
        yield from _code_chunk(chunk, stage)


def _code_chunk(chunk: Sequence[Article], stage: TextStage) -> Iterator[Extraction]:
    screened = [_screen(article, stage) for article in chunk]
    candidates = [c for _, _, found in screened for c in found]
    parsed = stage.nlp.pipe((c.sentence.doc for c in candidates), batch_size=128)
    for candidate, doc in zip(candidates, parsed, strict=True):
        candidate.views.extend(find_pairs(read_sentence(doc, candidate.mentions)))
    events = _code_candidates(candidates, stage)
    for article, (countries, sentence_count, _) in zip(chunk, screened, strict=True):
        own = tuple(events.get(article.article_id, ()))
        yield Extraction(article, countries, sentence_count, own)


def _screen(
    article: Article, stage: TextStage
) -> tuple[tuple[str, ...], int, list[_Candidate]]:
    """Return the countries named, the sentences read and those that may hold an event."""
    day, text = article.published_at.date(), full_text(article)
    countries = tuple(sorted(stage.gazetteer.screen(text, day)))
    if len(countries) < 2:
        return countries, 0, []
    found, sentence_count = [], 0
    for sentence in split_sentences(text, stage.nlp):
        sentence_count += 1
        mentions = stage.gazetteer.find(sentence.doc.text, day)
        if len({mention.iso3 for mention in mentions}) >= 2:
            found.append(_Candidate(article, day, sentence, tuple(mentions)))
    return countries, sentence_count, found


def _code_candidates(
    candidates: Sequence[_Candidate], stage: TextStage
) -> dict[str, list[Event]]:
    rows = [(c, view) for c in candidates for view in c.views]
    if not rows:
        return {}
    probs = stage.coder.predict_proba([pair_features(view) for _, view in rows])
    none = stage.coder.classes.index(NO_EVENT)
    events: dict[str, list[Event]] = {}
    for (candidate, view), prob in zip(rows, probs, strict=True):
        if 1.0 - prob[none] < stage.min_prob:
            continue
        best = int(np.argmax(np.where(np.arange(len(prob)) == none, -1.0, prob)))
        event = _build_event(candidate, view, stage.coder.classes[best], float(prob[best]))
        events.setdefault(event.article_id, []).append(event)
    return events


def _build_event(
    candidate: _Candidate, view: PairView, plover_event: str, confidence: float
) -> Event:
    sentence, tree = candidate.sentence, view.sentence.tree
    trigger = trigger_index(view)
    return Event(
        article_id=candidate.article.article_id,
        sentence_index=sentence.index,
        sentence=tree.text,
        start=sentence.start,
        end=sentence.end,
        source_iso3=view.source.iso3,
        target_iso3=view.target.iso3,
        source_actor=view.source.text,
        target_actor=view.target.text,
        source_sector=view.source.sector,
        target_sector=view.target.sector,
        plover_event=plover_event,
        quad_class=QUAD_CLASS[plover_event],
        goldstein=GOLDSTEIN[plover_event],
        families=families_of(view, plover_event),
        modality=find_modality(tree, trigger, candidate.day),
        confidence=round(confidence, 4),
        trigger=tree.words[trigger],
        direction=describe_route(view),
        event_date=candidate.day,
    )


def describe_route(view: PairView) -> str:
    """Return the syntactic route between both ends, for explanation."""
    tree, found = view.sentence.tree, view.link
    up, down = route(tree, found.up), route(tree, found.down[::-1])
    return f"{up} <- {tree.lemmas[found.top]} -> {down}"


def families_of(view: PairView, plover_event: str) -> tuple[str, ...]:
    """Return the event's own family and those of signals that speak for it, sorted."""
    signalled = {h.pattern.family for h in view.sentence.hits if h.pattern.event == plover_event}
    return tuple(sorted(signalled | {EVENT_FAMILY[plover_event]}))
