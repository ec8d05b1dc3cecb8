"""Pictures of the risk classifier's accuracy. Needs matplotlib (extra ``plots``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

INK, ACCENT, QUIET = "#1f2933", "#c2410c", "#94a3b8"


def _save(figure: Any, path: Path) -> Path:
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
    return path


def _axes(width: float = 6.0, height: float = 4.0) -> tuple[Any, Any]:
    figure, axes = plt.subplots(figsize=(width, height))
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def draw_reliability(summary: Mapping[str, Any], path: Path) -> Path:
    """Write the reliability curve: what was said against what happened, both logarithmic."""
    figure, axes = _axes(5.0, 4.6)
    rows = [row for row in summary["reliability"] if row["happened"] > 0]
    said, happened = [r["said"] for r in rows], [r["happened"] for r in rows]
    axes.plot([1e-4, 1], [1e-4, 1], color=QUIET, linewidth=1)
    axes.plot(said, happened, "o-", color=ACCENT)
    for row in rows:
        axes.annotate(f"{row['rows']:,}", (row["said"], row["happened"]), fontsize=7, color=INK)
    axes.set(xscale="log", yscale="log", xlabel="probability said", ylabel="share that came true")
    first, last = summary["years"]
    axes.set_title(
        f"{summary['outcome']}, {summary['horizon_days']} days, {first}-{last} (rows at points)",
        fontsize=9,
    )
    return _save(figure, path)


def draw_years(summary: Mapping[str, Any], path: Path) -> Path:
    """Write AUC and average precision by test year."""
    figure, axes = _axes()
    rows = summary.get("by_year", [])
    years = [row["year"] for row in rows]
    axes.plot(years, [row["auc"] for row in rows], "o-", color=INK, label="AUC")
    precision = [row["average_precision"] for row in rows]
    axes.plot(years, precision, "s-", color=ACCENT, label="average precision")
    axes.set(ylim=(0, 1), xlabel="test year")
    axes.legend(frameon=False, fontsize=8)
    return _save(figure, path)
