"""The whole formula in a form that a person can recompute with a pocket calculator."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from features.registry import COLUMN_BY_NAME
from models.risk.classifier import RiskClassifier


def formula_rows(classifier: RiskClassifier) -> list[dict[str, Any]]:
    """Return one row a column: name, transform, mean, scale, weight and words."""
    rows = []
    for position, name in enumerate(classifier.columns):
        column = COLUMN_BY_NAME[name]
        rows.append(
            {
                "column": name,
                "transform": column.transform,
                "mean": float(classifier.mean[position]),
                "scale": float(classifier.scale[position]),
                "weight": float(classifier.weights[position]),
                "words": column.words,
            }
        )
    return rows


def render_formula(classifier: RiskClassifier) -> str:
    """Return the formula as text: base, then every column that carries weight."""
    lines = [
        f"{classifier.version}: probability of {classifier.outcome}"
        f" within {classifier.horizon_days} days",
        "",
        "probability = 1 / (1 + exp(-L))",
        f"L = {classifier.base:.6f}",
    ]
    for row in formula_rows(classifier):
        if row["weight"] != 0.0:
            inner = "log(1 + x)" if row["transform"] == "log1p" else "x"
            lines.append(
                f"  {row['weight']:+.6f} * ({inner} - {row['mean']:.6f}) / {row['scale']:.6f}"
                f"   x = {row['column']}: {row['words']}"
            )
    cuts = ", ".join(f"{cut:g}" for cut in classifier.cuts)
    lines += ["", f"levels GUARDED, ELEVATED, HIGH, SEVERE from {cuts}"]
    return "\n".join(lines) + "\n"


def apply_formula(base: float, rows: list[dict[str, Any]], values: Mapping[str, float]) -> float:
    """Return the probability of raw column values, computed step by step from the rows.

    Example:
        >>> apply_formula(0.0, [], {})
        0.5
    """
    log_odds = base
    for row in rows:
        value = values[row["column"]]
        entered = math.log1p(max(value, 0.0)) if row["transform"] == "log1p" else value
        log_odds += row["weight"] * (entered - row["mean"]) / row["scale"]
    return 1.0 / (1.0 + math.exp(-log_odds))
