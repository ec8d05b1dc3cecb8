"""The track record of yearly refits: what each year's classifier would have said then.

Each year's scores come from a fit on the years before it, calibrated on forecasts
of earlier years; nothing later is known to it. Scores are weekly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from flows.track_files import REFIT_MARK
from models.risk.backtest import OURS, Backtest, FoldResult
from models.risk.labels import count_force, onset_rows
from models.risk.levels import choose_cuts, name_levels
from models.risk.track import monthly_record

FIRST_YEAR: Final = 2015
SCORE_COLUMNS: Final = [
    "classifier_version",
    "outcome",
    "horizon_days",
    "dyad",
    "as_of_date",
    "prob",
    "level",
    "happened",
    "is_known",
    "event_count",
    "is_onset",
]


def refit_version(outcome: str, horizon_days: int, year: int) -> str:
    """Return the name of the classifier that scored a past year.

    Example:
        >>> refit_version("force", 30, 2015)
        'force-30d-refit-2015'
    """
    return f"{outcome}-{horizon_days}d{REFIT_MARK}{year}"


def refit_scores(backtest: Backtest, last_day: str) -> pd.DataFrame:
    """Return every weekly score of the refits with what then happened (SCORE_COLUMNS).

    Args:
        backtest: its folds carry the climatology of their training rows.
        last_day: day after the last day of data; a score is known once its horizon ends by then.
    """
    return pd.concat(
        [_fold_scores(backtest, fold, last_day) for fold in backtest.folds], ignore_index=True
    )


def _fold_scores(backtest: Backtest, fold: FoldResult, last_day: str) -> pd.DataFrame:
    dyads = backtest.rows.matrix.dyads[fold.rows]
    end = int(np.datetime64(last_day, "D").astype(np.int64))
    prob = fold.probs[OURS]
    cuts = choose_cuts(float(fold.probs["climatology"][0]))
    record, horizon_days = backtest.rows.record, backtest.horizon_days
    return pd.DataFrame(
        {
            "classifier_version": refit_version(backtest.outcome, horizon_days, fold.fold.year),
            "outcome": backtest.outcome,
            "horizon_days": horizon_days,
            "dyad": dyads,
            "as_of_date": fold.as_of.astype("datetime64[D]"),
            "prob": prob,
            "level": name_levels(prob, cuts),
            "happened": fold.own,
            "is_known": fold.as_of + horizon_days <= end,
            "event_count": count_force(record, dyads, fold.as_of, horizon_days),
            "is_onset": onset_rows(record, dyads, fold.as_of),
        }
    )[list(SCORE_COLUMNS)]


def monthly_rows(scores: pd.DataFrame, first_year: int = FIRST_YEAR) -> list[dict[str, Any]]:
    """Return the monthly track record of known scores from ``first_year`` on."""
    days = pd.to_datetime(scores["as_of_date"])
    kept = scores[scores["is_known"] & (days.dt.year >= first_year)]
    months = pd.to_datetime(kept["as_of_date"]).dt.strftime("%Y-%m")
    found: list[dict[str, Any]] = []
    for _, part in kept.groupby([months, "outcome", "horizon_days"], sort=True):
        stamps = [stamp.date() for stamp in pd.to_datetime(part["as_of_date"])]
        rows = part.drop(columns="as_of_date").to_dict("records")
        found += monthly_record(
            {**row, "as_of_date": day} for row, day in zip(rows, stamps, strict=True)
        )
    return found


def misses(scores: pd.DataFrame, count: int = 10, min_events: int = 3) -> pd.DataFrame:
    """Return the worst misses: outbreaks of force that came with the least warning.

    An outbreak is an onset row that was followed by at least ``min_events`` uses of
    force; of each pair and year the last score before it counts, the worst one once.
    """
    found = scores[scores["is_known"] & scores["is_onset"] & (scores["event_count"] >= min_events)]
    year = pd.to_datetime(found["as_of_date"]).dt.year
    last = found.sort_values("as_of_date").groupby(["dyad", year]).tail(1)
    return last.sort_values(["prob", "dyad"]).head(count)


def false_alarms(scores: pd.DataFrame, count: int = 10) -> pd.DataFrame:
    """Return the highest scores, one a pair and year, after which nothing came."""
    found = scores[scores["is_known"] & ~scores["happened"]]
    year = pd.to_datetime(found["as_of_date"]).dt.year
    top = found.sort_values("prob").groupby(["dyad", year]).tail(1)
    return top.sort_values(["prob", "dyad"], ascending=[False, True]).head(count)


def by_year(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the record of each year: sums of the monthly counts, weighted means of the figures."""
    frame = pd.DataFrame(rows)
    frame["year"] = [month.year for month in frame["month"]]
    counts = ["score_count", "happened_count", "hit_count", "miss_count", "false_alarm_count"]
    for (outcome, horizon, year), part in frame.groupby(["outcome", "horizon_days", "year"]):
        weight = part["score_count"] / part["score_count"].sum()
        sums = {name: int(part[name].sum()) for name in counts}
        means = {name: float((part[name] * weight).sum()) for name in ("brier", "prob_mean")}
        base = sums["happened_count"] / sums["score_count"]
        yield {
            "outcome": outcome,
            "horizon_days": int(horizon),
            "year": int(year),
            **sums,
            **means,
            "happened_share": base,
            "brier_skill": 1 - means["brier"] / (base * (1 - base)) if 0 < base < 1 else 0.0,
        }
