"""Which hits are no mention: firms, namesakes, other towns, languages, datelines.

Each rule looks at the words around one hit. Word lists are in ``neighbours.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from features.actor_match import Hit
from features.countries import read_rows

_NEXT: Final = re.compile(r"[ ]([\w&.'-]*[\w.])")
_PREVIOUS: Final = re.compile(r"([\w.'-]+)[ ]$")
_WORDS: Final = re.compile(r"\w+")
_REGION: Final = re.compile(r",[ ](?:(?:North|South|West|New)[ ])?([A-Z][\w.]*)")
_DATELINE: Final = re.compile(
    r"\s*(?=[A-ZÀ-Þ][A-ZÀ-Þ .,'/-]{3,60}|[A-Z][\w.' -]{2,30}(?:, [\w. ]{2,20})? ?\()"
    r"[A-ZÀ-Þ][\w.'/ -]{1,40}(?:,[ ][A-Z][\w .]{1,30}){0,2}"
    r"(?:[ ]?\([^()]{2,40}\))?[ ]?(?:--?|—|―)[ ]"
)
_LOOK_BEHIND: Final = 24
_MAX_TAIL: Final = 5
_PLACE_KINDS: Final = ("name", "capital", "demonym")


@cache
def word_set(rule: str) -> frozenset[str]:
    """Return the words of one rule of ``neighbours.csv``."""
    return frozenset(row["word"] for row in read_rows("neighbours") if row["rule"] == rule)


def next_word(text: str, end: int) -> str:
    """Return the word one space after the offset, or "".

    Example:
        >>> next_word("Air France flight", 10)
        'flight'
    """
    match = _NEXT.match(text, end)
    return match[1] if match else ""


def previous_word(text: str, start: int) -> str:
    """Return the word one space before the offset, or "".

    Example:
        >>> previous_word("Air France flight", 4)
        'Air'
    """
    match = _PREVIOUS.search(text[max(0, start - _LOOK_BEHIND) : start])
    return match[1] if match else ""


def find_dateline_end(text: str) -> int:
    """Return where a wire story's opening place and agency end, 0 when there is none.

    Example:
        >>> find_dateline_end("BEIJING (Reuters) - China said")
        20
    """
    match = _DATELINE.match(text[:120])
    if match is None:
        return 0
    head = match[0].split("(")[0].split(",")[0].strip(" -—―")
    return match.end() if "(" in match[0] or head.isupper() else 0


def keep_mentions(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits that mean the country, in order."""
    opening = find_dateline_end(text)
    kept = []
    for index, hit in enumerate(hits):
        if hit.end <= opening or hit.is_block:
            continue
        if hit.entries[0].kind not in _PLACE_KINDS or not _is_spoken_against(text, hits, index):
            kept.append(hit)
    return kept


def _is_spoken_against(text: str, hits: Sequence[Hit], index: int) -> bool:
    return any(rule(text, hits, index) for rule in _RULES)


def _is_currency(text: str, hits: Sequence[Hit], index: int) -> bool:
    return text[hits[index].end : hits[index].end + 1] == "$"


def _is_company(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether capitalised words lead from the hit to "Airlines", "Inc" and the like."""
    end = hits[index].end
    limit = hits[index + 1].start if index + 1 < len(hits) else len(text)
    tails = word_set("company_tail")
    for _ in range(_MAX_TAIL):
        word = next_word(text, end)
        if not word[:1].isupper() or end + 1 >= limit:
            return False
        end += 1 + len(word)
        if word in tails:
            return word != "Air" or next_word(text, end) not in word_set("air_after")
    return False


def _is_named_after(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether the word before makes it a person, a club or another place."""
    hit = hits[index]
    word = previous_word(text, hit.start)
    if word in word_set("before_drop"):
        return True
    if text[hit.start - 14 : hit.start] == "University of ":
        return True
    return word in word_set("given_name") and not _ends_a_hit(hits, index)


def _ends_a_hit(hits: Sequence[Hit], index: int) -> bool:
    return index > 0 and hits[index - 1].end + 1 == hits[index].start


def _is_given_name(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether a name such as Jordan or Santiago is followed by a surname."""
    hit = hits[index]
    if text[hit.start : hit.end] not in word_set("first_name"):
        return False
    word = next_word(text, hit.end)
    is_hit = index + 1 < len(hits) and hits[index + 1].start == hit.end + 1
    return word[:1].isupper() and not is_hit and word not in word_set("after_name")


def _is_other_town(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether a capital's name is followed by another land: "Tripoli, Lebanon"."""
    hit = hits[index]
    match = _REGION.match(text, hit.end)
    if match is None or hit.entries[0].kind == "demonym":
        return False
    if match[1] in word_set("us_region"):
        return not text.startswith(", Georgia and", hit.end)
    if hit.entries[0].kind != "capital" or index + 1 == len(hits):
        return False
    after = hits[index + 1]
    is_apposed = after.start == hit.end + 2 and after.entries[0].kind == "name"
    is_abroad = is_apposed and after.entries[0].iso3 != hit.entries[0].iso3
    return is_abroad and previous_word(text, hit.start) in ("in", "at", "near", "of", "from")


def _is_language(text: str, hits: Sequence[Hit], index: int) -> bool:
    hit = hits[index]
    if hit.entries[0].kind != "demonym":
        return False
    if text.startswith(("-language", "-speaking", "-speaker"), hit.end):
        return True
    before, after = previous_word(text, hit.start), next_word(text, hit.end)
    if before in word_set("language_before") or after in word_set("language_after"):
        return True
    return before in ("in", "(in") and text[hit.end : hit.end + 1] in ("", ".", ",", ")")


def _is_state_of_the_union(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether Georgia or Washington is the U.S. state, by other words of the text."""
    hit = hits[index]
    form = text[hit.start : hit.end]
    if form == "Georgia":
        words = set(_WORDS.findall(text))
        return not words & word_set("georgia_country") and bool(
            words & word_set("georgia_us") or _follows_town(text, hits, index)
        )
    if form == "Washington" and text[hit.start - 2 : hit.start] == ", ":
        return bool(set(_WORDS.findall(text)) & word_set("washington_us"))
    return False


def _follows_town(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether a capitalised word that is no country comes before the comma."""
    start = hits[index].start
    if text[start - 2 : start] != ", " or (index and hits[index - 1].end == start - 2):
        return False
    town = _PREVIOUS.search(text[max(0, start - _LOOK_BEHIND) : start - 2] + " ")
    return town is not None and town[1][:1].isupper()


_Rule = Callable[[str, Sequence[Hit], int], bool]
_RULES: Final[tuple[_Rule, ...]] = (
    _is_currency,
    _is_company,
    _is_named_after,
    _is_given_name,
    _is_other_town,
    _is_language,
    _is_state_of_the_union,
)
