"""Whether an event is asserted, planned, hypothetical, negated, historical or reported.

Rules over the predicate's clause. What a sentence is about is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from features.syntax import Tree

_NEGATIONS: Final = frozenset({"not", "n't", "never", "no", "without", "neither", "nor"})
_DENIALS: Final = frozenset({"deny", "refute"})
_ARGUMENTS: Final = frozenset({"xcomp", "obj", "ccomp", "nmod", "obl"})
_POSSIBLE: Final = frozenset({"could", "may", "might", "would", "should", "can"})
_POSSIBLE_WORDS: Final = frozenset(
    {
        "possible",
        "potential",
        "possibility",
        "consider",
        "hypothetical",
        "mull",
        "contemplate",
        "weigh",
        "suggest",
        "fear",
        "speculate",
        "speculation",
        "likely",
        "unless",
    }
)
_CONDITIONS: Final = frozenset({"if", "unless", "whether"})
_FUTURE_AUX: Final = frozenset({"will", "'ll", "shall"})
_PLAN_WORDS: Final = frozenset(
    {
        "plan",
        "intend",
        "schedule",
        "prepare",
        "set",
        "due",
        "upcoming",
        "expect",
        "aim",
        "forthcoming",
        "planned",
    }
)
_BOUND: Final = frozenset({"going", "is", "are", "about", "ready", "poised"})
_SAYING: Final = frozenset(
    {
        "say",
        "claim",
        "allege",
        "report",
        "state",
        "assert",
        "maintain",
        "insist",
        "believe",
        "accuse",
        "blame",
        "according",
        "suspect",
        "reveal",
        "announce",
        "tell",
    }
)
_PAST_WORDS: Final = frozenset(
    {
        "anniversary",
        "commemorate",
        "commemoration",
        "memorial",
        "veteran",
        "decade",
        "century",
        "historic",
        "historical",
        "remembrance",
        "centenary",
        "wartime",
    }
)
_YEAR: Final = re.compile(r"\b(1[89]\d\d|20[0-4]\d)\b")
_CUE_LABELS: Final = frozenset({"aux", "mark", "advmod", "det"})
_CLAUSE_UP: Final = frozenset(
    {"ccomp", "xcomp", "advcl", "conj", "acl", "parataxis", "obl", "nmod"}
)


@dataclass(frozen=True, slots=True)
class ModalityParams:
    """When an old year makes an event historical: at least this many years back."""

    historical_years: int = 1


def _child_words(tree: Tree, index: int) -> set[str]:
    return {tree.words[child] for child in tree.children[index]}


def _child_lemmas(tree: Tree, index: int) -> set[str]:
    return {tree.lemmas[child] for child in tree.children[index]}


def _is_under(tree: Tree, index: int, labels: frozenset[str], words: frozenset[str]) -> bool:
    """Return whether the token hangs by one of the labels on one of the words."""
    label = tree.labels[index].partition(":")[0]
    return label in labels and tree.lemmas[tree.heads[index]] in words


def is_negated(tree: Tree, index: int) -> bool:
    """Return whether the predicate or its determiner is negated, or it is denied."""
    return bool(_child_words(tree, index) & _NEGATIONS) or _is_under(
        tree, index, frozenset({"ccomp", "xcomp", "obj"}), _DENIALS
    )


def is_hypothetical(tree: Tree, index: int) -> bool:
    """Return whether a modal, a condition or a word of possibility governs the predicate."""
    if _child_words(tree, index) & (_POSSIBLE | _CONDITIONS):
        return True
    if _child_lemmas(tree, index) & _POSSIBLE_WORDS:
        return True
    return _is_under(tree, index, _ARGUMENTS, _POSSIBLE_WORDS)


def is_planned(tree: Tree, index: int) -> bool:
    """Return whether the predicate lies in the announced future."""
    if _child_words(tree, index) & _FUTURE_AUX or _child_lemmas(tree, index) & _PLAN_WORDS:
        return True
    if _is_bound_to(tree, index) or _is_looked_forward_to(tree, index):
        return True
    if _is_under(tree, index, frozenset({"xcomp", "obj", "advcl"}), _PLAN_WORDS):
        return True
    head = tree.heads[index]
    return tree.labels[index] == "xcomp" and bool(_child_words(tree, head) & _FUTURE_AUX)


def _is_bound_to(tree: Tree, index: int) -> bool:
    """Return whether someone "is to" do it, "is going to" or, in a headline, just "to"."""
    if "to" not in _child_words(tree, index) or tree.pos[index] != "VERB":
        return False
    head = tree.heads[index]
    is_headline = tree.pos[head] in ("PROPN", "NOUN") and tree.heads[head] == head
    if head == index or is_headline:
        return True
    return tree.labels[index] == "xcomp" and tree.words[head] in _BOUND


def _is_looked_forward_to(tree: Tree, index: int) -> bool:
    """Return whether the predicate stands below "look forward"."""
    for _ in range(3):
        index = tree.heads[index]
        if tree.lemmas[index] == "look" and "forward" in _child_words(tree, index):
            return True
    return False


def subtree(tree: Tree, index: int) -> list[int]:
    """Return the tokens at and below a token."""
    found, stack = [], [index]
    while stack:
        found.append(stack.pop())
        stack.extend(tree.children[found[-1]])
    return found


def is_historical(tree: Tree, index: int, day: date, params: ModalityParams) -> bool:
    """Return whether an old year or a word of remembrance dates the predicate."""
    below = subtree(tree, index)
    years = [int(tree.words[i]) for i in below if _YEAR.fullmatch(tree.words[i])]
    if years and max(years) <= day.year - params.historical_years:
        return True
    return any(tree.lemmas[i] in _PAST_WORDS for i in (*below, tree.heads[index]))


def is_reported(tree: Tree, index: int) -> bool:
    """Return whether a verb of saying, with its own subject, stands above the predicate."""
    if _child_lemmas(tree, index) & {"allegedly", "reportedly", "alleged"}:
        return True
    if any(tree.labels[child] == "obl:according" for child in tree.children[index]):
        return True
    for _ in range(4):
        label, head = tree.labels[index], tree.heads[index]
        if label in ("ccomp", "parataxis") and tree.lemmas[head] in _SAYING:
            return True
        if label.startswith(("obl", "advcl")) and tree.lemmas[head] in ("accuse", "blame"):
            return True
        if head == index or label.partition(":")[0] not in _CLAUSE_UP:
            return False
        index = head
    return False


def find_modality(tree: Tree, index: int, day: date, params: ModalityParams | None = None) -> str:
    """Return the modality of the event that the token ``index`` carries on ``day``.

    Order of precedence: negated, hypothetical, historical, planned, reported, asserted.
    """
    if is_negated(tree, index):
        return "negated"
    if is_hypothetical(tree, index):
        return "hypothetical"
    if is_historical(tree, index, day, params or ModalityParams()):
        return "historical"
    if is_planned(tree, index):
        return "planned"
    return "reported" if is_reported(tree, index) else "asserted"


def modality_names(tree: Tree, bases: Sequence[str], index: int, day: date) -> Iterator[str]:
    """Yield what speaks for a modality: the rules' verdict, and the words around."""
    yield f"rule={find_modality(tree, index, day)}"
    yield f"form={tree.words[index][-3:]}|{tree.pos[index]}"
    yield f"trigger={bases[index]}"
    for child in tree.children[index]:
        yield f"child={tree.labels[child]}|{bases[child]}"
    for hop in range(1, 4):
        head = tree.heads[index]
        if head == index:
            break
        yield f"above{hop}={tree.labels[index]}|{bases[head]}"
        for child in tree.children[head]:
            if tree.labels[child].partition(":")[0] in _CUE_LABELS:
                yield f"above{hop}_child={bases[child]}"
        index = head
    years = [int(word) for word in tree.words if _YEAR.fullmatch(word)]
    if years:
        yield f"years={max(min(max(years) - day.year, 1), -3)}"
