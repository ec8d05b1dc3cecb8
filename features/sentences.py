"""Cutting an article into sentences with offsets, cheaply and within bounds.

No parser is used: most sentences are dropped by the gazetteer before parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from spacy.attrs import ORTH
from spacy.language import Language
from spacy.pipeline import Sentencizer
from spacy.strings import get_string_id
from spacy.tokens import Doc, Span

from features.types import Article

# A longer stretch without a sentence end is a table, a list or an attack; it is skipped.
MAX_SENTENCE_CHARS = 1_500
MAX_PARAGRAPH_CHARS = 20_000
TITLE_GAP = "\n\n"
_PARAGRAPH = re.compile(r"[^\n]+")
_ENDS: Final = frozenset(map(get_string_id, Sentencizer.default_punct_chars))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tokenized sentence and where it stands in title, blank line, text.

    Args:
        text: the sentence with the white space behind it.
        span: the sentence in its paragraph; most sentences never need a Doc of their own.
    """

    index: int
    start: int
    end: int
    text: str
    span: Span

    @property
    def doc(self) -> Doc:
        """Return the sentence as a Doc, made anew at each call.

        ``Span.as_doc`` would average word vectors that nothing reads.
        """
        words, spaces = [t.text for t in self.span], [bool(t.whitespace_) for t in self.span]
        starts: list[bool | int | None] = [True, *[False] * (len(words) - 1)]
        return Doc(self.span.vocab, words=words, spaces=spaces, sent_starts=starts)


def full_text(article: Article) -> str:
    """Return the text that sentence offsets refer to."""
    return article.title + TITLE_GAP + article.text if article.title else article.text


def split_sentences(text: str, nlp: Language) -> Iterator[Sentence]:
    """Yield the sentences of ``text`` in order; overlong stretches are left out.

    Args:
        text: any string, also empty or hostile.
        nlp: only its tokenizer is used.
    """
    index = 0
    for match in _PARAGRAPH.finditer(text):
        paragraph = match.group()
        if len(paragraph) > MAX_PARAGRAPH_CHARS or not paragraph.strip():
            continue
        for span in _cut(nlp.make_doc(paragraph)):
            own = span.text
            if len(own) <= MAX_SENTENCE_CHARS and own.strip():
                start = match.start() + span.start_char
                yield Sentence(index, start, start + len(own), span.text_with_ws, span)
            index += 1


def _cut(doc: Doc) -> Iterator[Span]:
    """Yield the sentences of a paragraph, cut where spaCy's ``Sentencizer`` cuts.

    A sentence begins at the first word behind a full stop and whatever closes it.
    """
    orths = doc.to_array(ORTH).tolist()
    starts, position, size = [0], 0, len(orths)
    for end in [index for index, orth in enumerate(orths) if orth in _ENDS]:
        if end < position:
            continue
        position = end + 1
        while position < size and (orths[position] in _ENDS or doc[position].is_punct):
            position += 1
        if position < size:
            starts.append(position)
    for first, last in pairwise((*starts, size)):
        yield doc[first:last]
