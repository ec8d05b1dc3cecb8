"""The memory of words gives what the embedding gives, and leaves other pipelines alone."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.language import Language

from features.embed_cache import EmbedCache, remember_words
from features.nlp import SHIPPED_PIPELINE

TEXTS = ["Russia struck Ukraine.", "Ukraine struck back.", "", "They don't talk; Russia won't."]


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(SHIPPED_PIPELINE)


def test_vectors_are_those_of_the_embedding(plain: Language) -> None:
    embed = plain.get_pipe("tok2vec").model.get_ref("embed")  # type: ignore[attr-defined]
    docs = [plain.make_doc(text) for text in TEXTS]
    cache = EmbedCache(embed)
    first, again = cache.embed_docs(docs), cache.embed_docs(docs)
    for own, cold, warm in zip(embed.predict(docs), first, again, strict=True):
        assert own.shape == cold.shape
        np.testing.assert_allclose(cold, own, atol=1e-5)
        np.testing.assert_array_equal(cold, warm)


def test_memory_is_bounded(plain: Language) -> None:
    embed = plain.get_pipe("tok2vec").model.get_ref("embed")  # type: ignore[attr-defined]
    cache = EmbedCache(embed, max_words=2)
    for text in TEXTS:
        vectors = cache.embed_docs([plain.make_doc(text)])
        assert len(vectors[0]) == len(plain.make_doc(text))
    assert len(cache.rows) <= len(set(TEXTS[-1].split())) + 6


def test_parses_stay_as_they_are(plain: Language) -> None:
    quick = spacy.load(SHIPPED_PIPELINE)
    assert remember_words(quick)
    for before, after in zip(plain.pipe(TEXTS), quick.pipe(TEXTS), strict=True):
        assert [(t.tag_, t.lemma_, t.dep_, t.head.i) for t in after] == [
            (t.tag_, t.lemma_, t.dep_, t.head.i) for t in before
        ]


def test_pipeline_without_vectors_of_its_own_is_left_alone() -> None:
    assert not remember_words(spacy.blank("en"))


def test_embedding_that_sees_more_than_the_word_is_left_alone() -> None:
    nlp = spacy.blank("en")
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 8,
        "attrs": ["NORM", "SPACY"],
        "rows": [50, 50],
        "include_static_vectors": False,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 8,
        "window_size": 1,
        "maxout_pieces": 2,
        "depth": 1,
    }
    model = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    nlp.add_pipe("tok2vec", config={"model": model})
    nlp.initialize()
    assert not remember_words(nlp)
