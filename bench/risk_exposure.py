"""How well the classifier holds when it sees only a share of the stream.

    python -m bench.risk_exposure [HISTORY_FOLDER]

Fits on the years before 2016 (full and thinned streams), tests on 2016-2025 through
the full stream and through 30, 10, 3 and 1 percent of it. Prints one row a share.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from features.pair_history import History
from features.registry import CLASSIFIER_COLUMNS
from features.windows import compute_features
from flows.corpora import Source, read_history
from flows.train import prepare
from models.risk.classifier import RiskClassifier, deficit_of, standardise, to_prob
from models.risk.evaluate import measure
from models.risk.exposure import thin_stream
from models.risk.fitting import FitRequest, fit_classifier
from models.risk.rows import Material, RowSet
from models.risk.splits import day_number
from models.risk.training import FitData, Weights, fit_weights

SPLIT, HORIZON = "2016-01-01", 30
RATES = (1.0, 0.3, 0.1, 0.03, 0.01)


def measure_exposure(source: Source, material: Material) -> list[dict[str, Any]]:
    """Return one row a share of the stream: figures with and without the thin-stream columns."""
    request = FitRequest("force", HORIZON, SPLIT, source.digest, source.corpus.reference_volume)
    corrected = fit_classifier(material, request)
    plain = fit_weights(FitData(material.sample, None, day_number(SPLIT)), "force", HORIZON)
    end = day_number(source.last_day) - HORIZON
    days = material.rows.as_of
    test = material.rows.take((days >= day_number(SPLIT)) & (days <= end) & (days % 4 == 0))
    full = corrected.predict(test.matrix)
    return [_one_rate(rate, source, (corrected, plain), test, full) for rate in RATES]


def _one_rate(
    rate: float,
    source: Source,
    fits: tuple[RiskClassifier, Weights],
    test: RowSet,
    full: np.ndarray,
) -> dict[str, Any]:
    corrected, plain = fits
    names, index = np.unique(test.matrix.dyads.astype(str), return_inverse=True)
    rng = np.random.default_rng(7)
    days, volume = thin_stream(source.corpus.dyad_days, source.corpus.day_volume, rate, rng)
    history = History(days, volume, source.corpus.reference_volume)
    matrix = compute_features(
        history, [str(n) for n in names], index.astype(np.int64), test.as_of, CLASSIFIER_COLUMNS
    )
    seen = RowSet(matrix, test.as_of, test.weight, test.record)
    y = test.labels("force", HORIZON)
    low, high = _bounds(corrected, seen)
    found: dict[str, Any] = {"rate": rate, "row_count": len(y), "positive_share": y.mean()}
    found["corrected"] = asdict(measure(corrected.predict(matrix), y))
    found["plain"] = asdict(measure(to_prob(plain.raw_log_odds(seen)), y))
    found["mean_prob"] = corrected.predict(matrix).mean()
    risky = full > 0.01
    found["width_ratio"] = np.median((high / low)[risky])
    found["full_inside"] = np.mean((full >= low) & (full <= high))
    found["full_inside_risky"] = np.mean(((full >= low) & (full <= high))[risky])
    return found


def _bounds(classifier: RiskClassifier, seen: RowSet) -> tuple[np.ndarray, np.ndarray]:
    odds = classifier.log_odds(seen.matrix)
    standard = standardise(seen.matrix, classifier.columns, classifier.mean, classifier.scale)
    low, high = classifier.interval.bounds(odds, standard, deficit_of(seen.matrix))
    return to_prob(low), to_prob(high)


def main(folder: Path | None) -> None:
    source = read_history(folder)
    for row in measure_exposure(source, prepare(source)):
        print(row)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
