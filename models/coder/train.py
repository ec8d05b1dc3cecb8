"""Training the event coder on the labelled portal entries: one command, open data only."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from features.actors import Gazetteer
from features.pair_features import pair_features
from models.coder.artifact import EventCoder, build_matrix, save_coder
from models.coder.dataset import Instance, build_instances, read_corpus
from models.coder.labels import TRAIN, read_labels

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CoderParams:
    """How the coder is fitted.

    Args:
        min_count: a feature must occur in this many rows.
        c: inverse strength of the penalty, chosen by cross-validation on the training part.
    """

    min_count: int = 3
    c: float = 0.3


def choose_features(rows: Iterable[Mapping[str, float]], min_count: int) -> tuple[str, ...]:
    """Return the feature names that occur often enough, sorted."""
    counts = Counter(name for row in rows for name in row)
    return tuple(sorted(name for name, count in counts.items() if count >= min_count))


def fit_coder(instances: Sequence[Instance], params: CoderParams) -> EventCoder:
    """Return a coder fitted to the instances."""
    rows = [pair_features(instance.view) for instance in instances]
    names = choose_features(rows, params.min_count)
    matrix = build_matrix(rows, {name: index for index, name in enumerate(names)})
    classes = [instance.plover_event for instance in instances]
    classifier = LogisticRegression(C=params.c, max_iter=300, tol=1e-3).fit(matrix, classes)
    classifier.coef_ = classifier.coef_.astype(np.float32)
    return EventCoder(names, classifier, {})


def train_coder(
    corpus: Path, folder: Path, nlp: Language, gazetteer: Gazetteer, params: CoderParams
) -> Path:
    """Fit the coder on the training labels and write it into ``folder``."""
    labels = read_labels(TRAIN)
    entries = read_corpus(corpus, frozenset(labels))
    instances = build_instances(entries, labels, nlp, gazetteer)
    log.info("coder: %d labelled entries, %d ordered pairs", len(labels), len(instances))
    coder = fit_coder(instances, params)
    digest = hashlib.sha256("\n".join(sorted(map(str, labels.values()))).encode()).hexdigest()
    card = {
        "version": f"coder-{digest[:8]}",
        "trained_on": "Wikipedia Current Events portal (CC BY-SA 4.0), labels by the developers",
        "entry_count": len(labels),
        "pair_count": len(instances),
        "feature_count": len(coder.features),
    }
    return save_coder(EventCoder(coder.features, coder.classifier, card), folder)
