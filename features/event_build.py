"""One coded pair -> one Event: manner, sectors, families, trigger and route in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from features.modality import modality_names
from features.ontology import EVENT_FAMILY, GOLDSTEIN, QUAD_CLASS
from features.pair_features import holder_names, shape_names
from features.pairs import PairView
from features.sentences import Sentence
from features.signals import MASK_FAMILY
from features.syntax import route
from features.types import ActorMention, Article, Event

_STATE_SECTORS: Final = frozenset({"GOV", "MIL", "IGO"})
NONSTATE_PROB: Final = 0.6
# Names that tell which countries they are: an air strike in Lebanon or Somalia mostly hits
# an armed group. Only the question of state or not hears them; no event is more probable
# for the countries that it is told of.
WHO: Final = "who"


@dataclass(frozen=True, slots=True)
class Manner:
    """How an event is told.

    Args:
        modality: one of ``ontology.MODALITIES``.
        nonstate_prob: probability that either end is not the state itself, 0..1.
    """

    modality: str
    nonstate_prob: float


def manner_names(view: PairView, trigger: int, plover_event: str, day: date) -> tuple[str, ...]:
    """Return the feature names from which modality and sectors are read."""
    return tuple(dict.fromkeys(_manner_names(view, trigger, plover_event, day)))


def _manner_names(view: PairView, trigger: int, plover_event: str, day: date) -> Iterator[str]:
    yield f"event={plover_event}"
    yield from modality_names(view.sentence.tree, view.sentence.bases, trigger, day)
    yield from shape_names(view)
    yield from holder_names(view, view.source_index, "s")
    yield from holder_names(view, view.target_index, "t")
    yield from _who_names(view, plover_event)
    blank = {i for span in view.sentence.spans for i in range(*span)}
    for index, word in enumerate(view.sentence.bases):
        if index not in blank:
            yield f"word={word}"


def _who_names(view: PairView, plover_event: str) -> Iterator[str]:
    """Yield the two countries, alone and with the event."""
    source, target = view.source.iso3, view.target.iso3
    dyad = "-".join(sorted((source, target)))
    for name in (f"dyad={dyad}", f"s={source}", f"t={target}"):
        yield f"{WHO}_{name}"
        yield f"{WHO}_{plover_event}_{name}"


def build_event(
    article: Article,
    sentence: Sentence,
    view: PairView,
    trigger: int,
    plover_event: str,
    manner: Manner,
    confidence: float,
) -> Event:
    """Return the event that the coder saw between both ends of the view."""
    source_sector, target_sector = settle_sectors(view, plover_event, manner)
    tree = view.sentence.tree
    return Event(
        article_id=article.article_id,
        sentence_index=sentence.index,
        sentence=tree.text.rstrip(),
        start=sentence.start,
        end=sentence.end,
        source_iso3=view.source.iso3,
        target_iso3=view.target.iso3,
        source_actor=view.source.text,
        target_actor=view.target.text,
        source_sector=source_sector,
        target_sector=target_sector,
        plover_event=plover_event,
        quad_class=QUAD_CLASS[plover_event],
        goldstein=GOLDSTEIN[plover_event],
        families=families_of(view, plover_event),
        modality=manner.modality,
        confidence=round(confidence, 4),
        trigger=tree.words[trigger],
        direction=describe_route(view),
        event_date=article.published_at.date(),
    )


def settle_sectors(view: PairView, plover_event: str, manner: Manner) -> tuple[str, str]:
    """Return the sectors of both ends, brought in line with the manner.

    The gazetteer sees names only; "Israeli strikes kill Hezbollah fighters in Lebanon"
    becomes an act on an armed group by the words around them.
    """
    ends = [_state_like(view.source), _state_like(view.target)]
    sectors = [view.source.sector, view.target.sector]
    if manner.nonstate_prob >= NONSTATE_PROB and all(ends):
        sectors[_weaker_end(view)] = "NSA" if plover_event == "ASSAULT" else "CVL"
    return sectors[0], sectors[1]


def _state_like(mention: ActorMention) -> bool:
    return mention.sector in _STATE_SECTORS


def _weaker_end(view: PairView) -> int:
    """Return 0 when the source rather than the target is no state actor."""
    firm = ("leader", "minister", "force", "agency", "seat")
    source, target = view.source.kind in firm, view.target.kind in firm
    return 0 if target and not source else 1


def describe_route(view: PairView) -> str:
    """Return the syntactic route between both ends, for explanation."""
    tree, found = view.sentence.tree, view.link
    up, down = route(tree, found.up), route(tree, found.down[::-1])
    return f"{up} <- {tree.lemmas[found.top]} -> {down}"


def families_of(view: PairView, plover_event: str) -> tuple[str, ...]:
    """Return the event's own family and those of signals that speak for it, sorted.

    A peace treaty is diplomacy and de-escalation; a masked sense has no family.
    """
    signalled = {h.pattern.family for h in view.sentence.hits if h.pattern.event == plover_event}
    return tuple(sorted((signalled - {MASK_FAMILY}) | {EVENT_FAMILY[plover_event]}))
