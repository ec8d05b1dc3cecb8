"""Competitors that the shipped classifier must not lose to: boosting, and the average of both."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from features.registry import COLUMN_BY_NAME
from models.risk.classifier import to_prob
from models.risk.labels import Outcome
from models.risk.rows import RowSet
from models.risk.training import FitData, fit_weights

Floats = npt.NDArray[np.float64]


def boosting(train: RowSet, test: RowSet, outcome: Outcome, horizon_days: int) -> Floats:
    """Return test probabilities of histogram gradient boosting with the same signs."""
    names = train.matrix.columns
    fit = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05,
        max_leaf_nodes=15,
        min_samples_leaf=200,
        l2_regularization=1.0,
        monotonic_cst=[COLUMN_BY_NAME[name].monotone for name in names],
        random_state=20260101,
    )
    fit.fit(train.matrix.values, train.labels(outcome, horizon_days), train.weight)
    prob: Floats = fit.predict_proba(test.matrix.values)[:, 1]
    return prob


def average(train: RowSet, test: RowSet, outcome: Outcome, horizon_days: int) -> Floats:
    """Return the mean of boosting and the (uncalibrated) logistic formula."""
    end = int(train.as_of.max()) + horizon_days
    weights = fit_weights(FitData(train, None, end), outcome, horizon_days)
    mean: Floats = (
        to_prob(weights.raw_log_odds(test)) + boosting(train, test, outcome, horizon_days)
    ) / 2
    return mean
