"""How right the scores were: months, pooled reliability bins, the classifier's own card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Any

from flows.ranking import Record
from flows.track_files import REFIT_MARK
from models.db.tables import LEVELS

Z95 = 1.96
BIN_EDGES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)


def track_rows(rows: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Return the months, newest first."""
    return sorted((dict(row) for row in rows), key=lambda row: row["month"], reverse=True)


def refit_months(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return the months that no published score made: a refit on the years before them did.

    Example:
        >>> refit_months([{"month": "2015-01", "classifier_version": "force-30d-refit-2015"}])
        ['2015-01']
    """
    return sorted(row["month"] for row in rows if REFIT_MARK in (row["classifier_version"] or ""))


def pool_bins(months: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Return the reliability bins of all months together, with 95 % Wilson intervals.

    The intervals treat scores as independent, which overlapping horizons are not: they
    are narrower than the truth.

    Args:
        months: records whose ``calibration_bins`` list prob_mean, happened_share, score_count.
    """
    sums: dict[int, list[float]] = {}
    for month in months:
        for item in month["calibration_bins"] or ():
            place = sum(item["prob_mean"] >= edge for edge in BIN_EDGES[1:-1])
            total = sums.setdefault(place, [0.0, 0.0, 0.0])
            count = item["score_count"]
            total[0] += count
            total[1] += count * item["prob_mean"]
            total[2] += count * item["happened_share"]
    return [_bin(*total) for _, total in sorted(sums.items()) if total[0] > 0]


def _bin(count: float, prob_sum: float, happened: float) -> Record:
    share = happened / count
    low, high = wilson(share, count)
    mean = prob_sum / count
    return {
        "score_count": int(count),
        "prob_mean": round(mean, 5),
        "happened_share": round(share, 5),
        "share_low": round(low, 5),
        "share_high": round(high, 5),
        "words": f"forecast {mean:.1%}, came true {share:.1%} of {int(count)} scores",
    }


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return the 95 % Wilson interval of an observed share.

    Example:
        >>> [round(end, 3) for end in wilson(0.5, 100)]
        [0.404, 0.596]
    """
    base = 1 + Z95**2 / count
    centre = (share + Z95**2 / (2 * count)) / base
    half = Z95 / base * sqrt(share * (1 - share) / count + Z95**2 / (4 * count**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def _figures(classifier: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the classifier's figures from before publication; empty where there are none."""
    figures = classifier["figures"] if classifier else None
    if not isinstance(figures, Mapping):
        return {}
    inner = figures.get("backtest")
    return inner if isinstance(inner, Mapping) else figures


def backtest_bins(classifier: Mapping[str, Any] | None) -> list[Record]:
    """Return the reliability bins of the classifier's backtest."""
    bins = _figures(classifier).get("reliability") or ()
    return [
        _bin(row["rows"], row["rows"] * row["said"], row["rows"] * row["happened"]) for row in bins
    ]


def backtest_parts(classifier: Mapping[str, Any] | None) -> list[Record]:
    """Return the backtest's tables: all rows and onset rows, each with its rivals."""
    figures = _figures(classifier)
    parts = (
        ("all", "All pairs and days"),
        ("onset", "Onsets only: no force in the 90 days before"),
    )
    return [
        {"title": title, "years": figures.get("years"), **figures[name]}
        for name, title in parts
        if isinstance(figures.get(name), Mapping) and figures[name].get("predictors")
    ]


def level_bands(classifier: Mapping[str, Any] | None) -> list[tuple[str, float, float]]:
    """Return each level with its lowest and highest probability; empty when not published.

    Example:
        >>> level_bands({"params": {"cuts": [0.01, 0.05, 0.13, 0.5]}})[1]
        ('GUARDED', 0.01, 0.05)
    """
    params = (classifier["params"] if classifier else None) or {}
    cuts = params.get("cuts") or ()
    if len(cuts) != len(LEVELS) - 1:
        return []
    return list(zip(LEVELS, (0.0, *cuts), (*cuts, 1.0), strict=True))
