"""CoNLL-U in, spaCy Docs out: the treebank side of the parser recipe.

Holds the reader and the grouping of sentences into Docs. Training and
scoring live in ``train`` and ``evaluate``.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

#: Number of sentences per training Doc, used in turn: about half of the
#: sentences stand alone, the rest teach the parser to find boundaries.
GROUP_SIZES = (1, 1, 1, 3)

#: Relation subtypes that EWT keeps only in its enhanced graph (column 9).
RESTORED_SUBTYPES = frozenset(
    ("poss", "relcl", "desc", "unmarked", "prt", "predet", "preconj", "pass", "outer", "agent")
)


@dataclass(frozen=True)
class Token:
    """One syntactic word of a treebank sentence."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    """Zero-based position of the head; the word's own position for the root."""
    deprel: str
    has_space: bool


@dataclass(frozen=True)
class Sentence:
    tokens: tuple[Token, ...]
    text: str
    is_doc_start: bool

    def turned(self) -> Sentence:
        """Return the sentence from its last word to its first."""
        last = len(self.tokens) - 1
        tokens = (replace(token, head=last - token.head) for token in reversed(self.tokens))
        return replace(self, tokens=tuple(tokens))


def restore_subtype(deprel: str, head: str, deps: str) -> str:
    """Return the relation with the subtype that the enhanced graph holds for it.

    Args:
        deprel: relation of the basic tree, such as ``nmod``.
        head: head number of the basic tree, as text.
        deps: column 9, such as ``12:nmod:poss|14:conj:and``.

    Returns:
        ``nmod:poss`` where an edge to the same head carries one of
        ``RESTORED_SUBTYPES``; otherwise ``deprel`` unchanged.

    Example:
        >>> restore_subtype("nmod", "12", "12:nmod:poss")
        'nmod:poss'
        >>> restore_subtype("nmod", "7", "7:nmod:of")
        'nmod'
    """
    for edge in deps.split("|"):
        parts = edge.split(":")
        is_same = len(parts) >= 3 and parts[0] == head and parts[1] == deprel
        if is_same and parts[2] in RESTORED_SUBTYPES:
            return f"{deprel}:{parts[2]}"
    return deprel


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file, gzipped or plain.

    Multiword tokens stay split in their syntactic words ("do", "n't"), as
    spaCy's tokenizer splits them, with no space between the parts. Empty
    nodes are left out.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf8") as stream:
        block: list[str] = []
        for line in stream:
            if line.strip():
                block.append(line.rstrip("\n"))
            elif block:
                yield _read_block(block)
                block = []
        if block:
            yield _read_block(block)


def _read_block(lines: list[str]) -> Sentence:
    """Return one sentence from its lines."""
    is_doc_start = any(line.startswith("# newdoc") for line in lines)
    text = next((line[9:] for line in lines if line.startswith("# text = ")), "")
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    glued = _glued_words(rows)
    words = [row for row in rows if row[0].isdigit()]
    tokens = tuple(_read_token(row, int(row[0]) not in glued) for row in words)
    return Sentence(tokens, text, is_doc_start)


def _glued_words(rows: list[list[str]]) -> set[int]:
    """Return the numbers of the words that no space follows."""
    glued = {int(row[0]) for row in rows if row[0].isdigit() and "SpaceAfter=No" in row[9]}
    for row in rows:
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            glued.update(range(first, last))
            glued.discard(last)
            if "SpaceAfter=No" in row[9]:
                glued.add(last)
    return glued


def _read_token(row: list[str], has_space: bool) -> Token:
    """Return one token from its ten columns."""
    head = int(row[6]) - 1 if row[6] != "0" else int(row[0]) - 1
    deprel = "ROOT" if row[7] == "root" else restore_subtype(row[7], row[6], row[8])
    lemma = row[1] if row[2] == "_" and row[1] != "_" else row[2]
    feats = "" if row[5] == "_" else row[5]
    return Token(row[1], lemma, row[3], row[4], feats, head, deprel, has_space)


def group_sentences(
    sentences: Iterable[Sentence], sizes: tuple[int, ...] = GROUP_SIZES
) -> Iterator[list[Sentence]]:
    """Yield runs of neighbouring sentences; a run never crosses a document."""
    turns = cycle(sizes)
    run: list[Sentence] = []
    size = next(turns)
    for sentence in sentences:
        if run and (len(run) >= size or sentence.is_doc_start):
            yield run
            run, size = [], next(turns)
        run.append(sentence)
    if run:
        yield run


def build_doc(vocab: Vocab, sentences: Iterable[Sentence]) -> Doc:
    """Return one annotated Doc that holds the sentences in their order."""
    tokens: list[Token] = []
    heads: list[int] = []
    for sentence in sentences:
        offset = len(tokens)
        heads.extend(offset + token.head for token in sentence.tokens)
        tokens.extend(sentence.tokens)
    return Doc(
        vocab,
        words=[token.form for token in tokens],
        spaces=[token.has_space for token in tokens],
        lemmas=[token.lemma for token in tokens],
        tags=[token.xpos for token in tokens],
        pos=[token.upos for token in tokens],
        morphs=[token.feats for token in tokens],
        heads=heads,
        deps=[token.deprel for token in tokens],
    )


def write_docbin(source: Path, out: Path, sizes: tuple[int, ...] = GROUP_SIZES) -> int:
    """Convert one CoNLL-U file to a DocBin file; returns the number of Docs."""
    vocab = Vocab()
    return write_docs(
        (build_doc(vocab, run) for run in group_sentences(read_conllu(source), sizes)), out
    )


def write_docs(docs: Iterable[Doc], out: Path) -> int:
    """Write Docs to a DocBin file; returns their number."""
    found = DocBin(docs=docs, store_user_data=False)
    found.to_disk(out)
    return len(found)
