"""Directed events from articles: screen, parse, pair, code. The coder is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from features.actor_roles import EMPTY_CONTEXT
from features.actors import Gazetteer
from features.bag import bag_names
from features.event_build import Manner, build_event, manner_names
from features.frames import choose_class, has_explicit_frame, turned_on_each_other, weigh_classes
from features.ontology import NO_EVENT
from features.pair_features import pair_names, trigger_index
from features.pairs import MAX_COUNTRIES, PairView, find_pairs, place_mentions
from features.senses import is_other_sense
from features.sentences import Sentence, full_text, split_sentences
from features.syntax import read_tree
from features.types import ActorMention, Article, Event

# Sentences are parsed and coded many at a time, which is several times faster than few;
# articles are read in steps until there are enough of them.
STEP_ARTICLES: Final = 64
CHUNK_ARTICLES: Final = 4096
CHUNK_SENTENCES: Final = 512
_TAGGER_BATCH: Final = 256
# The parser takes a quarter of this at a time, sorted by length.
_PARSER_BATCH: Final = 1024
# Longer lists of pairs are roll-calls; the coder's cost stays bounded.
MAX_PAIRS: Final = 90

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """What the coder sees of one sentence: names of binary features.

    Args:
        bag: of the sentence as a bag of words.
        pairs: of each ordered pair of countries.
        ends: (source, target) of each pair.
    """

    bag: tuple[str, ...]
    pairs: tuple[tuple[str, ...], ...]
    ends: tuple[tuple[str, str], ...]

    @property
    def reverse(self) -> list[int]:
        """Return for each pair the index of the opposite one, or its own without one."""
        index = {ends: k for k, ends in enumerate(self.ends)}
        return [index.get((b, a), k) for k, (a, b) in enumerate(self.ends)]


class EventCoder(Protocol):
    """Anything that turns the rows of sentences into class probabilities."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the PLOVER events and ``NONE``, in the order of the columns."""

    def screen(self, bags: Sequence[tuple[str, ...]]) -> Floats:
        """Return for each sentence the probability that it holds an event, unparsed."""

    def predict_proba(self, rows: Sequence[SentenceRow]) -> list[Floats]:
        """Return for each sentence an array (pairs, classes); its rows sum to 1."""

    def read_manner(self, rows: Sequence[tuple[str, ...]]) -> list[Manner]:
        """Return modality and non-state probability of each event from its names."""


@dataclass(frozen=True)
class TextStage:
    """What the text stage needs: a parser, the gazetteer and the event coder.

    Args:
        min_prob: an event is kept when P(any event) reaches it, 0..1.
        screen_prob: a sentence is parsed when its bag of words alone makes an event
            at least this probable, 0..1.
        explicit_prob: in place of ``min_prob`` where the syntax says who did it to whom.
        class_prob: an event is kept, too, when one class alone reaches it.
    """

    nlp: Language
    gazetteer: Gazetteer
    coder: EventCoder
    min_prob: float = 0.5
    screen_prob: float = 0.2
    explicit_prob: float = 0.3
    class_prob: float = 0.42


@dataclass(frozen=True)
class EventDetail:
    """What explains one event: the sentence's actors and every class probability.

    Args:
        is_explicit: one verb has the source as its agent and the target as its patient, so
            that a smaller probability was enough.
    """

    actors: tuple[ActorMention, ...]
    probs: dict[str, float]
    is_explicit: bool = False


@dataclass(frozen=True)
class Extraction:
    """What one article held: countries named and events, possibly none.

    Args:
        details: one per event, in the same order.
    """

    article: Article
    countries: tuple[str, ...]
    sentence_count: int
    events: tuple[Event, ...]
    details: tuple[EventDetail, ...] = ()


@dataclass
class _Candidate:
    article: Article
    day: date
    sentence: Sentence
    mentions: tuple[ActorMention, ...]
    bag: tuple[str, ...]
    views: list[PairView] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    candidate: _Candidate
    view: PairView
    plover_event: str
    probs: Floats
    is_explicit: bool

    @property
    def trigger(self) -> int:
        return trigger_index(self.view, self.plover_event)


@dataclass(frozen=True, slots=True)
class _Screened:
    """An article with the countries that it names and the number of sentences read."""

    article: Article
    countries: tuple[str, ...]
    sentence_count: int


def to_row(bag: tuple[str, ...], views: Sequence[PairView]) -> SentenceRow:
    """Return what the coder sees of a sentence and its pairs."""
    ends = tuple((view.source.iso3, view.target.iso3) for view in views)
    return SentenceRow(bag, tuple(pair_names(view) for view in views), ends)


def code_articles(articles: Iterable[Article], stage: TextStage) -> Iterator[Extraction]:
    """Yield one Extraction an article, in order; memory is bounded by the chunk.

    Args:
        articles: cleaned articles; any number.
        stage: parser, gazetteer and coder.
    """
    stream = iter(articles)
    chunk: list[_Screened] = []
    candidates: list[_Candidate] = []
    while step := list(islice(stream, STEP_ARTICLES)):
        found = [_screen(article, stage) for article in step]
        chunk.extend(screened for screened, _ in found)
        candidates.extend(_keep_likely([c for _, own in found for c in own], stage))
        if len(candidates) >= CHUNK_SENTENCES or len(chunk) >= CHUNK_ARTICLES:
            yield from _code_chunk(chunk, candidates, stage)
            chunk, candidates = [], []
    yield from _code_chunk(chunk, candidates, stage)


