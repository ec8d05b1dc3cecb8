"""How well the classifier holds when it sees only a share of the stream.

    python -m bench.risk_exposure [HISTORY_FOLDER]

Fits on the years before 2016 (full and thinned streams), tests on 2016-2025 through
the full stream and through 30, 10, 3 and 1 percent of it. Prints a Markdown table.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from features.pair_history import History
from features.registry import CLASSIFIER_COLUMNS
from features.windows import compute_features
from flows.corpora import read_history
from models.risk.classifier import deficit_of, to_prob
from models.risk.evaluate import measure
from models.risk.exposure import thin_stream
from models.risk.fitting import FitRequest, fit_classifier
from models.risk.rows import RowSet, prepare_material
from models.risk.splits import day_number, weekly_origins
from models.risk.training import FitData, fit_weights

SPLIT, HORIZON = "2016-01-01", 30
RATES = (1.0, 0.3, 0.1, 0.03, 0.01)


def main(folder: Path | None) -> None:
    source = read_history(folder)
    material = prepare_material(source.corpus, weekly_origins("2004-01-05", "2025-11-24", 7))
    request = FitRequest("force", HORIZON, SPLIT, source.digest, source.corpus.reference_volume)
    corrected = fit_classifier(material, request)
    plain = fit_weights(FitData(material.sample, None, day_number(SPLIT)), "force", HORIZON)
    test = material.rows.take(
        (material.rows.as_of >= day_number(SPLIT)) & (material.rows.as_of % 4 == 0)
    )
    y = test.labels("force", HORIZON)
    names, index = np.unique(test.matrix.dyads.astype(str), return_inverse=True)
    full = corrected.predict(test.matrix)
    print("| share of the stream | AUC | AP | Brier | ECE | mean probability | widest tenth |")
    print("|---|---|---|---|---|---|---|")
    for rate in RATES:
        rng = np.random.default_rng(7)
        days, volume = thin_stream(source.corpus.dyad_days, source.corpus.day_volume, rate, rng)
        history = History(days, volume, source.corpus.reference_volume)
        matrix = compute_features(
            history, [str(n) for n in names], index.astype(np.int64), test.as_of, CLASSIFIER_COLUMNS
        )
        seen = RowSet(matrix, test.as_of, test.weight, test.record)
        report(rate, corrected, plain, seen, y, full)
    print(f"\n{len(y):,} rows of 2016-2025, {100 * y.mean():.2f} % positive.")


def report(rate, corrected, plain, seen, y, full) -> None:  # type: ignore[no-untyped-def]
    prob = corrected.predict(seen.matrix)
    odds = corrected.log_odds(seen.matrix)
    standard = (seen.matrix, corrected.columns, corrected.mean, corrected.scale)
    from models.risk.classifier import standardise

    low, high = corrected.interval.bounds(odds, standardise(*standard), deficit_of(seen.matrix))
    low, high = to_prob(low), to_prob(high)
    inside = np.mean((full >= low) & (full <= high))
    for name, values in (("with", prob), ("without", to_prob(plain.raw_log_odds(seen)))):
        f = measure(values, y)
        width = np.median((high / low)[full > 0.01])
        print(
            f"| {100 * rate:g} %, {name} correction | {f.auc:.3f} | {f.average_precision:.3f} |"
            f" {f.brier:.5f} | {f.ece:.4f} | {100 * values.mean():.2f} % |"
            f" median high/low {width:.1f}, full score inside {100 * inside:.1f} % |"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
