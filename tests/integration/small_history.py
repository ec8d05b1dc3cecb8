"""A few pairs and years of the shipped history, and coded events, for tests that fit."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

TABLES = ("portal_dyad_days", "portal_day_volume")
CODES = ("USA", "COL", "VEN", "RUS", "UKR", "IRN", "ISR", "SYR", "IND", "PAK")


def write_history(folder: Path, pair_count: int, first_day: str) -> None:
    """Write the shipped history of the busiest pairs from a day on."""
    shipped = resources.files("features") / "data" / "history"
    for name in TABLES:
        with resources.as_file(shipped / f"{name}.parquet") as path:
            rows = pd.read_parquet(path)
        rows = rows[pd.to_datetime(rows["day"]) >= first_day]
        if "dyad" in rows:
            rows = rows[rows["dyad"].isin(rows.groupby("dyad").size().nlargest(pair_count).index)]
        rows.to_parquet(folder / f"{name}.parquet")


def coded_events(first: str, last: str, count: int = 6_000) -> pd.DataFrame:
    """Return made-up coded events: a few pairs fight often, the others talk."""
    draw = np.random.default_rng(7)
    days = pd.date_range(first, last)
    a, b = draw.integers(0, len(CODES), (2, count))
    b = np.where(a == b, (b + 1) % len(CODES), b)
    hostile = (a + b) % 5 == 0
    force = draw.random(count) < np.where(hostile, 0.5, 0.02)
    return pd.DataFrame(
        {
            "date": days[draw.integers(0, len(days), count)].strftime("%Y-%m-%d"),
            "source_iso3": np.array(CODES)[a],
            "target_iso3": np.array(CODES)[b],
            "cameo_code": np.where(force, "190", np.where(hostile, "138", "036")),
        }
    )
