"""Where the syntax alone says who did it to whom, and where the lexicon breaks a tie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from features.ontology import NO_EVENT, QUAD_CLASS
from features.pairs import PairView
from features.syntax import route

_AGENT: Final = frozenset({"nsubj", "obl:by", "obl:agent"})
_PATIENT: Final = frozenset(
    {"obj", "iobj", "nsubj:pass", "self/acl:relcl"}
    | {f"obl:{case}" for case in ("in", "against", "on", "at", "into")}
)
_CONFLICT: Final = frozenset({3, 4})
# Below this share of the best class the coder knows that there is an event, not which one.
UNDECIDED_SHARE: Final = 0.5
# The lexicon is heard where so few steps of syntax lead from a pattern to both ends.
NEAR_HOPS: Final = 6
# What one word of a pattern adds; longer patterns are more specific.
_LEXICON_ODDS: Final = 3.0
# A class less probable than this is kept only where the lexicon speaks for it and some
# event is at least this sure.
MIN_CLASS_PROB: Final = 0.2
SURE_PROB: Final = 0.7


class Act(Protocol):
    """One event that the coder sees between two countries of a sentence."""

    @property
    def view(self) -> PairView:
        """Return source and target in their sentence."""
        ...

    @property
    def plover_event(self) -> str:
        """Return the PLOVER event."""
        ...

    @property
    def trigger(self) -> int:
        """Return the index of the word that tells of the event."""
        ...


def has_explicit_frame(view: PairView) -> bool:
    """Return whether one verb has the source as its agent and the target as its patient."""
    roles = view.sentence.roles
    source, target = roles[view.source.iso3], roles[view.target.iso3]
    return any(
        role.distance == 1
        and role.relation in _AGENT
        and trigger in target
        and target[trigger].distance == 1
        and target[trigger].relation in _PATIENT
        for trigger, role in source.items()
    )


def is_joint(view: PairView) -> bool:
    """Return whether source and target stand side by side: joined by "and", or in one role."""
    tree, found = view.sentence.tree, view.link
    up, down = route(tree, found.up), route(tree, found.down[::-1])
    return up == down or (up == "self" and down == "conj") or (up == "conj" and down == "self")


def turned_on_each_other(act: Act, others: Iterable[Act]) -> bool:
    """Return whether two that act side by side against a third seem to act on each other.

    "Israel and the United States attack Iran" is no attack of one of the first two on the
    other.

    Args:
        act: what the coder sees between two.
        others: all acts that it sees in the sentence.
    """
    view = act.view
    if QUAD_CLASS[act.plover_event] not in _CONFLICT or not is_joint(view):
        return False
    both = {view.source.iso3, view.target.iso3}
    return any(
        other.trigger == act.trigger
        and QUAD_CLASS[other.plover_event] in _CONFLICT
        and len(both & {other.view.source.iso3, other.view.target.iso3}) == 1
        and not is_joint(other.view)
        for other in others
    )


def weigh_classes(
    view: PairView, prob: npt.NDArray[np.float64], classes: Sequence[str]
) -> npt.NDArray[np.float64]:
    """Return the probabilities after the lexicon has been heard; they still sum to 1.

    A coder that is sure of an event but undecided which listens to the lexicon; the
    probability of no event stays.

    Args:
        view: source and target in their sentence.
        prob: probability of each class.
        classes: names of the columns of ``prob``.
    """
    none = classes.index(NO_EVENT)
    events = np.where(np.arange(len(prob)) == none, 0.0, prob)
    total = events.sum()
    if events.max() >= UNDECIDED_SHARE * total:
        return prob
    weighed = events * _lexicon_odds(view, classes)
    return np.where(np.arange(len(prob)) == none, prob, weighed * total / weighed.sum())


def choose_class(
    view: PairView, prob: npt.NDArray[np.float64], classes: Sequence[str]
) -> tuple[int, bool]:
    """Return the index of the likeliest event, and whether it is firm enough to keep.

    Args:
        view: source and target in their sentence.
        prob: probability of each class before the lexicon was heard.
        classes: names of the columns of ``prob``.
    """
    none = classes.index(NO_EVENT)
    weighed = weigh_classes(view, prob, classes)
    best = int(np.argmax(np.where(np.arange(len(prob)) == none, -1.0, weighed)))
    is_sure = _lexicon_odds(view, classes)[best] > 1.0 and prob[none] <= 1.0 - SURE_PROB
    return best, bool(is_sure or prob[best] >= MIN_CLASS_PROB)


def _lexicon_odds(view: PairView, classes: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return for each class how much the longest pattern near the pair speaks for it."""
    words = dict.fromkeys(classes, 0)
    roles = view.sentence.roles
    source, target = roles[view.source.iso3], roles[view.target.iso3]
    for hit in view.sentence.hits:
        event = hit.pattern.event
        is_near = source[hit.head].distance + target[hit.head].distance <= NEAR_HOPS
        if event in words and is_near:
            words[event] = max(words[event], len(hit.pattern.lemmas))
    return np.array([_LEXICON_ODDS ** words[name] for name in classes])
