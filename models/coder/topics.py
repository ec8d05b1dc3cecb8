"""Topics of portal headings: what tens of thousands of filed entries teach about words.

The portal files half of its entries under headings such as "Sports" or "International
relations". A scorer learnt from them tells an interstate event from a match or a storm.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from sklearn.linear_model import SGDClassifier

from models.coder.heads import LinearHead, Names, build_matrix, choose_names


@cache
def heading_topics() -> dict[str, str]:
    """Return the topic of each portal heading that is one."""
    path = resources.files("models.coder") / "labels" / "headings.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {row["heading"]: row["topic"] for row in csv.DictReader(lines)}


def fit_topics(
    bags: Sequence[Names], topics: Sequence[str], known: Sequence[str] = (), seed: int = 7
) -> LinearHead:
    """Return a head whose scores are standardised over the given bags.

    Args:
        bags: feature names of entries with a heading.
        topics: of these entries.
        known: further names that get a column, of weight 0 where no bag has them.
        seed: of the order in which the entries are seen.
    """
    names = tuple(sorted({*choose_names(bags, 5), *known}))
    matrix = build_matrix(bags, {name: index for index, name in enumerate(names)})
    fitted = SGDClassifier(
        loss="log_loss", alpha=3e-4, max_iter=8, tol=None, average=True, random_state=seed
    ).fit(matrix, list(topics))
    raw = fitted.decision_function(matrix)
    centre, spread = raw.mean(axis=0), raw.std(axis=0)
    return LinearHead(
        names,
        tuple(str(name) for name in fitted.classes_),
        np.asarray(fitted.coef_.T / spread, dtype=np.float32),
        np.asarray((fitted.intercept_ - centre) / spread, dtype=np.float32),
    )
