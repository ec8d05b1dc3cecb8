"""A backtest as tables and JSON: figures of every predictor with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.risk.backtest import OURS, Backtest, measured_coverage
from models.risk.evaluate import (
    bootstrap_by_pair,
    interval_of,
    measure,
    reliability,
)
from models.risk.intervals import BAND_EDGES
from models.risk.labels import onset_rows

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

MEASURES: Final = ("auc", "average_precision", "brier")


def summarise(
    backtest: Backtest, years: tuple[int, int] | None = None, draw_count: int = 200
) -> dict[str, Any]:
    """Return all figures of a backtest: all rows and onset rows, by predictor.

    Args:
        backtest: its folds.
        years: first and last test year to report; by default all.
        draw_count: bootstrap draws by pair.
    """
    joined = backtest.joined(years)
    rows = joined["rows"]
    dyads, as_of = backtest.rows.matrix.dyads[rows], backtest.rows.as_of[rows]
    _, groups = np.unique(dyads.astype(str), return_inverse=True)
    onset = onset_rows(backtest.judge, dyads, as_of)
    parts = {
        "all": np.ones(len(rows), dtype=bool),
        "onset": onset,
    }
    years_seen = sorted({f.fold.year for f in backtest.folds})
    found: dict[str, Any] = {
        "outcome": backtest.outcome,
        "horizon_days": backtest.horizon_days,
        "years": list(years or (years_seen[0], years_seen[-1])),
        "pair_count": int(groups.max()) + 1,
    }
    for name, chosen in parts.items():
        found[name] = _part_figures(joined, chosen, groups, draw_count)
    found["coverage"] = measured_coverage(backtest)
    found["reliability"] = reliability(
        joined["probs"][OURS], joined["y"], np.asarray(BAND_EDGES[1:])
    )
    return found


def _part_figures(
    joined: Mapping[str, Any], chosen: Bools, groups: Ints, draw_count: int
) -> dict[str, Any]:
    """Return figures, intervals and differences to ours on the chosen rows."""
    y = joined["y"][chosen]
    probs = {name: prob[chosen] for name, prob in joined["probs"].items()}
    if not y.any():
        return {"row_count": len(y), "positive_share": 0.0, "predictors": {}}
    _, packed = np.unique(groups[chosen], return_inverse=True)
    draws = bootstrap_by_pair(probs, y, packed, draw_count)
    base = float(y.mean())
    predictors = {name: _one_predictor(name, probs[name], y, draws, base) for name in probs}
    return {"row_count": len(y), "positive_share": base, "predictors": predictors}


def _one_predictor(
    name: str, prob: Floats, y: Bools, draws: Mapping[str, Floats], base: float
) -> dict[str, Any]:
    figures: dict[str, Any] = asdict(measure(prob, y, base))
    for position, kind in enumerate(MEASURES):
        figures[f"{kind}_interval"] = interval_of(draws[name][:, position])
        gap = draws[OURS][:, position] - draws[name][:, position]
        # Brier: smaller is better, so a positive gain is always in our favour
        gain = -gap if kind == "brier" else gap
        figures[f"gain_{kind}_interval"] = interval_of(gain)
    return figures


def by_year(backtest: Backtest) -> Iterator[dict[str, Any]]:
    """Yield our figures and the calibration of each test year."""
    for fold in backtest.folds:
        if fold.y.any():
            figures = asdict(measure(fold.probs[OURS], fold.y))
            slope = round(fold.calibration.slope, 3)
            yield {"year": fold.fold.year, **figures, "calibration_slope": slope}


def to_markdown(summary: Mapping[str, Any]) -> str:
    """Return the figures as two Markdown tables: all rows, then onset rows."""
    first, last = summary["years"]
    lines = [
        f"### {summary['outcome']}, {summary['horizon_days']} days, {first}-{last}",
        "",
    ]
    for part, words in (("all", "All rows"), ("onset", "Onset rows (no force for 90 days)")):
        block = summary[part]
        lines += [
            f"{words}: {block['row_count']:,} rows,"
            f" {100 * block['positive_share']:.2f} % positive.",
            "",
            "| predictor | AUC | AP | Brier | Brier skill | ECE |"
            " gain in AUC (95 %) | gain in AP (95 %) | gain in Brier x 1000 (95 %) |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        lines += [_markdown_row(name, f) for name, f in block["predictors"].items()]
        lines.append("")
    cover = summary["coverage"]
    lines.append(
        f"Nominal 90 % interval: {100 * cover['coverage']:.1f} % of"
        f" {cover['cells']:.0f} (year, score band) cells covered."
    )
    return "\n".join(lines) + "\n"


def _markdown_row(name: str, f: Mapping[str, Any]) -> str:
    gains = [f["gain_auc_interval"], f["gain_average_precision_interval"]]
    cells = [f"{low:+.3f} .. {high:+.3f}" for low, high in gains]
    low, high = (1000 * value for value in f["gain_brier_interval"])
    cells.append(f"{low:+.2f} .. {high:+.2f}")
    if name == OURS:
        cells = ["", "", ""]
    a, b = f["auc_interval"]
    c, d = f["average_precision_interval"]
    return (
        f"| {name} | {f['auc']:.3f} ({a:.3f}-{b:.3f}) | {f['average_precision']:.3f}"
        f" ({c:.3f}-{d:.3f}) | {f['brier']:.5f} | {f['brier_skill']:.3f} | {f['ece']:.4f} |"
        f" {' | '.join(cells)} |"
    )
