"""How far today's pairs have moved from the rows that the classifiers were fitted on."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from features.matrix import FeatureMatrix
from features.registry import COLUMN_BY_NAME
from models.risk.artifact import RiskClassifier
from models.risk.drift import SCORE_COLUMN, measure_drift

log = logging.getLogger(__name__)

# The question whose classifier stands for all of them: their features are the same.
DRIFT_OUTCOME: Final = "force"
DRIFT_HORIZON_DAYS: Final = 30
# Below this many pairs a share of pairs says nothing.
MIN_PAIR_COUNT: Final = 100


def drift_rows(
    classifiers: Sequence[RiskClassifier], matrix: FeatureMatrix, as_of_date: date
) -> list[dict[str, Any]]:
    """Return one out_drift row a feature, and one a classifier for its score.

    Columns that are one number for the whole day (the stream's volume) are left
    out: on a single day they stand in a single bin whatever the world does.
    """
    if len(matrix) < MIN_PAIR_COUNT:
        return []
    rows = [
        {"as_of_date": as_of_date, "classifier_version": classifier.version, **row}
        for classifier in classifiers
        for row in _of_one(classifier, matrix)
    ]
    drifted = sum(row["level"] == "drifted" for row in rows)
    if drifted:
        log.warning("drift: %d of %d columns drifted from the training data", drifted, len(rows))
    return rows


def _of_one(classifier: RiskClassifier, matrix: FeatureMatrix) -> Iterator[dict[str, object]]:
    stands_for_all = (classifier.outcome, classifier.horizon_days) == (
        DRIFT_OUTCOME,
        DRIFT_HORIZON_DAYS,
    )
    profile = {
        name: part
        for name, part in classifier.profile.items()
        if name == SCORE_COLUMN or (stands_for_all and is_of_pairs(name))
    }
    yield from measure_drift(profile, matrix, classifier.predict(matrix))


def is_of_pairs(name: str) -> bool:
    """Return whether a column differs between the pairs of one day.

    Example:
        >>> is_of_pairs("force_fade60_count"), is_of_pairs("stream_deficit30_ratio")
        (True, False)
    """
    return name in COLUMN_BY_NAME and not name.startswith("stream_deficit")
