"""Train the pipeline that ships, from public files, in one command.

    python -m bench.parser.train --ewt DIR --portal FILE --out DIR

CoNLL-U to DocBin; pretraining of one encoder on the portal's plain sentences
(it learns to spell masked words); training of five teachers on EWT; their vote
on sentences of the portal; training of a small parser on EWT and on that vote;
tables for the lemmas; and writing of a pipeline without any local path. Without
``--portal`` the small parser learns from EWT alone. Needs ``spacy-lookups-data``.
What a broken-off run left in ``--work`` is used again.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import random
import re
import shutil
from itertools import islice
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.training.pretrain import pretrain
from spacy.util import load_config, load_model_from_path
from spacy.vocab import Vocab
from thinc.api import NumpyOps, set_current_ops

from bench.parser.convert import read_conllu, write_docbin, write_docs
from bench.parser.lemmas import add_lemmatizer
from bench.parser.teachers import CONFIG, TEACHERS, Teacher, read_as, train_teacher, vote
from features.sentences import split_sentences
from models.coder.labels import is_test

logger = logging.getLogger(__name__)

#: Sentences of other lengths teach little.
MIN_WORDS, MAX_WORDS = 5, 60

#: EWT's Docs stand this often among those that the teachers voted on.
EWT_TIMES = 3

#: What differs from ``config.cfg`` with seven times the words to learn from.
WITH_VOTE: dict[str, Any] = {
    "training.max_steps": 3600,
    "training.optimizer.learn_rate.total_steps": 3600,
    "training.batcher.size.start": 800,
    "components.tok2vec.model.embed.rows": [8000, 1000, 2500, 1500],
}

META = {
    "name": "ud_ewt",
    "version": "1.1.0",
    "description": "Tags, lemmas and Universal Dependencies for English news sentences.",
    "author": "The dyadrisk developers",
    "license": "CC BY-SA 4.0",
    "spacy_version": ">=3.8.0,<3.9.0",
    "sources": [
        {
            "name": "Universal Dependencies English EWT",
            "author": "Silveira et al. 2014 and the EWT contributors",
            "license": "CC BY-SA 4.0",
            "url": "https://github.com/UniversalDependencies/UD_English-EWT",
        },
        {
            "name": "WordNet verb list and irregular forms, through spacy-lookups-data",
            "author": "Princeton University",
            "license": "WordNet 3.0 licence, MIT",
            "url": "https://github.com/explosion/spacy-lookups-data",
        },
    ],
}

PORTAL_SOURCE = {
    "name": "Wikipedia Current Events portal, 2002 to 2026",
    "author": "Wikipedia contributors",
    "license": "CC BY-SA 4.0",
    "url": "https://en.wikipedia.org/wiki/Portal:Current_events",
}


def read_texts(portal: Path, seed: int = 7) -> list[str]:
    """Return the portal's texts, shuffled, without those that the event coder is tested on."""
    with gzip.open(portal, "rt", encoding="utf8") as stream:
        rows = [json.loads(line) for line in stream]
    texts = [row["text"] for row in rows if not is_test(row["id"])]
    random.Random(seed).shuffle(texts)
    return texts


def write_raw_text(portal: Path, out: Path) -> int:
    """Write the portal's sentences, shuffled, one JSON row each; returns their number."""
    texts = read_texts(portal)
    out.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf8")
    return len(texts)


def run_pretraining(raw_text: Path, work: Path, max_words: int) -> Path:
    """Return the file of encoder weights after ``max_words`` words of portal text."""
    paths = {"paths.raw_text": str(raw_text), "paths.train": str(work / "train")}
    config = load_config(CONFIG, overrides=paths).interpolate()
    out = work / "pretrain"
    if (out / "model-last.bin").exists():
        return out / "model-last.bin"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    _cut_text(raw_text, max_words)
    pretrain(config, out, use_gpu=-1, silent=False)
    return out / "model-last.bin"


def _cut_text(raw_text: Path, max_words: int) -> None:
    """Keep the first rows that together hold about ``max_words`` words."""
    kept, words = [], 0
    for line in raw_text.read_text(encoding="utf8").splitlines(keepends=True):
        if words >= max_words:
            break
        kept.append(line)
        words += line.count(" ")
    raw_text.write_text("".join(kept), encoding="utf8")


def read_portal(portal: Path, count: int) -> list[Doc]:
    """Return sentences of the portal, drawn at random from its texts."""
    texts = read_texts(portal)
    nlp = spacy.blank("en")
    found = (sentence.doc for text in texts for sentence in split_sentences(text, nlp))
    return list(islice((doc for doc in found if MIN_WORDS <= len(doc) <= MAX_WORDS), count))


def run_teachers(args: argparse.Namespace, weights: Path) -> int:
    """Write the teachers' vote on sentences of the portal; returns the number of Docs."""
    docs = read_portal(args.portal, args.sentences)
    readings = [run_teacher(teacher, docs, args, weights) for teacher in TEACHERS]
    voted = (vote(doc, own) for doc, *own in zip(docs, *readings, strict=True))
    trees = (doc for doc in voted if doc is not None)
    return write_docs(trees, args.work / "train" / "portal.spacy")


