"""Lexicon hits of each family in a parsed sentence. Direction is not decided here.

Every family has one lexicon file in ``features/data/lexicons``; ``masks.csv``
holds the word senses that must not count ("strikes a deal", "war on drugs").
Cost is one dictionary look-up a token, whatever the number of patterns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from spacy.tokens import Doc, Span, Token

from features.errors import DataError
from features.ontology import FAMILIES, PLOVER_EVENTS
from features.types import Signal

MASK_FAMILY = "mask"
_DETERMINERS = frozenset({"a", "an", "the", "its", "his", "her", "their", "new"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """A lemma sequence, the family it speaks for and the PLOVER event it suggests."""

    lemmas: tuple[str, ...]
    pos: tuple[str, ...]
    family: str
    event: str
    sense: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern at a place: token offsets, end exclusive."""

    pattern: Pattern
    start: int
    end: int


def _parse_pattern(text: str, family: str, event: str, sense: str) -> Pattern:
    words = [word.partition("/") for word in text.split() if word not in _DETERMINERS]
    return Pattern(
        lemmas=tuple(word[0] for word in words),
        pos=tuple(word[2] for word in words),
        family=family,
        event=event,
        sense=sense,
    )


def _read_lexicon(name: str, family: str) -> Iterator[Pattern]:
    path = resources.files("features") / "data" / "lexicons" / f"{name}.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        if row["event"] and row["event"] not in PLOVER_EVENTS:
            raise DataError(f"expected a PLOVER event in {name}.csv, got {row['event']!r}")
        yield _parse_pattern(row["pattern"], family, row["event"], row["sense"])


@cache
def load_patterns() -> dict[str, tuple[Pattern, ...]]:
    """Return all patterns by their first lemma, longest first, masks before families."""
    patterns = list(_read_lexicon("masks", MASK_FAMILY))
    for family in FAMILIES:
        patterns.extend(_read_lexicon(family, family))
    table: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        table.setdefault(pattern.lemmas[0], []).append(pattern)
    return {
        first: tuple(sorted(group, key=lambda p: (-len(p.lemmas), p.family != MASK_FAMILY)))
        for first, group in table.items()
    }


def _match_at(tokens: list[Token], start: int, pattern: Pattern) -> int | None:
    """Return the end index of ``pattern`` at ``start``, determiners being skipped."""
    index = start
    for lemma, pos in zip(pattern.lemmas, pattern.pos, strict=True):
        while index > start and index < len(tokens) and tokens[index].lower_ in _DETERMINERS:
            index += 1
        if index >= len(tokens) or tokens[index].lemma_.lower() != lemma:
            return None
        if pos and tokens[index].pos_ not in (pos, "PROPN" if pos == "NOUN" else pos):
            return None
        index += 1
    return index


def find_hits(doc: Doc | Span) -> tuple[Hit, ...]:
    """Return non-overlapping hits, longest first at each place; masked senses left out.

    Indices are relative to ``doc``; a pattern may be hit by several families.
    """
    table, tokens = load_patterns(), list(doc)
    hits: list[Hit] = []
    index = 0
    while index < len(tokens):
        found = [
            (end, pattern)
            for pattern in table.get(tokens[index].lemma_.lower(), ())
            if (end := _match_at(tokens, index, pattern)) is not None
        ]
        if not found:
            index += 1
            continue
        longest = max(end for end, _ in found)
        best = [pattern for end, pattern in found if end == longest]
        masked = any(p.family == MASK_FAMILY for p in best)
        keep = [p for p in best if (p.family == MASK_FAMILY) == masked and p.event]
        hits.extend(Hit(pattern, index, longest) for pattern in keep)
        index = longest
    return tuple(hits)


def to_signal(hit: Hit, doc: Doc | Span) -> Signal:
    """Return the hit as a value with character offsets in the sentence."""
    span = doc[hit.start : hit.end]
    start = span.start_char - doc[0].idx
    return Signal(
        hit.pattern.family, hit.pattern.sense, start, start + len(span.text), span.text
    )
