"""Score a pipeline on EWT test and PUD.

    python -m bench.parser.evaluate --ewt DIR [--pipeline DIR]

Prints, per treebank: tags, lemmas, UAS and LAS with gold tokens and one
sentence per Doc (as the flows use it), UAS and LAS with punctuation counted,
and the figures from raw text, where words and sentence ends are found by the
pipeline. Then the speed in tokens per CPU second and the size on disk.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from bench.parser.convert import Sentence, build_doc, group_sentences, read_conllu
from bench.parser.train import find_treebank
from features.nlp import SHIPPED_PIPELINE, build_nlp, parse_texts

TREEBANKS = ("en_ewt-test", "en_pud-test")
RELATIONS = ("nsubj", "nsubj:pass", "obj", "obl", "obl:agent", "nmod", "compound", "conj")


def gold_examples(nlp: Language, sentences: Iterable[Sentence]) -> list[Example]:
    """Return examples with gold tokens, one sentence each, parsed by the pipeline."""
    gold = [build_doc(nlp.vocab, [sentence]) for sentence in sentences]
    blank = (
        Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
        for doc in gold
    )
    return [Example(*pair) for pair in zip(nlp.pipe(blank, batch_size=256), gold, strict=True)]


def raw_examples(nlp: Language, sentences: Sequence[Sentence], size: int = 10) -> list[Example]:
    """Return examples from raw text: up to ``size`` sentences of a document together."""
    gold = [build_doc(nlp.vocab, run) for run in group_sentences(sentences, (size,))]
    found = parse_texts(nlp, [doc.text for doc in gold])
    return [Example(*pair) for pair in zip(found, gold, strict=True)]


def attachment(examples: Iterable[Example]) -> tuple[float, float]:
    """Return UAS and LAS over all words, punctuation counted, gold tokens only."""
    words = heads = both = 0
    for example in examples:
        for found, gold in zip(example.predicted, example.reference, strict=True):
            is_head = found.head.i == gold.head.i
            words += 1
            heads += is_head
            both += is_head and found.dep_ == gold.dep_
    return heads / words, both / words


def score_treebank(nlp: Language, name: str, sentences: Sequence[Sentence]) -> None:
    """Print one treebank's figures."""
    examples = gold_examples(nlp, sentences)
    scores = _score(nlp, examples)
    uas, las = attachment(examples)
    print(f"\n{name}: {len(sentences)} sentences, {sum(len(s.tokens) for s in sentences)} words")
    print("gold tokens, one sentence per Doc")
    print(_line(scores, ("pos_acc", "tag_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las")))
    print(f"  with punctuation: uas {100 * uas:.2f}  las {100 * las:.2f}")
    per_type = scores["dep_las_per_type"]
    cells = (f"{r} {100 * per_type[r]['f']:.1f}" for r in RELATIONS if r in per_type)
    print("  F by relation: " + "  ".join(cells))
    raw = _score(nlp, raw_examples(nlp, sentences))
    print("raw text, up to ten sentences per Doc")
    print(_line(raw, ("token_f", "sents_f", "pos_acc", "lemma_acc", "dep_uas", "dep_las")))


def _score(nlp: Language, examples: list[Example]) -> dict:
    """Return spaCy's scores; its UAS and LAS leave punctuation out."""
    return Scorer(nlp).score(examples)


def _line(scores: dict, names: Iterable[str]) -> str:
    """Return the named scores in percent on one line."""
    return "  " + "  ".join(f"{n.removeprefix('dep_')} {100 * scores[n]:.2f}" for n in names)


def measure_speed(nlp: Language, texts: Sequence[str]) -> float:
    """Return tokens per CPU second over raw texts, the best of three runs."""
    rates = []
    for _ in range(3):
        started = time.process_time()
        tokens = sum(len(doc) for doc in parse_texts(nlp, texts))
        rates.append(tokens / (time.process_time() - started))
    return max(rates)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ewt", type=Path, required=True, help="folder of the treebank files")
    parser.add_argument("--pipeline", type=Path, default=SHIPPED_PIPELINE)
    args = parser.parse_args()
    nlp = build_nlp(str(args.pipeline))
    texts: list[str] = []
    for stem in TREEBANKS:
        sentences = list(read_conllu(find_treebank(args.ewt, stem)))
        score_treebank(nlp, stem, sentences)
        texts.extend(sentence.text for sentence in sentences)
    size = sum(path.stat().st_size for path in args.pipeline.rglob("*") if path.is_file())
    print(f"\nspeed {measure_speed(nlp, texts):.0f} tokens per CPU second, single sentences")
    print(f"size {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