def run_teacher(
    teacher: Teacher, docs: list[Doc], args: argparse.Namespace, weights: Path
) -> list[Doc]:
    """Return what one teacher reads, now or in an earlier run."""
    folder = args.work / "teachers" / teacher.name
    read = folder / "portal.spacy"
    if not read.exists():
        own = weights if teacher.is_pretrained else None
        sources = [find_treebank(args.ewt, f"en_ewt-{part}") for part in ("train", "dev")]
        nlp = train_teacher(teacher, sources, folder, own)
        write_docs(read_as(teacher, nlp, docs), read)
    logger.info("%s has read %d sentences", teacher.name, len(docs))
    return list(DocBin().from_disk(read).get_docs(Vocab()))


def run_training(work: Path, has_vote: bool) -> Language:
    """Return the best pipeline of one training run on all of ``work/train``."""
    overrides = {"paths.train": str(work / "train"), "paths.dev": str(work / "dev.spacy")}
    if has_vote:
        overrides |= WITH_VOTE
    (work / "trained").mkdir(exist_ok=True)
    nlp = init_nlp(load_config(CONFIG, overrides=overrides))
    train(nlp, work / "trained", use_gpu=-1)
    return load_model_from_path(work / "trained" / "model-best")


def ship(nlp: Language, out: Path, has_vote: bool) -> None:
    """Write the pipeline without local paths, with its own name and licence."""
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])
    nlp.meta.update(META)
    if has_vote:
        nlp.meta["sources"] = [*META["sources"], PORTAL_SOURCE]
    notes = {path.name: path.read_bytes() for path in out.glob("*.md")}
    nlp.to_disk(out)
    strings = json.dumps(sorted(needed_strings(nlp)), indent=0, ensure_ascii=False)
    (out / "vocab" / "strings.json").write_text(strings + "\n", encoding="utf8")
    for name, content in notes.items():
        (out / name).write_bytes(content)


def needed_strings(nlp: Language) -> set[str]:
    """Return the strings that the pipeline may answer with; words of the corpora stay out."""
    labels = [label for own in nlp.pipe_labels.values() for label in own]
    parts = (part for label in labels for part in re.split(r"[|=]", label))
    lookups = nlp.get_pipe("lemmatizer").lookups
    tables = lookups.get_table("lemma_exc").values()
    lemmas = (lemma for table in tables for found in table.values() for lemma in found)
    rules = lookups.get_table("lemma_rules").values()
    ends = (end for pairs in rules for pair in pairs for end in pair)
    features = (feature for label in labels for feature in label.split("|"))
    return {*labels, *parts, *features, *lemmas, *ends} - {""}


def main() -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ewt", type=Path, required=True, help="folder of en_ewt-*.conllu(.gz)")
    parser.add_argument("--portal", type=Path, help="portal sentences; without it no teachers")
    parser.add_argument("--out", type=Path, required=True, help="folder of the finished pipeline")
    parser.add_argument("--work", type=Path, default=Path("var/parser"), help="scratch folder")
    parser.add_argument("--sentences", type=int, default=40_000, help="portal sentences to vote on")
    parser.add_argument("--pretrain-words", type=int, default=2_500_000)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    set_current_ops(NumpyOps(use_blis=False))
    (args.work / "train").mkdir(parents=True, exist_ok=True)
    source = find_treebank(args.ewt, "en_ewt-train")
    count = write_docbin(source, args.work / "train" / "ewt.spacy")
    write_docbin(find_treebank(args.ewt, "en_ewt-dev"), args.work / "dev.spacy", (1,))
    logger.info("EWT: %d Docs", count)
    if args.portal is not None:
        for i in range(1, EWT_TIMES):
            shutil.copy(args.work / "train" / "ewt.spacy", args.work / "train" / f"ewt{i}.spacy")
        raw_text = args.work / "portal.jsonl"
        logger.info("portal: %d sentences", write_raw_text(args.portal, raw_text))
        weights = run_pretraining(raw_text, args.work, args.pretrain_words)
        logger.info("the teachers agreed on %d trees", run_teachers(args, weights))
    nlp = run_training(args.work, has_vote=args.portal is not None)
    add_lemmatizer(nlp, read_conllu(source))
    ship(nlp, args.out, has_vote=args.portal is not None)
    logger.info("pipeline written to %s", args.out)


def find_treebank(folder: Path, stem: str) -> Path:
    """Return the CoNLL-U file of that stem, plain or gzipped."""
    found = [folder / f"{stem}{end}" for end in (".conllu", ".conllu.gz")]
    for path in found:
        if path.exists():
            return path
    raise SystemExit(f"expected {found[0].name} or {found[1].name} in {folder}")


if __name__ == "__main__":
    main()
