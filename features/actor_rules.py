"""Which hits are no mention: firms, namesakes, other towns, languages, datelines.

Each rule looks at the words around one hit. Word lists are in ``neighbours.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from features.actor_lexicon import BLOCK
from features.actor_match import Hit
from features.actor_phrase import head_classes
from features.countries import read_rows

_NEXT: Final = re.compile(r"[ ]([\w&.'-]*[\w.])")
_WORDS: Final = re.compile(r"\w+")
_REGION: Final = re.compile(r",[ ](?:(?:North|South|West|New)[ ])?([A-Z][\w.]*)")
_DATELINE: Final = re.compile(
    r"\s*(?=[A-ZÀ-Þ][A-ZÀ-Þ .,'/-]{3,60}|[A-Z][\w.' -]{2,30}(?:, [\w. ]{2,20})? ?\()"
    r"[A-ZÀ-Þ][\w.'/ -]{1,40}(?:,[ ][A-Z][\w .]{1,30}){0,2}"
    r"(?:[ ]?\([^()]{2,40}\))?[ ]?(?:--?|—|―)[ ]"
)
_LOOK_BEHIND: Final = 24
_MAX_TAIL: Final = 5
_MAX_CREDITS: Final = 200
_CREDITS: Final = re.compile(
    r"(?:\s*\((?:[A-Z0-9][\w.&'/-]*|via)(?:[ ](?:[A-Z0-9][\w.&'/-]*|via|of|the|and|in))*\)"
    r"[,.;]?)+\s*$"
)
_STATES: Final = ("Georgia", "Washington")
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
    if text[start - 1 : start] != " ":
        return ""
    word = text[max(0, start - _LOOK_BEHIND) : start - 1].rpartition(" ")[2]
    return word if word[-1:].isalnum() or word[-1:] == "." else ""


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


def find_credit_start(text: str) -> int:
    """Return where closing credits such as "(Reuters), (Indian Express)" begin.

    Example:
        >>> find_credit_start("Rain fell. (Times of India)")
        10
    """
    match = _CREDITS.search(text, max(0, len(text) - _MAX_CREDITS)) if ")" in text[-3:] else None
    return match.start() if match else len(text)


def keep_mentions(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits that mean the country, in order.

    A surname that once belonged to somebody else ("Greg Abbott") stays his in the text.
    """
    opening, closing = find_dateline_end(text), find_credit_start(text)
    kept = []
    strangers: set[str] = set()
    for index, hit in enumerate(hits):
        if hit.end <= opening or hit.start >= closing:
            continue
        form = text[hit.start : hit.end]
        if form not in strangers and not _is_out(text, hits, index):
            kept.append(hit)
        elif hit.entries[0].person:
            strangers.add(form)
    return kept


def _is_out(text: str, hits: Sequence[Hit], index: int) -> bool:
    entry = hits[index].entries[0]
    if entry.kind == BLOCK:
        return True
    if entry.person:
        return _is_namesake(text, hits, index)
    return entry.kind in _PLACE_KINDS and _is_spoken_against(text, hits, index)


