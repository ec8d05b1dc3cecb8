"""Roles and pronouns: "he", "the two countries", "the government", where they are certain.

What is doubtful stays unresolved. Phrases such as "the Russian foreign minister" need no
memory and are read in ``actor_phrase``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from features.actor_lexicon import Entry
from features.types import ActorMention

Found = tuple[ActorMention, Entry]

_PRONOUN: Final = re.compile(r"\b(?:(?P<m>[Hh]e|[Hh]is|[Hh]im)|(?P<f>[Ss]he|[Hh]er|[Hh]ers))\b")
_BOTH: Final = re.compile(
    r"\b(?:[Tt]he two|[Bb]oth|[Tt]he two neighbou?ring)[ ]"
    r"(?:countries|nations|sides|states|governments|leaders|presidents|neighbou?rs|armies"
    r"|foreign ministers|prime ministers|delegations|militaries)\b"
)
_ROLE: Final = re.compile(
    r"\b[Tt]he[ ](?:(?P<GOV>president|prime minister|foreign minister|defen[cs]e minister"
    r"|government|foreign ministry|defen[cs]e ministry)|(?P<MIL>military|army|navy|air force))"
    r"(?![\w-]|'s?[ ]of|[ ](?:of|for|in)\b)"
)
_STRANGER: Final = re.compile(r"(?<![.!?][ ])(?<!^)\b[A-ZÀ-Þ][a-zà-ÿ]+[ ][A-ZÀ-Þ][a-zà-ÿ]+")
_MAX_OPENING: Final = 40
# Beyond these it is a list or a page, not a sentence, and nothing is certain.
_MAX_MENTIONS: Final = 100
_MAX_DISTANCE: Final = 400
# An office without a name: "the Ukrainian president".
_ANY_GENDER: Final = "mf"


@dataclass(frozen=True, slots=True)
class ActorContext:
    """What the sentences before have named.

    Args:
        people: full names seen, which unlock their surnames.
        countries: codes seen, in order of first mention, bodies left out.
        leader_iso3, leader_gender: the last leader, or the last holder of an office without
            a name ("mf"), when the last sentence that named one named nobody else; "" otherwise.
    """

    people: frozenset[str] = frozenset()
    countries: tuple[str, ...] = ()
    leader_iso3: str = ""
    leader_gender: str = ""


EMPTY_CONTEXT: Final = ActorContext()


def extend_context(
    context: ActorContext, found: Sequence[Found], roles: Sequence[ActorMention] = ()
) -> ActorContext:
    """Return the memory after a sentence; a leader is kept only while he is spoken of."""
    seen = dict.fromkeys(context.countries)
    seen.update(dict.fromkeys(m.iso3 for m, _ in found if m.sector in ("GOV", "MIL")))
    people = {entry.person for _, entry in found if entry.person}
    after = replace(context, people=context.people | people, countries=tuple(seen))
    leaders = {(m.iso3, e.gender) for m, e in found if e.gender} or {
        (m.iso3, _ANY_GENDER) for m, _ in found if m.kind == "role"
    }
    if not leaders and any(mention.kind == "pronoun" for mention in roles):
        return after
    iso3, gender = leaders.pop() if len(leaders) == 1 else ("", "")
    return replace(after, leader_iso3=iso3, leader_gender=gender)


def resolve_roles(
    text: str, found: Sequence[Found], context: ActorContext = EMPTY_CONTEXT
) -> list[ActorMention]:
    """Return mentions for pronouns, bare offices and "both sides", in text order.

    Args:
        text: the sentence.
        found: its mentions by name, in order, with their lexicon entries.
        context: what came before in the article.
    """
    if len(found) > _MAX_MENTIONS:
        return []
    resolved = [*_pronouns(text, found, context), *_pairs(text, found, context)]
    resolved += _offices(text, found, context)
    taken = [(m.start, m.end) for m, _ in found]
    return sorted(
        (m for m in resolved if not any(s < m.end and m.start < e for s, e in taken)),
        key=lambda mention: (mention.start, mention.iso3),
    )


def _pronouns(text: str, found: Sequence[Found], context: ActorContext) -> list[ActorMention]:
    if not context.leader_iso3 and not any(entry.gender for _, entry in found):
        return []
    resolved = []
    for match in _PRONOUN.finditer(text):
        gender = match.lastgroup or ""
        iso3 = _antecedent(text, match.start(), gender, found, context)
        if iso3:
            resolved.append(_mention(match, iso3, "pronoun", "GOV"))
    return resolved


def _antecedent(
    text: str, start: int, gender: str, found: Sequence[Found], context: ActorContext
) -> str:
    """Return the country of the one leader that a pronoun can mean, or ""."""
    before = [(m, e) for m, e in found if m.end <= start]
    leaders = {(m.iso3, e.person) for m, e in before if e.gender}
    if len(leaders) > 1:
        return ""
    last_end = 0
    iso3, sex = context.leader_iso3, context.leader_gender
    for mention, entry in before:
        if entry.gender:
            iso3, sex, last_end = mention.iso3, entry.gender, mention.end
    if start - last_end > (_MAX_DISTANCE if leaders else _MAX_OPENING):
        return ""
    spans = [(m.start, m.end) for m, _ in before]
    is_fit = sex in (gender, _ANY_GENDER)
    return iso3 if is_fit and not _has_stranger(text, last_end, start, spans) else ""


def _has_stranger(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether a name that is no mention stands between the two offsets."""
    return any(
        not any(s < match.end() and match.start() < e for s, e in spans)
        for match in _STRANGER.finditer(text, start, end)
    )


def _pairs(text: str, found: Sequence[Found], context: ActorContext) -> list[ActorMention]:
    if "two " not in text and "oth " not in text:
        return []
    resolved = []
    for match in _BOTH.finditer(text):
        before = dict.fromkeys(
            m.iso3 for m, _ in found if m.end <= match.start() and m.sector in ("GOV", "MIL")
        )
        codes = tuple(before) if len(before) >= 2 else context.countries
        if len(codes) == 2 and set(before) <= set(codes):
            resolved += [_mention(match, iso3, "role", "GOV") for iso3 in codes]
    return resolved


def _offices(text: str, found: Sequence[Found], context: ActorContext) -> list[ActorMention]:
    """Return bare offices of the only country that the article has named so far."""
    if len(context.countries) != 1:
        return []
    iso3 = context.countries[0]
    first = min((m.start for m, _ in found if m.iso3 != iso3), default=len(text))
    return [
        _mention(match, iso3, "role", match.lastgroup or "GOV")
        for match in _ROLE.finditer(text)
        if match.start() < first
    ]


def _mention(match: re.Match[str], iso3: str, kind: str, sector: str) -> ActorMention:
    return ActorMention(match.start(), match.end(), match[0], iso3, kind, sector)
