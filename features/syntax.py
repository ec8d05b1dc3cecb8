"""How two mentions hang together in a dependency tree: who acts on whom, by what word.

Reads Universal Dependencies labels; labels of other spaCy pipelines
(``nsubjpass``, ``dobj``, ``agent``, ``poss``, ``prep``/``pobj``) are mapped to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Token

_SAME: Final = {
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "dobj": "obj",
    "dative": "iobj",
    "poss": "nmod:poss",
    "nn": "compound",
    "relcl": "acl:relcl",
}
# Labels through which a name hands its role to the word above it.
_TRANSPARENT: Final = frozenset({"compound", "amod", "appos", "flat", "nummod", "det", "nmod:poss"})
_CLAUSAL: Final = frozenset(
    {"xcomp", "ccomp", "advcl", "acl", "acl:relcl", "conj", "parataxis", "csubj", "nmod", "obl"}
)
_PREDICATES: Final = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX"})
MAX_CLIMB: Final = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One hop upwards: from token ``index`` to its head by ``label``."""

    index: int
    label: str
    head: int


@dataclass(frozen=True, slots=True)
class Link:
    """The route between two mentions.

    Args:
        predicate: index of the lowest word above both.
        source_steps, target_steps: the hops from each mention up to the predicate.
    """

    predicate: int
    source_steps: tuple[Step, ...]
    target_steps: tuple[Step, ...]

    @property
    def source_route(self) -> str:
        """Return the labels from the source up, for example ``"compound>nsubj"``."""
        return ">".join(step.label for step in self.source_steps) or "self"

    @property
    def target_route(self) -> str:
        """Return the labels from the target up."""
        return ">".join(step.label for step in self.target_steps) or "self"


def label_of(token: Token) -> str:
    """Return the UD label with the preposition of oblique arguments, as ``"obl:against"``."""
    label = _SAME.get(token.dep_, token.dep_)
    if label in ("prep", "agent"):
        return f"obl:{token.lemma_.lower()}"
    if label in ("obl", "nmod", "obl:agent", "obl:tmod", "obl:npmod", "nmod:npmod"):
        case = next((c.lemma_.lower() for c in token.children if c.dep_ == "case"), "")
        return f"{label.partition(':')[0]}:{case}" if case else label
    return label


def climb(token: Token) -> tuple[Step, ...]:
    """Return the hops from ``token`` to the root of its sentence, at most ``MAX_CLIMB``."""
    steps: list[Step] = []
    while token.head.i != token.i and len(steps) < MAX_CLIMB:
        if token.dep_ != "pobj":  # the preposition above already speaks for it
            steps.append(Step(token.i, label_of(token), token.head.i))
        token = token.head
    return tuple(steps)


def head_of_span(doc: Doc, start_char: int, end_char: int) -> Token:
    """Return the syntactic head of a character range (offsets within ``doc``)."""
    span = doc.char_span(start_char, end_char, alignment_mode="expand")
    return doc[0] if span is None else span.root


def link(source: Token, target: Token) -> Link | None:
    """Return how two tokens hang together, or None when they share no word above."""
    up, down = climb(source), climb(target)
    above_source = [source.i, *(step.head for step in up)]
    above_target = {index: k for k, index in enumerate([target.i, *(step.head for step in down)])}
    for k, index in enumerate(above_source):
        if index in above_target:
            return Link(index, up[:k], down[: above_target[index]])
    return None


def role(steps: tuple[Step, ...]) -> str:
    """Return the role that a route gives: the last label that is no mere name part."""
    carried = [step.label for step in steps if step.label not in _TRANSPARENT]
    return carried[-1] if carried else (steps[-1].label if steps else "self")


def predicates_on(steps: tuple[Step, ...], doc: Doc) -> tuple[Token, ...]:
    """Return the content words that a route passes, nearest the mention first."""
    return tuple(doc[s.head] for s in steps if doc[s.head].pos_ in _PREDICATES)


def clause_tokens(predicate: Token) -> tuple[Token, ...]:
    """Return the words of the predicate's own clause, nested clauses left out."""
    tokens, stack = [predicate], list(predicate.children)
    while stack:
        token = stack.pop()
        tokens.append(token)
        if token.dep_ not in ("ccomp", "advcl", "acl:relcl", "relcl", "parataxis", "conj"):
            stack.extend(token.children)
    return tuple(sorted(tokens, key=lambda t: t.i))
