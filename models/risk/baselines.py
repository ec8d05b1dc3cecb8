"""What any classifier must beat, each as a probability fitted on the same training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.history import SparseSeries
from features.matrix import day_numbers
from models.risk.classifier import transform
from models.risk.labels import ForceRecord, Outcome, label_rows
from models.risk.logistic import SignedLogistic
from models.risk.rows import RowSet

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

# Baselines that are a small logistic regression on registry columns.
COLUMN_BASELINES: Final = {
    "news volume": ("mention_fade15_count", "mention_fade60_count", "mention_fade240_count"),
    "mean Goldstein": ("goldstein_last30_weight", "goldstein_last365_weight"),
    "three families": (
        "threat_fade15_count",
        "threat_fade60_count",
        "diplomacy_fade15_count",
        "diplomacy_fade60_count",
        "military_fade15_count",
        "military_fade60_count",
    ),
}
_STEP_DAYS: Final = 7
# Weeks of climatology that a pair's own share is shrunk with.
_PRIOR_WEEKS: Final = 26.0


@dataclass(frozen=True)
class PairRates:
    """Share of each pair's past origins at which the outcome came true.

    Args:
        index: position of each pair that ever saw force.
        first_day: first weekly origin.
        hits: cumulated positive origins, one row per pair, one column per origin.
        horizon_days: an origin counts once its horizon has passed.
    """

    index: dict[str, int]
    first_day: int
    hits: Floats
    horizon_days: int

    def share(self, dyads: npt.NDArray[np.object_], as_of: Ints, climatology: float) -> Floats:
        """Return the shrunk share of known past origins that were positive."""
        known = (as_of - self.horizon_days - self.first_day) // _STEP_DAYS + 1
        known = np.clip(known, 0, self.hits.shape[1] - 1)
        row = np.array([self.index.get(name, -1) for name in dyads], dtype=np.int64)
        hits = np.where(row >= 0, self.hits[row, known], 0.0)
        rate: Floats = (hits + climatology * _PRIOR_WEEKS) / (known + _PRIOR_WEEKS)
        return rate


def pair_rates(
    record: ForceRecord, outcome: Outcome, horizon_days: int, first_day: int, last_day: int
) -> PairRates:
    """Return the pair rates of a record over weekly origins in [first_day, last_day]."""
    names = np.array(list(record.index), dtype=object)
    origins = np.arange(first_day, last_day + 1, _STEP_DAYS, dtype=np.int64)
    hits = np.zeros((len(names) + 1, len(origins) + 1))
    for column, day in enumerate(origins, start=1):
        days = np.full(len(names), day, dtype=np.int64)
        label = label_rows(record, names, days, outcome, horizon_days)
        hits[:-1, column] = label
    index = {str(name): position for position, name in enumerate(names)}
    return PairRates(index, first_day, np.cumsum(hits, axis=1), horizon_days)


@dataclass(frozen=True)
class KeywordSeries:
    """Keyword counts per pair and day, such as those of the GPR index.

    Args:
        index: position of each pair.
        series: counts by pair and day.
    """

    index: dict[str, int]
    series: SparseSeries

    @classmethod
    def of(cls, table: pd.DataFrame) -> KeywordSeries:
        """Return the series of a table with columns ``dyad day gpr_count``."""
        codes, names = pd.factorize(table["dyad"].astype(object), sort=True)
        counts = table["gpr_count"].to_numpy(float)[:, None]
        series = SparseSeries(codes.astype(np.int64), day_numbers(table["day"]), counts)
        return cls({str(name): place for place, name in enumerate(names)}, series)

    def columns(self, rows: RowSet) -> Floats:
        """Return log counts and the share of the pair's stories, fading by 15 and 60 days."""
        unseen = len(self.index)
        ids = np.array([self.index.get(n, unseen) for n in rows.matrix.dyads], dtype=np.int64)
        parts = []
        for half_life in (15, 60):
            count = self.series.decayed_sum(ids, rows.as_of, half_life)[:, 0]
            stories = rows.matrix.column(f"mention_fade{half_life}_count").astype(float)
            parts += [np.log1p(count), count / (stories + 1.0)]
        return np.column_stack(parts)


def fit_small(
    train: Floats, y: Bools, weight: Floats, test: Floats, penalty_weight: float = 1e-5
) -> Floats:
    """Return test probabilities of a small logistic regression on the given columns."""
    mean, scale = train.mean(axis=0), train.std(axis=0) + 1e-9
    fit = SignedLogistic(penalty_weight).fit((train - mean) / scale, y, weight)
    prob: Floats = fit.predict_proba((test - mean) / scale)[:, 1]
    return prob


def baseline_probs(
    train: RowSet,
    test: RowSet,
    outcome: Outcome,
    horizon_days: int,
    rates: PairRates,
    keywords: KeywordSeries | None = None,
) -> dict[str, Floats]:
    """Return the test probabilities of every baseline, by name.

    Args:
        train: full-stream training rows (weighted sample).
        test: rows of the test year.
        outcome: what is predicted.
        horizon_days: how far ahead.
        rates: past shares of each pair.
        keywords: counts for the keyword baseline, if there are any.
    """
    y = train.labels(outcome, horizon_days)
    climatology = float(np.average(y, weights=train.weight))
    found = {"climatology": np.full(len(test), climatology)}
    found["persistence"] = _persistence(train, test, y, horizon_days)
    shares = [rates.share(r.matrix.dyads, r.as_of, climatology) for r in (train, test)]
    logits = [np.log(s / (1 - s))[:, None] for s in shares]
    found["pair base rate"] = fit_small(logits[0], y, train.weight, logits[1])
    for name, columns in COLUMN_BASELINES.items():
        parts = [transform(rows.matrix, columns) for rows in (train, test)]
        found[name] = fit_small(parts[0], y, train.weight, parts[1])
    if keywords is not None:
        parts = [keywords.columns(rows) for rows in (train, test)]
        found["GPR keywords"] = fit_small(parts[0], y, train.weight, parts[1])
    return found


def _persistence(train: RowSet, test: RowSet, y: Bools, horizon_days: int) -> Floats:
    """Return the training frequency after a horizon with, or without, force.

    Where the years before knew no horizon of a kind, the frequency of all rows stands in.
    """
    past = [
        r.record.count(r.matrix.dyads, r.as_of - horizon_days, r.as_of) > 0 for r in (train, test)
    ]
    rates = []
    for state in (False, True):
        chosen = past[0] == state if (past[0] == state).any() else np.ones(len(y), dtype=bool)
        rates.append(float(np.average(y[chosen], weights=train.weight[chosen])))
    return np.where(past[1], rates[1], rates[0])
