"""Remembers the embedding of each word of a pipeline: news repeats its words.

spaCy's ``tok2vec`` embeds every token anew, although what a word is before its neighbours
are seen depends on the word alone. Here: that memory. Not here: anything learnt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from spacy.attrs import NORM, ORTH
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Model, Ragged

MAX_WORDS: Final = 30_000
# What is true of a word wherever it stands; a token's white space, for one, is not.
_OF_WORDS: Final = frozenset({"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE"})
# Mixes the two keys of a word into one; odd, so that no bit is lost.
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)

Vectors = npt.NDArray[np.float32]


@dataclass
class EmbedCache:
    """Vectors of words seen, in front of a ``MultiHashEmbed`` without static vectors.

    Args:
        embed: the layers that make a vector from NORM, PREFIX, SUFFIX and SHAPE.
        max_words: when it is full it is emptied; a word costs half a kilobyte.
    """

    embed: Model[Any, Any]
    max_words: int = MAX_WORDS
    rows: dict[int, int] = field(default_factory=dict)
    table: Vectors = field(init=False)

    def __post_init__(self) -> None:
        self._forget()

    def embed_docs(self, docs: list[Doc]) -> list[Vectors]:
        """Return one array (tokens, width) a Doc, as the embedding itself would."""
        sizes = [len(doc) for doc in docs]
        attrs = np.concatenate([doc.to_array([ORTH, NORM]) for doc in docs])
        keys = (attrs[:, 0] + attrs[:, 1] * _MIXER).tolist()
        if len(self.rows) > self.max_words:
            self._forget()
        fresh = {key: place for place, key in enumerate(keys) if key not in self.rows}
        if fresh:
            self._learn(docs, fresh)
        found = self.table[np.array([self.rows[key] for key in keys], dtype=np.intp)]
        return np.split(found, np.cumsum(sizes)[:-1])

    def _learn(self, docs: list[Doc], fresh: dict[int, int]) -> None:
        """Embed words that are new, each at one of its places."""
        extract, _, hashes, mix, _ = self.embed.layers
        features: Any = np.concatenate(extract.predict(docs))[list(fresh.values())]
        lengths: Any = np.array([len(features)], dtype=np.int32)
        found = mix.predict(hashes.predict(Ragged(features, lengths))).dataXd
        self.rows |= {key: len(self.rows) + k for k, key in enumerate(fresh)}
        self.table = np.concatenate([self.table, found])

    def _forget(self) -> None:
        self.rows, self.table = {}, np.zeros((0, self.embed.get_dim("nO")), dtype=np.float32)


def remember_words(nlp: Language) -> bool:
    """Put a memory of words into a pipeline that is only to be applied; say whether it fits.

    A pipeline of another architecture stays as it is.
    """
    if "tok2vec" not in nlp.pipe_names:
        return False
    model = nlp.get_pipe("tok2vec").model  # type: ignore[attr-defined]
    embed = model.get_ref("embed") if "embed" in model.ref_names else None
    if embed is None or not _is_hash_embed(embed) or embed is not model.layers[0]:
        return False
    cache = EmbedCache(embed)
    front: Model[list[Doc], list[Vectors]] = Model(
        "embed_cache",
        lambda _, docs, is_train: (cache.embed_docs(docs), lambda found: found),
        dims={"nO": embed.get_dim("nO")},
    )
    model.layers[0] = front
    return True


def _is_hash_embed(embed: Model[Any, Any]) -> bool:
    names = [layer.name.partition("(")[0] for layer in embed.layers]
    if names != ["extract_features", "list2ragged", "with_array", "with_array", "ragged2list"]:
        return False
    return _OF_WORDS.issuperset(embed.layers[0].attrs["columns"])
