"""Five parsers that vote on plain sentences, so that a small one can learn from their vote.

Each is trained on EWT alone. They differ in width, dropout, seed and, above
all, in the direction in which they read: two see every sentence from its
last word to its first, and so err in other places. Not here: the parser that
ships (``train``).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mode
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config, load_model_from_path
from spacy.vocab import Vocab

from bench.parser.convert import Sentence, build_doc, read_conllu, write_docs

logger = logging.getLogger(__name__)

CONFIG: Final = Path(__file__).with_name("config.cfg")


@dataclass(frozen=True)
class Teacher:
    """One voter.

    Args:
        is_reversed: it reads each sentence from the end.
        is_pretrained: its encoder starts from the portal's words.
        width: of the encoder and of the parser's hidden layer.
        max_steps: of training; the rate falls to zero at ``rate_steps``.
    """

    name: str
    is_reversed: bool = False
    is_pretrained: bool = False
    width: int = 128
    dropout: float = 0.1
    seed: int = 7
    max_steps: int = 3000
    rate_steps: int = 3000

    def overrides(self) -> dict[str, Any]:
        """Return what differs from ``config.cfg``."""
        wide: dict[str, Any] = {
            "components.tok2vec.model.embed.width": self.width,
            "components.tok2vec.model.encode.width": self.width,
            "components.tok2vec.model.embed.rows": [8000, 1500, 4000, 2000],
            "components.parser.model.hidden_width": self.width,
        }
        return {
            "training.dropout": self.dropout,
            "training.max_steps": self.max_steps,
            "training.optimizer.learn_rate.total_steps": self.rate_steps,
            "system.seed": self.seed,
            "corpora.train.gold_preproc": self.is_reversed,
            "corpora.dev.gold_preproc": self.is_reversed,
            **(wide if self.width != 128 else {}),
        }


TEACHERS: Final = (
    Teacher("wide", width=192, dropout=0.25, seed=12),
    Teacher("backward", is_reversed=True, width=192, dropout=0.2, seed=11),
    Teacher("pretrained", is_pretrained=True, max_steps=4000, rate_steps=4000),
    Teacher("backward_too", is_reversed=True, width=192, seed=13, max_steps=2000, rate_steps=2000),
    Teacher("plain", max_steps=2000, rate_steps=4000),
)


def train_teacher(
    teacher: Teacher, sources: Sequence[Path], folder: Path, init_tok2vec: Path | None
) -> Language:
    """Return one teacher, trained now or in an earlier call with the same ``folder``.

    Args:
        sources: EWT's train and dev files.
        folder: what it needs and leaves.
        init_tok2vec: weights of the encoder that the portal gave.
    """
    best = folder / "model-best"
    if best.exists():
        logger.info("%s: found in %s", teacher.name, best)
        return load_model_from_path(best)
    folder.mkdir(parents=True, exist_ok=True)
    vocab = Vocab()
    for part, source in zip(("train", "dev"), sources, strict=True):
        docs = (build_doc(vocab, [_turn(s, teacher)]) for s in read_conllu(source))
        write_docs(docs, folder / f"{part}.spacy")
    paths = {f"paths.{part}": str(folder / f"{part}.spacy") for part in ("train", "dev")}
    if teacher.is_pretrained:
        paths["paths.init_tok2vec"] = str(init_tok2vec)
    nlp = init_nlp(load_config(CONFIG, overrides={**paths, **teacher.overrides()}))
    train(nlp, folder, use_gpu=-1)
    return load_model_from_path(best)


def _turn(sentence: Sentence, teacher: Teacher) -> Sentence:
    """Return the sentence as the teacher reads it."""
    return sentence.turned() if teacher.is_reversed else sentence


def read_as(teacher: Teacher, nlp: Language, docs: Sequence[Doc]) -> Iterator[Doc]:
    """Yield one parsed Doc a given one, its words in the order of the text again."""
    turn = -1 if teacher.is_reversed else 1
    own = (Doc(nlp.vocab, words=[token.text for token in doc][::turn]) for doc in docs)
    for parsed in nlp.pipe(own, batch_size=256):
        yield turn_back(parsed) if teacher.is_reversed else parsed


def turn_back(doc: Doc) -> Doc:
    """Return a Doc that was read from its end in the order of the text.

    Example:
        >>> doc = Doc(Vocab(), words=["home", "went", "She"], heads=[1, 1, 1], deps=["a", "b", "c"])
        >>> [(token.text, token.head.i) for token in turn_back(doc)]
        [('She', 1), ('went', 1), ('home', 1)]
    """
    tokens = list(doc)[::-1]
    return Doc(
        doc.vocab,
        words=[token.text for token in tokens],
        tags=[token.tag_ for token in tokens],
        pos=[token.pos_ for token in tokens],
        morphs=[str(token.morph) for token in tokens],
        heads=[len(doc) - 1 - token.head.i for token in tokens],
        deps=[token.dep_ for token in tokens],
    )


def vote(doc: Doc, readings: Sequence[Doc]) -> Doc | None:
    """Return the Doc as most readings have it, or None where their heads form no tree.

    The head of a word is what most say; its relation and its tags are what most of
    those say who are right about the head. A tie goes to the first reading.

    Example:
        >>> def read(*heads): return Doc(Vocab(), ["A", "b"], heads=list(heads), deps=["x", "y"])
        >>> [token.head.i for token in vote(read(0, 0), [read(0, 0), read(1, 1), read(1, 1)])]
        [1, 1]
    """
    heads: list[int] = []
    marks: list[tuple[str, str, str, str]] = []
    for i in range(len(doc)):
        said = [reading[i] for reading in readings]
        head = mode(token.head.i for token in said)
        heads.append(head)
        marks.append(mode(_marks(token) for token in said if token.head.i == head))
    if not is_tree(heads):
        return None
    deps, tags, pos, morphs = zip(*marks, strict=True)
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=list(tags),
        pos=list(pos),
        morphs=list(morphs),
        heads=heads,
        deps=list(deps),
    )


def _marks(token: Any) -> tuple[str, str, str, str]:
    return token.dep_, token.tag_, token.pos_, str(token.morph)


def is_tree(heads: Sequence[int]) -> bool:
    """Return whether heads (a root is its own) form one tree over all words.

    Example:
        >>> is_tree([1, 1, 1]), is_tree([1, 0, 2]), is_tree([0, 1])
        (True, False, False)
    """
    if sum(head == i for i, head in enumerate(heads)) != 1:
        return False
    for i in range(len(heads)):
        at, steps = i, 0
        while heads[at] != at and steps <= len(heads):
            at, steps = heads[at], steps + 1
        if steps > len(heads):
            return False
    return True
