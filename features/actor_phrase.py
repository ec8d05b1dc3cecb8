"""The noun phrase around a country word: how far it reaches and which sector it means.

"Iranian naval forces" are MIL, "Iran's foreign minister" GOV, "Iranian students" CVL,
"Palestinian militants" NSA. Word classes are in ``heads.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from features.countries import read_rows

_STEP: Final = re.compile(r"(?:[ ]|(?<=\w)-)([\w'-]*\w)")
_POSSESSIVE: Final = re.compile(r"'s?(?=[ ])")
_COMPOUND: Final = re.compile(
    r"-(?:(?P<proxy>backed|aligned|supported|allied|funded|armed|trained|sponsored|controlled"
    r"|held|run|installed)|(?P<civil>born|based|made|owned|flagged|registered|language)"
    r"|(?P<own>led|occupied|brokered|mediated|administered|imposed))\b",
    re.IGNORECASE,
)
_TRADE: Final = re.compile(r".*(?:(?:[^e]er|or|ist|ian|man|woman)s?|men|women)$")
_OFFICE: Final = re.compile(
    r"[ ](?:of|for)[ ](?:the[ ])?[A-Z]\w+(?:[ ](?:and[ ])?(?:Affairs|Staff|Security|Defen[cs]e"
    r"|Relations|Trade|Industry|Chiefs))*"
)
_NAME: Final = re.compile(
    r"(?:[ ](?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May[ ]\d"
    r"|June|July|August|September|October|November|December)(?:[A-ZÀ-Þ][\w'.-]*\w|[A-Z]\.)){1,4}"
)
_OF: Final = re.compile(r"((?:[\w-]+[ ]){1,4})of[ ](?:the[ ])?$")
_MAX_WORDS: Final = 6
_LOOK_BEHIND: Final = 60


@dataclass(frozen=True, slots=True)
class Phrase:
    """How far a phrase reaches, its sector ("" where the words do not tell), its head.

    Args:
        is_titled: the head is an office, so that a name after it belongs to it.
    """

    start: int
    end: int
    sector: str = ""
    head: str = ""
    is_titled: bool = False


@cache
def head_classes() -> dict[str, tuple[str, str]]:
    """Return word -> (sector, role) of ``heads.csv``."""
    return {row["word"]: (row["sector"], row["role"]) for row in read_rows("heads")}


def read_phrase(text: str, start: int, end: int, limit: int, *, is_adjective: bool) -> Phrase:
    """Return the phrase that a country word at [start, end) belongs to.

    Args:
        text: with plain apostrophes and dashes.
        start: offset of the country word.
        end: offset after it.
        limit: offset that the phrase may not pass, such as the next country word.
        is_adjective: the word modifies what follows.

    Example:
        >>> read_phrase("Iran's naval forces fired", 0, 4, 25, is_adjective=False)
        Phrase(start=0, end=19, sector='MIL', head='forces', is_titled=False)
    """
    compound = _COMPOUND.match(text, end)
    if compound:
        return _read_compound(text, start, compound, limit)
    possessive = _POSSESSIVE.match(text, end)
    found = _walk(text, start, possessive.end() if possessive else end, limit)
    if text.endswith(("pro-", "Pro-", "anti-", "Anti-"), 0, start):
        return replace(found, sector="NSA" if found.sector == "NSA" else "CVL")
    if found.sector:
        return found
    return _read_of(text, start, end) or Phrase(
        start, end, _guess(text, end) if is_adjective and not possessive else ""
    )


def _read_compound(text: str, start: int, compound: re.Match[str], limit: int) -> Phrase:
    """Return the phrase of "Iran-backed militias", "U.S.-led forces", "French-born nurse"."""
    found = _walk(text, start, compound.end(), limit)
    if compound["own"] or not found.sector:
        sector = "CVL" if compound["civil"] and not found.sector else found.sector
        return replace(found, sector=sector)
    is_armed = found.sector in ("MIL", "NSA") and not compound["civil"]
    return replace(found, sector="NSA" if is_armed or found.sector == "NSA" else "CVL")


def _walk(text: str, start: int, position: int, limit: int) -> Phrase:
    """Return the longest run of known words that ends in a head; sector "" if there is none."""
    step = _STEP.match(text, position)
    if step is None or step[1] not in head_classes():
        return Phrase(start, position)
    best, sticky = Phrase(start, position), ""
    for _ in range(_MAX_WORDS):
        step = _STEP.match(text, position)
        if step is None or step.end() > limit or step[1] not in head_classes():
            break
        sector, role = head_classes()[step[1]]
        position = step.end()
        sticky = sticky or (sector if role == "sticky" or sector == "NSA" else "")
        if role in ("head", "title") and not _is_general_modifier(text, step):
            best = Phrase(start, position, sticky or sector, step[1], role == "title")
            position = _skip_office(text, best, limit)
    if not best.sector:
        return best
    end = _skip_office(text, best, limit)
    if best.is_titled:
        end = _skip_name(text, end, limit)
    return best if end == best.end else replace(best, end=end)


def _is_general_modifier(text: str, step: re.Match[str]) -> bool:
    """Return whether "general" is no rank: "general election"."""
    return step[1] == "general" and text[step.end() + 1 : step.end() + 2].islower()


def _skip_office(text: str, phrase: Phrase, limit: int) -> int:
    """Return the end of "Secretary" with its "of State"."""
    office = _OFFICE.match(text, phrase.end) if phrase.head[:1].isupper() else None
    return office.end() if office and office.end() <= limit else phrase.end


def _skip_name(text: str, end: int, limit: int) -> int:
    name = _NAME.match(text, end, limit)
    return name.end() if name else end


def _read_of(text: str, start: int, end: int) -> Phrase | None:
    """Return the phrase of "the government of France", or None."""
    if not text.endswith(("of ", "of the "), 0, start):
        return None
    before = _OF.search(text[max(0, start - _LOOK_BEHIND) : start])
    if before is None:
        return None
    first, sector, head = start, "", ""
    position = start - len(before[0]) + len(before[1]) - 1
    for word in reversed(before[1].split()):
        known = head_classes().get(word)
        if known is None or (not sector and known[1] not in ("head", "title")):
            break
        first, head = position - len(word), head or word
        sector = sector or known[0]
        position = first - 1
    return Phrase(first, end, sector, head) if sector else None


def _guess(text: str, end: int) -> str:
    """Return "CVL" when the next word looks like a person by trade, else ""."""
    step = _STEP.match(text, end)
    if step is None or not step[1][:1].islower() or step[1] in head_classes():
        return ""
    return "CVL" if _TRADE.match(step[1]) else ""
