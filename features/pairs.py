"""Ordered pairs of countries in one parsed sentence, as the event coder sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from spacy.tokens import Doc

from features.signals import Hit, base_forms, find_hits
from features.syntax import Link, Tree, link_chains, read_tree
from features.types import ActorMention

# A sentence that lists more countries than this is a roll-call, not an event.
MAX_COUNTRIES: Final = 10
_MAX_MENTIONS_EACH: Final = 4


@dataclass(frozen=True)
class ParsedSentence:
    """A parsed sentence, its mentions with their head tokens, and its lexicon hits."""

    tree: Tree
    bases: tuple[str, ...]
    mentions: tuple[ActorMention, ...]
    heads: tuple[int, ...]
    chains: tuple[list[int], ...]
    hits: tuple[Hit, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the codes in order of their first mention."""
        return tuple(dict.fromkeys(mention.iso3 for mention in self.mentions))


@dataclass(frozen=True)
class PairView:
    """One ordered pair in a sentence: which mentions act and are acted on, and how."""

    sentence: ParsedSentence
    source_index: int
    target_index: int
    link: Link

    @property
    def source(self) -> ActorMention:
        """Return the mention of the acting country."""
        return self.sentence.mentions[self.source_index]

    @property
    def target(self) -> ActorMention:
        """Return the mention of the country acted on."""
        return self.sentence.mentions[self.target_index]


def read_sentence(doc: Doc, mentions: Sequence[ActorMention]) -> ParsedSentence:
    """Return what the pairs of a parsed sentence share."""
    tree = read_tree(doc)
    bases = tuple(base_forms(tree))
    heads = tuple(tree.head_of(mention.start, mention.end) for mention in mentions)
    chains = tuple(tree.chain(head) for head in heads)
    return ParsedSentence(tree, bases, tuple(mentions), heads, chains, find_hits(tree, bases))


def _best_link(
    sentence: ParsedSentence, sources: Sequence[int], targets: Sequence[int]
) -> tuple[int, int, Link] | None:
    """Return the mentions of two countries that hang together most closely."""
    best: tuple[tuple[int, int], int, int, Link] | None = None
    for source in sources[:_MAX_MENTIONS_EACH]:
        for target in targets[:_MAX_MENTIONS_EACH]:
            found = link_chains(sentence.chains[source], sentence.chains[target])
            if found is None:
                continue
            cost = (len(found), abs(source - target))
            if best is None or cost < best[0]:
                best = (cost, source, target, found)
    return best[1:] if best else None


def find_pairs(sentence: ParsedSentence) -> Iterator[PairView]:
    """Yield one view for each ordered pair of different countries in the sentence."""
    by_country: dict[str, list[int]] = {}
    for index, mention in enumerate(sentence.mentions):
        by_country.setdefault(mention.iso3, []).append(index)
    if not 2 <= len(by_country) <= MAX_COUNTRIES:
        return
    for source, target in permutations(by_country, 2):
        best = _best_link(sentence, by_country[source], by_country[target])
        if best is not None:
            yield PairView(sentence, *best)


def view_of_spans(doc: Doc, source: ActorMention, target: ActorMention) -> PairView | None:
    """Return the view of two given character spans, or None when no word joins them."""
    sentence = read_sentence(doc, (source, target))
    found = link_chains(*sentence.chains)
    return None if found is None else PairView(sentence, 0, 1, found)
