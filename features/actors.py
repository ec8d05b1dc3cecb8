"""Country mentions in a text: who is named, in which sector, on a given day.

    mentions = load_gazetteer().find("Trump and Petro met in Washington.", day)

The lexicon is ``features/data/actors``; a dateline, an outlet, a firm or a namesake is no
mention. Nothing here needs a parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from features.actor_choice import choose_entry, settle_codes, unlock_people
from features.actor_lexicon import Entry, build_lexicon
from features.actor_match import Hit, Matcher, fold_text
from features.actor_phrase import Phrase, read_phrase
from features.actor_roles import (
    EMPTY_CONTEXT,
    ActorContext,
    Found,
    extend_context,
    resolve_roles,
)
from features.actor_rules import keep_mentions
from features.types import ActorMention

__all__ = ["ActorContext", "Gazetteer", "Reading", "find_actors", "load_gazetteer", "named_codes"]

_PLACES = ("name", "capital", "demonym", "seat")
_PAST = ("former ", "Former ", "ex-", "Ex-", "ousted ", "deposed ", "late ")
_EXTENDED = ("name", "demonym", "capital", "nonstate", "force", "agency")

Chosen = tuple[Hit, Entry]


@dataclass(frozen=True, slots=True)
class Reading:
    """The mentions of one text and the memory to read the next one with."""

    mentions: tuple[ActorMention, ...]
    context: ActorContext


@dataclass(frozen=True)
class Gazetteer:
    """The actor lexicon ready to search; build it once with ``load_gazetteer``."""

    matcher: Matcher

    def screen(self, text: str, day: date | None, *, has_groups: bool = True) -> frozenset[str]:
        """Return the codes that the text names on the day; fast, spans are not read.

        Args:
            text: any text.
            day: the day of publication; None where it is unknown, then leaders of any
                time hold.
            has_groups: count armed groups for the country whose code they carry.
        """
        folded = fold_text(text)
        chosen, named = self._choose(folded, day, frozenset())
        codes: set[str] = set()
        for hit, entry in chosen:
            if has_groups or entry.kind != "nonstate":
                codes.update(settle_codes(folded[hit.start : hit.end], entry, folded, named))
        return frozenset(codes)

    def find(
        self, text: str, day: date | None, context: ActorContext | None = None
    ) -> tuple[ActorMention, ...]:
        """Return the mentions of the text in order."""
        return self.read(text, day, context or EMPTY_CONTEXT).mentions

    def read(self, text: str, day: date | None, context: ActorContext = EMPTY_CONTEXT) -> Reading:
        """Return the mentions and the memory after the text."""
        folded = fold_text(text)
        chosen, named = self._choose(folded, day, context.people)
        found = _build_mentions(text, folded, chosen, named)
        roles = resolve_roles(folded, found, context)
        mentions = sorted([*(m for m, _ in found), *roles], key=lambda m: (m.start, m.end))
        return Reading(tuple(mentions), extend_context(context, found, roles))

    def _choose(
        self, folded: str, day: date | None, people: frozenset[str]
    ) -> tuple[list[Chosen], frozenset[str]]:
        """Return each hit that counts with its meaning, and the codes named outright."""
        hits = self.matcher.find_hits(folded, day.toordinal() if day else None)
        if not hits:
            return [], frozenset()
        kept = keep_mentions(folded, hits)
        named = frozenset(h.entries[0].iso3 for h in kept if h.entries[0].kind in _PLACES)
        known = people | unlock_people(kept)
        chosen = ((hit, choose_entry(hit, known, named)) for hit in kept)
        return [(hit, entry) for hit, entry in chosen if entry is not None], named


def find_actors(
    text: str, day: date | None, context: ActorContext | None = None
) -> list[ActorMention]:
    """Return the country mentions of a sentence on a day, with the shipped lexicon.

    Args:
        text: one sentence or more.
        day: the day of publication; leaders hold only while in office. None: at any time.
        context: what earlier sentences of the article named (``Gazetteer.read``).

    Example:
        >>> [m.iso3 for m in find_actors("Petro called Putin.", date(2024, 5, 1))]
        ['COL', 'RUS']
    """
    return list(load_gazetteer().find(text, day, context))


def named_codes(mentions: Sequence[ActorMention]) -> frozenset[str]:
    """Return the countries that the mentions name; armed groups do not count."""
    return frozenset(mention.iso3 for mention in mentions if mention.kind != "nonstate")


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of the package data, built once a process."""
    return Gazetteer(Matcher.build(build_lexicon()))


def _build_mentions(
    text: str, folded: str, chosen: Sequence[Chosen], named: frozenset[str]
) -> list[Found]:
    """Return mentions over whole noun phrases; an office and its holder become one."""
    found: list[Found] = []
    reach = 0
    for index, (hit, entry) in enumerate(chosen):
        phrase = _phrase_of(folded, chosen, index)
        start = max(phrase.start, reach) if phrase.start < hit.start else hit.start
        for code in settle_codes(folded[hit.start : hit.end], entry, folded, named):
            mention = _mention(text, start, phrase, code, entry)
            if _is_same_actor(folded, found, mention, entry):
                found[-1] = _merge(text, found[-1], (mention, entry))
            else:
                found.append((mention, entry))
        reach = phrase.end
    return found


def _phrase_of(folded: str, chosen: Sequence[Chosen], index: int) -> Phrase:
    hit, entry = chosen[index]
    if entry.kind not in _EXTENDED:
        return Phrase(hit.start, hit.end)
    limit = chosen[index + 1][0].start if index + 1 < len(chosen) else len(folded)
    is_adjective = entry.kind == "demonym" and entry.sector != "CVL"
    return read_phrase(folded, hit.start, hit.end, limit, is_adjective=is_adjective)


def _mention(text: str, start: int, phrase: Phrase, code: str, entry: Entry) -> ActorMention:
    sector = phrase.sector or entry.sector
    if (entry.person or phrase.is_titled) and text.endswith(_PAST, 0, start):
        sector = "CVL"
    elif entry.sector in ("IGO", "NSA") and phrase.sector != "CVL":
        sector = entry.sector
    kind = "role" if phrase.is_titled and entry.kind in ("name", "demonym") else entry.kind
    return ActorMention(start, phrase.end, text[start : phrase.end], code, kind, sector)


def _is_same_actor(
    folded: str, found: Sequence[Found], mention: ActorMention, entry: Entry
) -> bool:
    """Return whether an office and its holder stand side by side: "Iran's president | X"."""
    if not found or not entry.person or found[-1][0].iso3 != mention.iso3:
        return False
    before = found[-1][0]
    return before.end <= mention.start and folded[before.end : mention.start] in (" ", "")


def _merge(text: str, first: Found, second: Found) -> Found:
    before, after = first[0], second[0]
    words = text[before.start : after.end]
    mention = ActorMention(
        before.start, after.end, words, after.iso3, after.kind, before.sector or after.sector
    )
    return mention, second[1]
