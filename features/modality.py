"""Whether an event is asserted, planned, hypothetical, negated, historical or reported.

Rules over the predicate's clause. What a sentence is about is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from spacy.tokens import Doc, Token

_NEGATIONS: Final = frozenset({"not", "n't", "never", "no", "without", "neither", "nor"})
_DENIALS: Final = frozenset({"deny", "refute", "rule"})
_POSSIBLE: Final = frozenset({"could", "may", "might", "would", "should", "can"})
_POSSIBLE_WORDS: Final = frozenset(
    {"possible", "potential", "possibility", "consider", "hypothetical", "mull", "contemplate",
     "weigh", "suggest", "fear", "speculate", "speculation", "likely", "unless"}
)
_CONDITIONS: Final = frozenset({"if", "unless", "whether"})
_FUTURE_AUX: Final = frozenset({"will", "'ll", "shall"})
_PLAN_WORDS: Final = frozenset(
    {"plan", "intend", "schedule", "prepare", "set", "due", "upcoming", "expect", "aim",
     "forthcoming", "planned"}
)
_SAYING: Final = frozenset(
    {"say", "claim", "allege", "report", "state", "assert", "maintain", "insist", "believe",
     "accuse", "blame", "according", "suspect", "reveal", "announce", "tell"}
)
_PAST_WORDS: Final = frozenset(
    {"anniversary", "commemorate", "commemoration", "memorial", "veteran", "decade", "century",
     "historic", "historical", "remembrance", "centenary", "wartime"}
)
_YEAR: Final = re.compile(r"\b(1[89]\d\d|20[0-4]\d)\b")
_CLAUSE_UP: Final = frozenset({"ccomp", "xcomp", "advcl", "conj", "acl", "parataxis", "obl", "nmod"})


@dataclass(frozen=True, slots=True)
class ModalityParams:
    """When an old year makes an event historical: at least this many years back."""

    historical_years: int = 1


def _children(token: Token) -> set[str]:
    return {child.lower_ for child in token.children}


def is_negated(predicate: Token) -> bool:
    """Return whether the predicate or its determiner is negated, or it is denied."""
    if _children(predicate) & _NEGATIONS:
        return True
    head = predicate.head
    return predicate.dep_ in ("ccomp", "xcomp", "obj") and head.lemma_.lower() == "deny"


def is_hypothetical(predicate: Token) -> bool:
    """Return whether a modal, a condition or a word of possibility governs the predicate."""
    words = _children(predicate)
    if words & _POSSIBLE or words & _CONDITIONS:
        return True
    if {child.lemma_.lower() for child in predicate.children} & _POSSIBLE_WORDS:
        return True
    return predicate.dep_ in ("xcomp", "obj", "ccomp", "nmod", "obl") and (
        predicate.head.lemma_.lower() in _POSSIBLE_WORDS
    )


def is_planned(predicate: Token) -> bool:
    """Return whether the predicate lies in the announced future."""
    words = _children(predicate)
    if words & _FUTURE_AUX or {c.lemma_.lower() for c in predicate.children} & _PLAN_WORDS:
        return True
    if predicate.head.lemma_.lower() in _PLAN_WORDS and predicate.dep_ in ("xcomp", "obj", "advcl"):
        return True
    return predicate.dep_ == "xcomp" and any(
        child.lower_ in _FUTURE_AUX for child in predicate.head.children
    )


def is_historical(predicate: Token, doc: Doc, day: date, params: ModalityParams) -> bool:
    """Return whether an old year or a word of remembrance dates the predicate."""
    subtree = list(predicate.subtree)
    years = [int(m) for m in _YEAR.findall(" ".join(t.text for t in subtree))]
    if years and max(years) <= day.year - params.historical_years:
        return True
    return any(token.lemma_.lower() in _PAST_WORDS for token in (*subtree, predicate.head))


def is_reported(predicate: Token) -> bool:
    """Return whether a verb of saying, with its own subject, stands above the predicate."""
    token = predicate
    for _ in range(4):
        if token.dep_ in ("ccomp", "parataxis") and token.head.lemma_.lower() in _SAYING:
            return True
        if token.dep_ in ("obl", "advcl") and token.head.lemma_.lower() in ("accuse", "blame"):
            return True
        if token.head.i == token.i or token.dep_ not in _CLAUSE_UP:
            break
        token = token.head
    return any(c.lemma_.lower() in ("allegedly", "reportedly") for c in predicate.children)


def find_modality(
    predicate: Token, doc: Doc, day: date, params: ModalityParams | None = None
) -> str:
    """Return the modality of the event that ``predicate`` carries on ``day``.

    Order of precedence: negated, hypothetical, historical, planned, reported, asserted.
    """
    if is_negated(predicate):
        return "negated"
    if is_hypothetical(predicate):
        return "hypothetical"
    if is_historical(predicate, doc, day, params or ModalityParams()):
        return "historical"
    if is_planned(predicate):
        return "planned"
    return "reported" if is_reported(predicate) else "asserted"
