"""Words of force in another sense: a charm offensive, a pilots' strike, a clash in a final.

The senses are rows of ``lexicons/masks.csv`` without an event. They veto force only; whether
two countries did anything else is for the coder to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from features.pairs import ParsedSentence
from features.signals import Hit, find_masks, read_rows

FORCE_EVENTS: Final = frozenset({"ASSAULT", "MOBILIZE"})
SPORT: Final = "sport"
# Senses in which the word itself is no force; idioms and accidents can stand beside it.
_HARMLESS: Final = frozenset({"figure", "work", "health", "nature", "economic", "legal", SPORT})


@cache
def read_contests() -> frozenset[str]:
    """Return the lemmas that mean a contest where the sentence is about sport."""
    return frozenset(row["lemma"] for row in read_rows("contests"))


def is_other_sense(sentence: ParsedSentence, trigger: int, plover_event: str) -> bool:
    """Return whether the trigger of a use of force means something else here.

    Args:
        sentence: parsed, with one lemma a token.
        trigger: index of the word that tells of the event.
        plover_event: what the coder sees; only force can be vetoed.
    """
    if plover_event not in FORCE_EVENTS:
        return False
    masks = [m for m in find_masks(sentence.tree, sentence.bases) if m.pattern.sense in _HARMLESS]
    return any(_covers(masks, trigger)) or (
        sentence.bases[trigger] in read_contests() and any(m.pattern.sense == SPORT for m in masks)
    )


def _covers(masks: list[Hit], index: int) -> Iterator[bool]:
    return (mask.start <= index < mask.end for mask in masks)
