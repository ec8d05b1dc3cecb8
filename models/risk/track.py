"""The track record: what was said, what happened, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.risk.evaluate import calibration_error
from models.risk.intervals import BAND_EDGES
from models.risk.levels import LEVELS
from models.risk.training import fit_calibration

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# A score of this level or above counts as an alarm.
ALARM_LEVEL: Final = "HIGH"
_ALARMS: Final = frozenset(LEVELS[LEVELS.index(ALARM_LEVEL) :])
_MIN_HITS_FOR_SLOPE: Final = 5


def month_of(day: date) -> date:
    """Return the first day of the month.

    Example:
        >>> month_of(date(2026, 3, 28)).isoformat()
        '2026-03-01'
    """
    return day.replace(day=1)


def monthly_record(
    scores: Iterable[Mapping[str, Any]], base_rate: float | None = None
) -> list[dict[str, Any]]:
    """Return one row a version, outcome, horizon and month of verified scores.

    Args:
        scores: rows with classifier_version, outcome, horizon_days, as_of_date,
            dyad, prob, level and happened.
        base_rate: constant forecast for ``brier_climatology``; by default each
            month's own share, the hardest constant to beat.
    """
    groups: dict[tuple[str, str, int, date], list[Mapping[str, Any]]] = {}
    for row in scores:
        key = (
            str(row["classifier_version"]),
            str(row["outcome"]),
            int(row["horizon_days"]),
            month_of(row["as_of_date"]),
        )
        groups.setdefault(key, []).append(row)
    return [_one_month(key, rows, base_rate) for key, rows in sorted(groups.items())]


def _one_month(
    key: tuple[str, str, int, date], rows: Sequence[Mapping[str, Any]], base_rate: float | None
) -> dict[str, Any]:
    version, outcome, horizon_days, month = key
    prob = np.array([row["prob"] for row in rows], dtype=float)
    y = np.array([bool(row["happened"]) for row in rows])
    alarm = np.array([row["level"] in _ALARMS for row in rows])
    share = float(y.mean()) if base_rate is None else base_rate
    return {
        "classifier_version": version,
        "outcome": outcome,
        "horizon_days": horizon_days,
        "month": month,
        "pair_count": len({row["dyad"] for row in rows}),
        "score_count": len(rows),
        "happened_count": int(y.sum()),
        "prob_mean": float(prob.mean()),
        "happened_share": float(y.mean()),
        "brier": float(np.mean((prob - y) ** 2)),
        "brier_climatology": float(np.mean((share - y) ** 2)),
        "calibration_error": calibration_error(prob, y),
        "calibration_slope": _slope(prob, y),
        "calibration_bins": _bins(prob, y),
        "alarm_level": ALARM_LEVEL,
        "hit_count": int((alarm & y).sum()),
        "miss_count": int((~alarm & y).sum()),
        "false_alarm_count": int((alarm & ~y).sum()),
        "correct_quiet_count": int((~alarm & ~y).sum()),
    }


def _slope(prob: Floats, y: Bools) -> float | None:
    """Return the slope of the outcome on the forecast's log odds, None with too few hits."""
    if y.sum() < _MIN_HITS_FOR_SLOPE:
        return None
    clipped = np.clip(prob, 1e-6, 1 - 1e-6)
    return round(fit_calibration(np.log(clipped / (1 - clipped)), y).slope, 4)


def _bins(prob: Floats, y: Bools) -> list[dict[str, float]]:
    place = np.searchsorted(np.asarray(BAND_EDGES), prob, side="right")
    return [
        {
            "prob_mean": round(float(prob[place == number].mean()), 6),
            "happened_share": round(float(y[place == number].mean()), 6),
            "score_count": int((place == number).sum()),
        }
        for number in np.unique(place)
    ]
