"""Where the syntax alone says who did it to whom, and where the lexicon breaks a tie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from features.ontology import NO_EVENT
from features.pairs import PairView

_AGENT: Final = frozenset({"nsubj", "obl:by", "obl:agent"})
_PATIENT: Final = frozenset(
    {"obj", "iobj", "nsubj:pass", "self/acl:relcl"}
    | {f"obl:{case}" for case in ("in", "against", "on", "at", "into")}
)
# Below this best probability the coder knows that there is an event, not which one.
UNDECIDED_PROB: Final = 0.3
_LEXICON_ODDS: Final = 3.0
# A class less probable than this is kept only where the lexicon speaks for it and some
# event is at least this sure.
MIN_CLASS_PROB: Final = 0.2
SURE_PROB: Final = 0.7


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


def choose_class(
    view: PairView, prob: npt.NDArray[np.float64], classes: Sequence[str]
) -> tuple[int, bool]:
    """Return the index of the likeliest event, and whether it is firm enough to keep.

    A coder that is sure of an event but undecided which listens to the lexicon.

    Args:
        view: source and target in their sentence.
        prob: probability of each class; the one of no event is left out.
        classes: names of the columns of ``prob``.
    """
    none = classes.index(NO_EVENT)
    weight = np.where(np.arange(len(prob)) == none, -1.0, prob)
    spoken = np.isin(classes, [hit.pattern.event for hit in view.sentence.hits])
    if weight.max() < UNDECIDED_PROB:
        weight = weight * np.where(spoken, _LEXICON_ODDS, 1.0)
    best = int(np.argmax(weight))
    is_sure = bool(spoken[best]) and prob[none] <= 1.0 - SURE_PROB
    return best, is_sure or bool(prob[best] >= MIN_CLASS_PROB)
