"""Fit the event coder on the labelled portal entries and the lessons: a few minutes.

    python -m bench.train_coder --corpus PORTAL.jsonl.gz [--out FOLDER]

The corpus is the public portal file that holds the labelled ids. Without ``--out`` the
shipped artifact is replaced; ``python -m bench.golden_gate`` then says how good it is.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from features.actors import load_gazetteer
from features.nlp import build_nlp
from models.coder import artifact
from models.coder.train import train_coder

SHIPPED = Path(artifact.__file__).parent / "artifacts"


def main() -> None:
    """Fit, write and say where the artifact is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    print(train_coder(options.corpus, options.out, build_nlp(), load_gazetteer()))


if __name__ == "__main__":
    main()
