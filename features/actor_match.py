"""Finds surface forms in a text: one Aho-Corasick pass, longest form first, whole words.

What a hit stands for on a day is settled here; whether its surroundings speak against
it is settled in ``actor_rules``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from features.actor_lexicon import Entry, Lexicon

_WINDOW: Final = 64


class Hit(NamedTuple):
    """A surface form in a text: offsets and what it may stand for on the day."""

    start: int
    end: int
    entries: tuple[Entry, ...]


def fold_text(text: str) -> str:
    """Return the text with plain apostrophes, dashes and spaces; offsets do not change.

    Example:
        >>> fold_text("Côte d’Ivoire")
        "Côte d'Ivoire"
    """
    if text.isascii():
        return text
    for old, new in (("’", "'"), ("‘", "'"), ("\xa0", " "), ("‑", "-"), ("–", "-")):
        text = text.replace(old, new)
    return text


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Return whether no letter or digit touches the range from outside."""
    if start and text[start - 1].isalnum() and text[start].isalnum():
        return False
    return end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum())


@dataclass(frozen=True)
class Matcher:
    """A frozen automaton over a lexicon.

    Args:
        shorter: for each form the forms that are its proper prefixes, longest first.
    """

    automaton: AhoCorasick
    forms: tuple[str, ...]
    entries: tuple[tuple[Entry, ...], ...]
    shorter: tuple[tuple[int, ...], ...]

    @classmethod
    def build(cls, lexicon: Lexicon) -> Matcher:
        """Return the matcher of a lexicon (about a second for 30,000 forms)."""
        forms = tuple(sorted({fold_text(form) for form in lexicon}))
        folded = {fold_text(form): entries for form, entries in lexicon.items()}
        automaton = AhoCorasick(forms, matchkind=MatchKind.LeftmostLongest)
        return cls(automaton, forms, tuple(folded[form] for form in forms), _prefixes(forms))

    def find_hits(self, text: str, ordinal: int | None) -> list[Hit]:
        """Return the hits of a folded text that hold on the day (None: any), in text order."""
        hits = []
        for index, start, end in self._scan(text):
            entries = self.entries[index]
            is_dated = len(entries) > 1 or entries[0].person or entries[0].kind == "nonstate"
            if is_dated and ordinal is not None:
                entries = tuple(e for e in entries if e.first <= ordinal <= e.last)
            if entries:
                hits.append(Hit(start, end, entries))
        return hits

    def _scan(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (form, start, end) of whole-word forms that do not overlap."""
        reach = 0
        for index, start, longest in self.automaton.find_matches_as_indexes(text):
            if start < reach:
                continue
            settled = self._settle(text, index, start, longest)
            if settled:
                reach = settled[1]
                yield settled[0], start, reach
            if not settled or reach < longest:
                for found in self._rescan(text, reach if settled else start + 1, longest):
                    reach = found[2]
                    yield found

    def _rescan(self, text: str, begin: int, limit: int) -> Iterator[tuple[int, int, int]]:
        """Yield whole-word forms that start before the limit, hidden by a longer form."""
        window = text[begin : limit + _WINDOW]
        for index, start, longest in self.automaton.find_matches_as_indexes(window):
            if begin + start >= limit:
                return
            settled = self._settle(text, index, begin + start, begin + longest)
            if settled:
                yield settled[0], begin + start, settled[1]

    def _settle(self, text: str, index: int, start: int, end: int) -> tuple[int, int] | None:
        """Return the longest form at the start that ends with a word, and its end."""
        if is_whole_word(text, start, end):
            return index, end
        for other in self.shorter[index]:
            end = start + len(self.forms[other])
            if is_whole_word(text, start, end):
                return other, end
        return None


def _prefixes(forms: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """Return for each of the sorted forms the indices of its proper prefixes."""
    found: list[tuple[int, ...]] = []
    stack: list[int] = []
    for index, form in enumerate(forms):
        while stack and not form.startswith(forms[stack[-1]]):
            stack.pop()
        found.append(tuple(reversed(stack)))
        stack.append(index)
    return tuple(found)
