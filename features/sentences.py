"""Cutting an article into sentences with offsets, cheaply and within bounds.

No parser is used: most sentences are dropped by the gazetteer before parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.pipeline import Sentencizer
from spacy.tokens import Doc, Span

from features.types import Article

# A longer stretch without a sentence end is a table, a list or an attack; it is skipped.
MAX_SENTENCE_CHARS = 1_500
MAX_PARAGRAPH_CHARS = 20_000
TITLE_GAP = "\n\n"
_PARAGRAPH = re.compile(r"[^\n]+")
_SENTENCIZER = Sentencizer()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tokenized sentence and where it stands in title, blank line, text.

    Args:
        span: the sentence in its paragraph; most sentences never need a Doc of their own.
    """

    index: int
    start: int
    end: int
    span: Span

    @property
    def text(self) -> str:
        """Return the sentence with the white space behind it."""
        return self.span.text_with_ws

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
    for paragraph in _PARAGRAPH.finditer(text):
        if len(paragraph.group()) > MAX_PARAGRAPH_CHARS or not paragraph.group().strip():
            continue
        doc = _SENTENCIZER(nlp.make_doc(paragraph.group()))
        for span in doc.sents:
            start, text = paragraph.start() + span.start_char, span.text
            if len(text) <= MAX_SENTENCE_CHARS and text.strip():
                yield Sentence(index, start, start + len(text), span)
            index += 1
