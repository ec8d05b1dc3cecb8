"""Country mentions in a text: who is named, in which sector, on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from features.actor_lexicon import build_lexicon
from features.actor_match import Hit, Matcher, fold_text
from features.actor_rules import keep_mentions
from features.types import ActorMention


@dataclass(frozen=True)
class Gazetteer:
    """The actor lexicon ready to search; build it once with ``load_gazetteer``."""

    matcher: Matcher

    def screen(self, text: str, day: date) -> frozenset[str]:
        """Return the codes that the text names on the day."""
        return frozenset(mention.iso3 for mention in self.find(text, day))

    def find(self, text: str, day: date) -> tuple[ActorMention, ...]:
        """Return the mentions of the text in order."""
        folded = fold_text(text)
        hits = keep_mentions(folded, self.matcher.find_hits(folded, day.toordinal()))
        return tuple(m for hit in hits for m in _mentions(text, hit))


def _mentions(text: str, hit: Hit) -> list[ActorMention]:
    entry = hit.entries[0]
    if hit.is_block or entry.is_bare:
        return []
    codes = entry.iso3.split(";")
    words = text[hit.start : hit.end]
    return [
        ActorMention(hit.start, hit.end, words, code, entry.kind, entry.sector) for code in codes
    ]


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of the package data, built once a process."""
    return Gazetteer(Matcher.build(build_lexicon()))