def _code_chunk(
    chunk: Sequence[_Screened], candidates: Sequence[_Candidate], stage: TextStage
) -> Iterator[Extraction]:
    _find_views(candidates, stage)
    coded = _code_candidates(candidates, stage)
    for item in chunk:
        own = coded.get(item.article.article_id, [])
        events, details = tuple(e for e, _ in own), tuple(d for _, d in own)
        yield Extraction(item.article, item.countries, item.sentence_count, events, details)


def _find_views(candidates: Sequence[_Candidate], stage: TextStage) -> None:
    """Parse the candidates and give each its pairs; a sentence told twice is parsed once."""
    sentences = {c.sentence.text: c.sentence for c in candidates}
    docs = stage.nlp.pipe(
        (sentence.doc for sentence in sentences.values()),
        batch_size=_TAGGER_BATCH,
        component_cfg={"parser": {"batch_size": _PARSER_BATCH}},
    )
    trees = dict(zip(sentences, map(read_tree, docs), strict=True))
    for candidate in candidates:
        parsed = place_mentions(trees[candidate.sentence.text], candidate.mentions)
        candidate.views.extend(islice(find_pairs(parsed), MAX_PAIRS))


def _screen(article: Article, stage: TextStage) -> tuple[_Screened, list[_Candidate]]:
    """Return what the article names, and the sentences that may hold an event."""
    day, text = article.published_at.date(), full_text(article)
    countries = tuple(sorted(stage.gazetteer.screen(text, day)))
    if len(countries) < 2:
        return _Screened(article, countries, 0), []
    found, sentence_count, context = [], 0, EMPTY_CONTEXT
    for sentence in split_sentences(text, stage.nlp):
        sentence_count += 1
        reading = stage.gazetteer.read(sentence.text, day, context)
        context, mentions = reading.context, reading.mentions
        if 2 <= len({mention.iso3 for mention in mentions}) <= MAX_COUNTRIES:
            bag = bag_names(sentence.text, mentions)
            found.append(_Candidate(article, day, sentence, mentions, bag))
    return _Screened(article, countries, sentence_count), found


def _keep_likely(candidates: list[_Candidate], stage: TextStage) -> list[_Candidate]:
    """Return the sentences that are worth parsing."""
    probs = stage.coder.screen([candidate.bag for candidate in candidates])
    return [c for c, prob in zip(candidates, probs, strict=True) if prob >= stage.screen_prob]


def _code_candidates(
    candidates: Sequence[_Candidate], stage: TextStage
) -> dict[str, list[tuple[Event, EventDetail]]]:
    found = list(_find_events([c for c in candidates if c.views], stage))
    names = [manner_names(f.view, f.trigger, f.plover_event, f.candidate.day) for f in found]
    manners = stage.coder.read_manner(names)
    coded: dict[str, list[tuple[Event, EventDetail]]] = {}
    for item, manner in zip(found, manners, strict=True):
        article = item.candidate.article
        probs = dict(zip(stage.coder.classes, item.probs.round(4).tolist(), strict=True))
        event = build_event(
            article,
            item.candidate.sentence,
            item.view,
            item.trigger,
            item.plover_event,
            manner,
            probs[item.plover_event],
        )
        detail = EventDetail(item.candidate.mentions, probs, item.is_explicit)
        coded.setdefault(article.article_id, []).append((event, detail))
    return coded


def _find_events(candidates: Sequence[_Candidate], stage: TextStage) -> Iterator[_Found]:
    """Yield the pairs between which the coder sees an event."""
    rows = [to_row(candidate.bag, candidate.views) for candidate in candidates]
    classes = stage.coder.classes
    none = classes.index(NO_EVENT)
    for candidate, probs in zip(candidates, stage.coder.predict_proba(rows), strict=True):
        found = []
        for view, prob in zip(candidate.views, probs, strict=True):
            is_explicit = has_explicit_frame(view)
            least = stage.explicit_prob if is_explicit else stage.min_prob
            if 1.0 - prob[none] < min(least, stage.class_prob):
                continue
            best, is_firm = choose_class(view, prob, classes)
            if 1.0 - prob[none] < least and prob[best] < stage.class_prob:
                continue
            if _is_misread(view, classes[best]):
                continue
            if is_explicit or is_firm:
                weighed = weigh_classes(view, prob, classes)
                found.append(_Found(candidate, view, classes[best], weighed, is_explicit))
        yield from (item for item in found if not turned_on_each_other(item, found))


def _is_misread(view: PairView, plover_event: str) -> bool:
    """Return whether the word that tells of the event has another sense here."""
    return is_other_sense(view.sentence, trigger_index(view, plover_event), plover_event)
