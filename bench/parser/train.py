"""Train the pipeline that ships, from public files, in one command.

    python -m bench.parser.train --ewt DIR --out DIR [--portal FILE]

CoNLL-U to DocBin; with ``--portal``, pretraining of the token encoder on the
portal's plain sentences (it learns to spell masked words); training of all
components on EWT; tables in place of the trained lemmatizer; and writing of
a pipeline without any local path. Needs ``spacy-lookups-data``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import random
import shutil
from pathlib import Path

from spacy.language import Language
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.training.pretrain import pretrain
from spacy.util import load_config, load_model_from_path
from thinc.api import NumpyOps, set_current_ops

from bench.parser.convert import read_conllu, write_docbin
from bench.parser.lemmas import replace_lemmatizer

logger = logging.getLogger(__name__)

CONFIG = Path(__file__).with_name("config.cfg")
META = {
    "name": "ud_ewt",
    "version": "1.0.0",
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


def write_raw_text(portal: Path, out: Path, seed: int = 7) -> int:
    """Write the portal's sentences, shuffled, one JSON row each; returns their number."""
    with gzip.open(portal, "rt", encoding="utf8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    random.Random(seed).shuffle(texts)
    out.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf8")
    return len(texts)


def run_pretraining(raw_text: Path, train_docs: Path, work: Path, max_words: int) -> Path:
    """Return the file of encoder weights after ``max_words`` words of portal text."""
    paths = {"paths.raw_text": str(raw_text), "paths.train": str(train_docs)}
    config = load_config(CONFIG, overrides=paths).interpolate()
    out = work / "pretrain"
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


def run_training(work: Path, init_tok2vec: Path | None, max_steps: int | None) -> Language:
    """Return the best pipeline of one training run."""
    overrides = {"paths.train": str(work / "train.spacy"), "paths.dev": str(work / "dev.spacy")}
    if init_tok2vec is not None:
        overrides["paths.init_tok2vec"] = str(init_tok2vec)
    if max_steps is not None:
        overrides["training.max_steps"] = max_steps
    (work / "trained").mkdir(exist_ok=True)
    nlp = init_nlp(load_config(CONFIG, overrides=overrides))
    train(nlp, work / "trained", use_gpu=-1)
    return load_model_from_path(work / "trained" / "model-best")


def ship(nlp: Language, out: Path, is_pretrained: bool) -> None:
    """Write the pipeline without local paths, with its own name and licence."""
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])
    nlp.config["initialize"]["init_tok2vec"] = None
    nlp.meta.update(META)
    performance = nlp.meta["performance"]  # of EWT dev, measured with the lemmatizer now gone
    nlp.meta["performance"] = {k: v for k, v in performance.items() if "lemma" not in k}
    if is_pretrained:
        nlp.meta["sources"] = [*META["sources"], PORTAL_SOURCE]
    notes = {path.name: path.read_bytes() for path in out.glob("*.md")}
    nlp.to_disk(out)
    for name, content in notes.items():
        (out / name).write_bytes(content)


def main() -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ewt", type=Path, required=True, help="folder of en_ewt-*.conllu(.gz)")
    parser.add_argument("--portal", type=Path, help="portal sentences; without it no pretraining")
    parser.add_argument("--out", type=Path, required=True, help="folder of the finished pipeline")
    parser.add_argument("--work", type=Path, default=Path("var/parser"), help="scratch folder")
    parser.add_argument("--pretrain-words", type=int, default=1_800_000)
    parser.add_argument("--max-steps", type=int, help="training steps, if not the config's")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    set_current_ops(NumpyOps(use_blis=False))
    args.work.mkdir(parents=True, exist_ok=True)
    for part, sizes in (("train", None), ("dev", (1,))):
        source = find_treebank(args.ewt, f"en_ewt-{part}")
        out = args.work / f"{part}.spacy"
        count = write_docbin(source, out, sizes) if sizes else write_docbin(source, out)
        logger.info("%s: %d Docs", part, count)
    weights = None
    if args.portal is not None:
        raw_text = args.work / "portal.jsonl"
        logger.info("portal: %d sentences", write_raw_text(args.portal, raw_text))
        train_docs = args.work / "train.spacy"
        weights = run_pretraining(raw_text, train_docs, args.work, args.pretrain_words)
    nlp = run_training(args.work, weights, args.max_steps)
    replace_lemmatizer(nlp, read_conllu(find_treebank(args.ewt, "en_ewt-train")))
    ship(nlp, args.out, is_pretrained=weights is not None)
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
