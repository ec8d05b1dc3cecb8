"""Sentences are cut where spaCy's own rule cuts, and keep their place in the text."""

from __future__ import annotations

from functools import cache

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from features.sentences import MAX_SENTENCE_CHARS, split_sentences

PIECES = ["Iran", "struck", *'.!?")(。', "...", "U.S.", " ", "  ", "3.5", "a.b"]


@cache
def sentencizer() -> Language:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return pipeline


@pytest.fixture(scope="module")
def nlp() -> Language:
    return sentencizer()


@settings(deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join))
def test_cuts_are_those_of_the_sentencizer(text: str) -> None:
    wanted = [span.text_with_ws for span in sentencizer()(text).sents if span.text.strip()]
    assert [sentence.text for sentence in split_sentences(text, sentencizer())] == wanted


def test_offsets_point_into_the_text(nlp: Language) -> None:
    text = 'Iran and Iraq met.  "It went well." \n\nBoth left. '
    found = list(split_sentences(text, nlp))
    assert [text[s.start : s.end] for s in found] == [s.span.text for s in found]
    assert [s.index for s in found] == sorted({s.index for s in found})
    assert all(s.doc.text == s.text and list(s.doc.sents) for s in found)


def test_overlong_sentence_is_left_out_but_counted(nlp: Language) -> None:
    text = "Go. " + "very " * MAX_SENTENCE_CHARS + "far. Stop."
    assert [(s.index, s.text) for s in split_sentences(text, nlp)] == [(0, "Go. "), (2, "Stop.")]
