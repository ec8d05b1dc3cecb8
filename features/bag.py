"""A sentence as a bag of words with its actors blanked: cheap, needs no parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from features.signals import load_forms
from features.types import ActorMention

ACTOR: Final = "<actor>"
MAX_TOKENS: Final = 120
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+")
_MAX_COUNTRIES: Final = 5


def bag_tokens(text: str, mentions: Sequence[ActorMention]) -> list[str]:
    """Return lower-case lemmas as far as the lexicons know them; a run of actors is one.

    No country is named in a bag, so that none can be learnt.

    Example:
        >>> bag_tokens("Denied in 1962.", ())
        ['deny', 'in', '0000']
    """
    found: list[str] = []
    position = 0
    for mention in mentions:
        if mention.start < position:
            continue
        found.extend(_words(text[position : mention.start]))
        if not found or found[-1] != ACTOR:
            found.append(ACTOR)
        position = mention.end
    found.extend(_words(text[position:]))
    return found[:MAX_TOKENS]


def _words(text: str) -> Iterator[str]:
    forms = load_forms()
    for word in _TOKEN.findall(text.lower()):
        if word[0].isdigit():
            yield "0" * min(len(word), 4)
        else:
            base = word[:-2] if word.endswith(("'s", "’s")) else word
            yield forms.get(base, base)


def with_pairs(tokens: Sequence[str]) -> list[str]:
    """Return the tokens and their neighbours in twos."""
    return [*tokens, *(f"{a}_{b}" for a, b in pairwise(tokens))]


def bag_names(text: str, mentions: Sequence[ActorMention]) -> tuple[str, ...]:
    """Return the distinct feature names of a sentence for the coder's sentence head."""
    tokens = bag_tokens(text, mentions)
    count = min(len({mention.iso3 for mention in mentions}), _MAX_COUNTRIES)
    return (*dict.fromkeys(with_pairs(tokens)), f"<countries {count}>")
