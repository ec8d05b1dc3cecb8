"""The spaCy pipeline that reads sentences, and one way to run it over many.

Here: loading, checking and running a pipeline. Not here: rules over the Docs
that come out, or the training recipe (``bench/parser``, docs/parser.md).
"""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.attrs import IS_PUNCT, IS_SPACE, LANG, LOWER, NORM, PREFIX, SHAPE, SUFFIX
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import use_ops

from features.embed_cache import remember_words
from features.errors import ConfigError

logger = logging.getLogger(__name__)

SHIPPED_PIPELINE = Path(__file__).parent / "data" / "parser"

#: Relations that the rules read; a pipeline that lacks one speaks another scheme.
REQUIRED_RELATIONS = frozenset({"nsubj", "nsubj:pass", "obj", "obl"})

#: Components that no rule reads and that only cost time.
UNUSED_COMPONENTS = ("ner", "entity_linker", "textcat", "textcat_multilabel", "spancat")

#: What the shipped pipeline and the rules read of a word; the vocabulary computes the rest
#: (is it a URL, a number, a stop word, ...) of every new word for nobody.
READ_ATTRIBUTES = frozenset({LANG, LOWER, NORM, PREFIX, SUFFIX, SHAPE, IS_PUNCT, IS_SPACE})


def build_nlp(name: str | None = None) -> Language:
    """Return a ready pipeline with tags, lemmas and a Universal Dependencies parser.

    The matrix products run through numpy's BLAS, which on most machines is
    a fifth to a third faster here than spaCy's own choice; results agree.

    Args:
        name: an installed spaCy package or the folder of a saved pipeline;
            None takes the pipeline that ships with the package.

    Returns:
        The loaded pipeline, without the components that no rule reads.

    Raises:
        ConfigError: the pipeline is not installed or not readable, has no
            parser, or its parser does not use Universal Dependencies labels.

    Example:
        >>> doc = build_nlp()("Russia was condemned by France.")
        >>> [(token.text, token.dep_) for token in doc][:2]
        [('Russia', 'nsubj:pass'), ('was', 'aux:pass')]
    """
    wanted = SHIPPED_PIPELINE if name is None else name
    try:
        with use_ops("numpy", use_blis=False):
            nlp = spacy.load(wanted, exclude=UNUSED_COMPONENTS)
    except (OSError, ValueError) as err:
        raise ConfigError(
            f"expected an installed spaCy pipeline or the folder of one, got {str(wanted)!r}; "
            "install that pipeline, or leave the setting empty for the one that ships"
        ) from err
    _check_parser(nlp, str(wanted))
    remember_words(nlp)
    if name is None:
        vocab: Any = nlp.vocab
        getters = vocab.lex_attr_getters
        vocab.lex_attr_getters = {a: getters[a] for a in getters if a in READ_ATTRIBUTES}
    logger.info("pipeline %s %s loaded", nlp.meta["name"], nlp.meta["version"])
    return nlp


def _check_parser(nlp: Language, wanted: str) -> None:
    """Raise ConfigError unless the pipeline parses into Universal Dependencies."""
    if "parser" not in nlp.pipe_names:
        raise ConfigError(
            f"expected a pipeline with a 'parser' component, got {wanted!r} with "
            f"{nlp.pipe_names!r}; name another pipeline, or none for the one that ships"
        )
    missing = REQUIRED_RELATIONS.difference(nlp.pipe_labels["parser"])
    if missing:
        raise ConfigError(
            f"expected Universal Dependencies labels, got {wanted!r} without "
            f"{sorted(missing)!r}; name a pipeline trained on a UD treebank, "
            "or none for the one that ships"
        )


def parse_texts(nlp: Language, texts: Iterable[str], batch_size: int = 256) -> Iterator[Doc]:
    """Yield one Doc per text, in order.

    Args:
        nlp: a pipeline from ``build_nlp``.
        texts: sentences or short passages; long ones should come split.
        batch_size: texts per batch; 256 to 512 sentences is fastest, one
            text at a time is several times slower.

    Example:
        >>> [len(doc) for doc in parse_texts(build_nlp(), ["Iran struck.", "Go."])]
        [3, 2]
    """
    yield from nlp.pipe(texts, batch_size=batch_size)
