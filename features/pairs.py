"""Ordered pairs of countries in one parsed sentence, as the event coder sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Final

from spacy.tokens import Doc

from features.signals import Hit, base_forms, find_hits
from features.syntax import Link, Tree, link_chains, read_tree, relation
from features.types import ActorMention

# A sentence that lists more countries than this is a roll-call, not an event.
MAX_COUNTRIES: Final = 10
_MAX_MENTIONS_EACH: Final = 4
_TOPIC: Final = re.compile(r"[^:.;,]{3,70}: (?=\S)")
_VAGUE_COST: Final = 4
FAR: Final = 7


@dataclass(frozen=True, slots=True)
class Role:
    """How a country stands to a word: its relation and the hops between them."""

    relation: str
    distance: int


@dataclass(frozen=True)
class ParsedSentence:
    """A parsed sentence, its mentions with their token ranges and heads, and its hits."""

    tree: Tree
    bases: tuple[str, ...]
    mentions: tuple[ActorMention, ...]
    spans: tuple[tuple[int, int], ...]
    heads: tuple[int, ...]
    chains: tuple[list[int], ...]
    hits: tuple[Hit, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the codes in order of their first mention."""
        return tuple(self.by_country)

    @cached_property
    def by_country(self) -> dict[str, list[int]]:
        """Return the indices of each country's mentions, topic headings left out if possible.

        "Iraq War: British troops ..." opens with a heading that acts on nobody.
        """
        heading = _TOPIC.match(self.tree.text)
        body = heading.end() if heading else 0
        found: dict[str, list[int]] = {}
        for index, mention in enumerate(self.mentions):
            found.setdefault(mention.iso3, []).append(index)
        for code, indices in found.items():
            inside = [index for index in indices if self.mentions[index].start >= body]
            found[code] = (inside or indices)[:_MAX_MENTIONS_EACH]
        return found

    @cached_property
    def triggers(self) -> tuple[int, ...]:
        """Return the tokens that may carry an event: heads of hits, and verbs."""
        verbs = {i for i, pos in enumerate(self.tree.pos) if pos == "VERB"}
        return tuple(sorted(verbs | {hit.head for hit in self.hits}))

    @cached_property
    def roles(self) -> dict[str, dict[int, Role]]:
        """Return each country's role towards each trigger, by its nearest mention."""
        chains = {index: self.tree.chain(index) for index in self.triggers}
        return {
            code: {t: self._role(indices, chain) for t, chain in chains.items()}
            for code, indices in self.by_country.items()
        }

    def _role(self, indices: Sequence[int], chain: list[int]) -> Role:
        best: Link | None = None
        for index in indices:
            found = link_chains(self.chains[index], chain)
            if found is not None and (best is None or len(found) < len(best)):
                best = found
        if best is None or len(best) > FAR:
            return Role("far", FAR + 1)
        return Role(relation(self.tree, best), len(best))


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
    return place_mentions(read_tree(doc), mentions)


def place_mentions(tree: Tree, mentions: Sequence[ActorMention]) -> ParsedSentence:
    """Return what the pairs of a sentence share, of which the tree is read already."""
    bases = tuple(base_forms(tree))
    spans = tuple(tree.span_of(mention.start, mention.end) for mention in mentions)
    heads = tuple(tree.head_of(*span) for span in spans)
    chains = tuple(tree.chain(head) for head in heads)
    hits = find_hits(tree, bases)
    return ParsedSentence(tree, bases, tuple(mentions), spans, heads, chains, hits)


def _best_link(
    sentence: ParsedSentence, sources: Sequence[int], targets: Sequence[int]
) -> tuple[int, int, Link] | None:
    """Return the mentions of two countries that hang together most closely.

    One span that stands for both ("the two countries") comes last.
    """
    best: tuple[tuple[int, int], int, int, Link] | None = None
    for source in sources:
        for target in targets:
            found = link_chains(sentence.chains[source], sentence.chains[target])
            if found is None:
                continue
            ends = sentence.mentions[source], sentence.mentions[target]
            vague = sum(end.kind in ("role", "pronoun") for end in ends)
            shared = 10 if ends[0].start == ends[1].start else 0
            cost = (len(found) + _VAGUE_COST * vague + shared, abs(source - target))
            if best is None or cost < best[0]:
                best = (cost, source, target, found)
    return best[1:] if best else None


def find_pairs(sentence: ParsedSentence) -> Iterator[PairView]:
    """Yield one view for each ordered pair of different countries in the sentence."""
    by_country = sentence.by_country
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