def _is_namesake(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether other names around a surname make it another person or a thing."""
    hit = hits[index]
    following = next_word(text, hit.end)
    if following in ("Jr", "Jr.", "Sr", "Sr.", "II", "III"):
        return True
    if " " in text[hit.start : hit.end]:
        return False
    if hit.start and text[hit.start - 1] == "-":
        return not (index and hits[index - 1].end == hit.start - 1)
    is_last = index + 1 == len(hits) or hits[index + 1].start != hit.end + 1
    if following[:1].isupper() and is_last and not _is_office_word(following):
        return following not in word_set("after_name")
    before = previous_word(text, hit.start)
    is_after_hit = index > 0 and hits[index - 1].end + 1 == hit.start
    return not is_after_hit and _is_given(text, hit.start, before)


def _is_given(text: str, start: int, before: str) -> bool:
    """Return whether the word before a surname is a name that does not open the sentence."""
    if not before[:1].isupper() or before in word_set("honorific"):
        return False
    if before in word_set("given_name") or before[1:] == ".":
        return True
    if before[-1] == ".":
        return False
    end = start - len(before) - 1
    head = text[max(0, end - 4) : end].rstrip()
    is_inside = bool(head) and head[-1] not in '.!?:;"“”(—-'
    return is_inside and not _is_office_word(before) and before not in word_set("function_word")


def _is_office_word(word: str) -> bool:
    return word in head_classes()


def _is_spoken_against(text: str, hits: Sequence[Hit], index: int) -> bool:
    hit = hits[index]
    after = text[hit.end : hit.end + 1]
    if after == "$":
        return True
    if after == " " and text[hit.end + 1 : hit.end + 2].isupper():
        if _is_company(text, hits, index) or _is_given_name(text, hits, index):
            return True
    elif after == "," and _is_other_town(text, hits, index):
        return True
    before = previous_word(text, hit.start)
    if before and _is_named_after(text, hits, index, before):
        return True
    if hit.entries[0].kind == "demonym":
        return _is_language(text, hit, before)
    return text[hit.start : hit.end] in _STATES and _is_us_state(text, hits, index)


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
            return True
    return False


def _is_named_after(text: str, hits: Sequence[Hit], index: int, before: str) -> bool:
    """Return whether the word before makes it a person, a club or another place."""
    if before in word_set("before_drop"):
        return True
    start = hits[index].start
    if before == "of":
        return text.endswith(("University of ", "Institute of "), 0, start)
    is_after_hit = index > 0 and hits[index - 1].end + 1 == start
    return before in word_set("given_name") and not is_after_hit


def _is_given_name(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether a name such as Jordan or Santiago is followed by a surname."""
    hit = hits[index]
    if text[hit.start : hit.end] not in word_set("first_name"):
        return False
    is_before_hit = index + 1 < len(hits) and hits[index + 1].start == hit.end + 1
    return not is_before_hit and next_word(text, hit.end) not in word_set("after_name")


def _is_other_town(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether a capital's name is followed by another land: "Tripoli, Lebanon"."""
    hit = hits[index]
    match = _REGION.match(text, hit.end)
    if match is None or hit.entries[0].kind == "demonym":
        return False
    region = match[1].rstrip(".")
    if region == "Georgia":
        is_city = hit.entries[0].kind == "capital"
        return is_city and not _words_of(text) & word_set("georgia_country")
    if {region, f"{region}."} & word_set("us_region"):
        return True
    if hit.entries[0].kind != "capital" or index + 1 == len(hits):
        return False
    after = hits[index + 1]
    is_apposed = after.start == hit.end + 2 and after.entries[0].kind == "name"
    is_abroad = is_apposed and after.entries[0].iso3 != hit.entries[0].iso3
    return is_abroad and previous_word(text, hit.start) in ("in", "at", "near", "of", "from")


def _is_language(text: str, hit: Hit, before: str) -> bool:
    """Return whether a demonym means the language: "in Spanish.", "French-speaking"."""
    after = text[hit.end : hit.end + 1]
    if after == "-":
        return text.startswith(("-language", "-speaking", "-speaker"), hit.end)
    if before in word_set("language_before"):
        return True
    if after == " ":
        return next_word(text, hit.end) in word_set("language_after")
    return before in ("in", "(in") and after in ("", ".", ",", ")")


def _is_us_state(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether Georgia or Washington is the U.S. state, by other words of the text."""
    hit = hits[index]
    words = _words_of(text)
    if text[hit.start : hit.end] == "Georgia":
        return not words & word_set("georgia_country") and bool(
            words & word_set("georgia_us") or _follows_town(text, hits, index)
        )
    is_apposed = text[max(0, hit.start - 2) : hit.start] == ", "
    return is_apposed and bool(words & word_set("washington_us"))


@lru_cache(maxsize=1)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text))


def _follows_town(text: str, hits: Sequence[Hit], index: int) -> bool:
    """Return whether a capitalised word that is no country comes before the comma."""
    comma = hits[index].start - 2
    if text[max(0, comma) : comma + 2] != ", ":
        return False
    if index and hits[index - 1].end == comma:
        return hits[index - 1].entries[0].kind == "capital"
    town = text[max(0, comma - _LOOK_BEHIND) : comma].rpartition(" ")[2]
    return town[:1].isupper()
