"""A light dependency tree and how two of its words hang together.

Reads Universal Dependencies labels; labels of other spaCy pipelines
(``nsubjpass``, ``dobj``, ``agent``, ``poss``, ``prep``/``pobj``) are mapped to them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

_SAME: Final = {
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "dobj": "obj",
    "dative": "iobj",
    "poss": "nmod:poss",
    "nn": "compound",
    "relcl": "acl:relcl",
    "nmod:desc": "compound",
    "flat:name": "flat",
}
_OBLIQUE: Final = frozenset({"obl", "nmod", "obl:agent", "obl:unmarked", "nmod:unmarked"})
# Labels through which a name hands its role to the word above it.
TRANSPARENT: Final = frozenset(
    {"compound", "amod", "appos", "flat", "nummod", "det", "nmod:poss", "conj", "list", "dep"}
)
CLAUSES: Final = frozenset({"ccomp", "advcl", "acl:relcl", "acl", "parataxis", "conj"})
MAX_CLIMB: Final = 14


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed sentence as plain lists, one item a token; much faster to walk than a Doc.

    Args:
        words, lemmas: lower-cased, except that ``text`` keeps the sentence as written.
        labels: UD labels, oblique ones with their preposition, as ``"obl:against"``.
        heads: index of each token's head; the root points at itself.
        starts: character offset of each token.
    """

    text: str
    words: tuple[str, ...]
    lemmas: tuple[str, ...]
    pos: tuple[str, ...]
    labels: tuple[str, ...]
    heads: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    starts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.words)

    def chain(self, index: int) -> list[int]:
        """Return the token and the words above it, at most ``MAX_CLIMB`` of them."""
        found, heads = [index], self.heads
        while heads[index] != index and len(found) < MAX_CLIMB:
            index = heads[index]
            found.append(index)
        return found

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the token range, end exclusive, of a character range."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, end - 1) - 1, first)
        return first, last + 1

    def head_of(self, first: int, end: int) -> int:
        """Return the token that heads a token range."""
        for index in range(first, end):
            if not first <= self.heads[index] < end or self.heads[index] == index:
                return index
        return first


def read_tree(doc: Doc) -> Tree:
    """Return the plain tree of a parsed sentence."""
    tokens = list(doc)
    heads = tuple(token.head.i for token in tokens)
    children: list[list[int]] = [[] for _ in heads]
    for index, head in enumerate(heads):
        if head != index:
            children[head].append(index)
    words = tuple(token.lower_ for token in tokens)
    lemmas = tuple(token.lemma_.lower() or word for token, word in zip(tokens, words, strict=True))
    deps = [_SAME.get(dep, dep) for dep in (token.dep_ for token in tokens)]
    labels = tuple(_label(index, deps, words, lemmas, children) for index in range(len(deps)))
    pos = tuple(token.pos_ for token in tokens)
    starts = tuple(token.idx for token in tokens)
    return Tree(doc.text, words, lemmas, pos, labels, heads, tuple(map(tuple, children)), starts)


def _label(
    index: int,
    deps: list[str],
    words: tuple[str, ...],
    lemmas: tuple[str, ...],
    children: list[list[int]],
) -> str:
    label = deps[index]
    if label in ("prep", "agent"):
        return f"obl:{words[index]}"
    if label not in _OBLIQUE:
        return label
    for child in children[index]:
        if deps[child] == "case":
            return f"{label.partition(':')[0]}:{words[child]}"
    return label.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Link:
    """The route between two words.

    Args:
        top: index of the lowest word above both.
        up: the tokens from the first word to just below the top.
        down: the tokens from just below the top to the second word.
    """

    top: int
    up: tuple[int, ...]
    down: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.up) + len(self.down)


def link(tree: Tree, first: int, second: int) -> Link | None:
    """Return how two tokens hang together, or None when they share no word above."""
    return link_chains(tree.chain(first), tree.chain(second))


def link_chains(first: list[int], second: list[int]) -> Link | None:
    """Return the link of two words of which the chains to the root are given."""
    above = {index: k for k, index in enumerate(second)}
    for k, index in enumerate(first):
        if index in above:
            return Link(index, tuple(first[:k]), tuple(second[: above[index]][::-1]))
    return None


def route(tree: Tree, indices: tuple[int, ...]) -> str:
    """Return the labels that a climb passes; mere name parts and coordination left out.

    A climb of name parts only keeps its last label, so that "Israeli strikes" differs
    from "Israel strikes".
    """
    if not indices:
        return "self"
    labels = [tree.labels[index] for index in indices]
    kept = [label for label in labels if label not in TRANSPARENT] or labels[-1:]
    return ">".join(kept) if len(kept) <= 3 else f"{kept[0]}>*>{kept[-1]}"


def relation(tree: Tree, found: Link | None) -> str:
    """Return the role of the link's first word as seen from its second, a predicate.

    ``"nsubj"``: subject of the predicate; ``"nsubj/conj"``: subject of a verb that the
    predicate is coordinated with; ``"far"``: too far to mean anything.
    """
    if found is None:
        return "far"
    up = route(tree, found.up)
    if not found.down:
        return up
    if len(found.down) > 3:
        return f"{up}/far"
    return up + "/" + "/".join(tree.labels[index] for index in found.down)


def clause_indices(tree: Tree, predicate: int) -> tuple[int, ...]:
    """Return the words of the predicate's own clause, nested clauses left out."""
    found, stack = [], [predicate]
    while stack:
        index = stack.pop()
        found.append(index)
        stack.extend(c for c in tree.children[index] if tree.labels[c] not in CLAUSES)
    return tuple(sorted(found))
