"""Lexicon hits of each family in a parsed sentence. Direction is not decided here.

Every family has one lexicon file in ``features/data/lexicons``; ``masks.csv``
holds the word senses that must not count ("strikes a deal", "war on drugs").
Cost is one dictionary look-up a token, whatever the number of patterns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from features.errors import DataError
from features.ontology import FAMILIES, PLOVER_EVENTS
from features.syntax import Tree
from features.types import Signal

MASK_FAMILY: Final = "mask"
# Words that a pattern skips wherever they stand.
_SKIPPED: Final = frozenset(
    {"a", "an", "the", "its", "his", "her", "their", "new", "all", "some", "more", "further"}
)
_POS: Final = {
    "VERB": frozenset({"VERB", "AUX"}),
    "NOUN": frozenset({"NOUN", "PROPN"}),
    "ADJ": frozenset({"ADJ", "PROPN", "NOUN", "VERB"}),
}


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
    """A pattern at a place: token offsets, end exclusive, and the token that heads it."""

    pattern: Pattern
    start: int
    end: int
    head: int


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one file of ``data/lexicons``."""
    path = resources.files("features") / "data" / "lexicons" / f"{name}.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    yield from csv.DictReader(lines)


def _read_lexicon(name: str, family: str) -> Iterator[Pattern]:
    for row in read_rows(name):
        if row["event"] and row["event"] not in PLOVER_EVENTS:
            raise DataError(f"expected a PLOVER event in {name}.csv, got {row['event']!r}")
        words = [w.partition("/") for w in row["pattern"].split() if w not in _SKIPPED]
        lemmas, pos = tuple(w[0] for w in words), tuple(w[2] for w in words)
        yield Pattern(lemmas, pos, family, row["event"], row["sense"])


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


def inflect(lemma: str) -> Iterator[str]:
    """Yield the regular forms of a noun or verb; forms that do not exist do no harm.

    Example:
        >>> sorted(inflect("deny"))
        ['denied', 'denies', 'deny', 'denying']
    """
    yield lemma
    yield lemma + "ing"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        yield from (lemma[:-1] + "ies", lemma[:-1] + "ied")
    elif lemma.endswith("e"):
        yield from (lemma + "s", lemma + "d", lemma[:-1] + "ing")
    else:
        yield from (lemma + "s", lemma + "es", lemma + "ed")
        if lemma[-1:] not in "aeiouwxy" and lemma[-2:-1] in "aeiou":
            yield from (lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing")


@cache
def load_forms() -> dict[str, str]:
    """Return the lexicons' lemma of each inflected form, so that no lemmatiser is trusted."""
    words = {w for group in load_patterns().values() for p in group for w in p.lemmas}
    forms = {form: word for word in sorted(words) for form in inflect(word)}
    forms |= {row["form"]: row["lemma"] for row in read_rows("irregular")}
    return forms | {word: word for word in words}


def base_forms(tree: Tree) -> list[str]:
    """Return one lemma a token: the lexicons' own where they know the form."""
    forms = load_forms()
    return [forms.get(word, lemma) for word, lemma in zip(tree.words, tree.lemmas, strict=True)]


def _match_at(bases: Sequence[str], tree: Tree, start: int, pattern: Pattern) -> int | None:
    """Return the end index of ``pattern`` at ``start``, determiners being skipped."""
    index, size = start, len(bases)
    for lemma, pos in zip(pattern.lemmas, pattern.pos, strict=True):
        while start < index < size and tree.words[index] in _SKIPPED:
            index += 1
        if index >= size or (bases[index] != lemma and tree.words[index] != lemma):
            return None
        if pos and tree.pos[index] not in _POS.get(pos, {pos}):
            return None
        index += 1
    return index


def find_hits(tree: Tree, bases: Sequence[str] | None = None) -> tuple[Hit, ...]:
    """Return non-overlapping hits, longest first at each place; masked senses left out.

    Args:
        tree: a parsed sentence; a place may be hit by several families.
        bases: one lemma a token where the caller has them already.
    """
    bases = base_forms(tree) if bases is None else bases
    table = load_patterns()
    hits: list[Hit] = []
    index = 0
    while index < len(bases):
        if bases[index] not in table and tree.words[index] not in table:
            index += 1
            continue
        end, patterns = _best_at(bases, tree, index)
        head = _head_index(tree, index, end)
        hits.extend(Hit(pattern, index, end, head) for pattern in patterns)
        index = end
    return tuple(hits)


def find_masks(tree: Tree, bases: Sequence[str]) -> tuple[Hit, ...]:
    """Return every sense that speaks for no event, the overlapping ones too.

    Args:
        tree: a parsed sentence.
        bases: one lemma a token.
    """
    table = load_patterns()
    return tuple(
        Hit(pattern, index, end, _head_index(tree, index, end))
        for index in range(len(bases))
        for first in {bases[index], tree.words[index]}
        for pattern in table.get(first, ())
        if pattern.family == MASK_FAMILY and not pattern.event
        if (end := _match_at(bases, tree, index, pattern)) is not None
    )


def _best_at(bases: Sequence[str], tree: Tree, index: int) -> tuple[int, list[Pattern]]:
    """Return where the longest match ends and what it says; a bare mask says nothing."""
    table = load_patterns()
    found = [
        (end, pattern)
        for first in {bases[index], tree.words[index]}
        for pattern in table.get(first, ())
        if (end := _match_at(bases, tree, index, pattern)) is not None
    ]
    if not found:
        return index + 1, []
    longest = max(end for end, _ in found)
    best = [pattern for end, pattern in found if end == longest]
    masked = any(p.family == MASK_FAMILY for p in best)
    return longest, [p for p in best if (p.family == MASK_FAMILY) == masked and p.event]


def _head_index(tree: Tree, start: int, end: int) -> int:
    for index in range(start, end):
        if not start <= tree.heads[index] < end or tree.heads[index] == index:
            return index
    return start


def to_signal(hit: Hit, tree: Tree) -> Signal:
    """Return the hit as a value with character offsets in the sentence."""
    last = hit.end - 1
    start, end = tree.starts[hit.start], tree.starts[last] + len(tree.words[last])
    return Signal(hit.pattern.family, hit.pattern.sense, start, end, tree.text[start:end])
