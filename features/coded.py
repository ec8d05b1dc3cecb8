"""Coded event tables (ICEWS, GDELT, POLECAT-like columns) -> DyadDay rows. No text here.

The table needs the columns ``date source_iso3 target_iso3 cameo_code``; the
columns ``goldstein source_is_state target_is_state`` are used where present.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from features.errors import DataError
from features.ontology import EVENT_FAMILY, FAMILIES, GOLDSTEIN, QUAD_CLASS, plover_of_cameo
from features.registry import DIRECTED_COUNTS, DIRECTIONS, DYAD_DAY_COLUMNS, count_column

REQUIRED_COLUMNS: Final = ("date", "source_iso3", "target_iso3", "cameo_code")
VOLUME_COLUMNS: Final = ("article_count", "story_count", "event_count")


def _days(events: pd.DataFrame) -> pd.Series:
    """Return the day of each event.

    Raises:
        DataError: a date cannot be read; the message names the first.
    """
    days = pd.to_datetime(events["date"], errors="coerce").dt.normalize()
    if days.isna().any():
        wrong = events["date"][days.isna()].iloc[0]
        raise DataError(f"expected dates such as 2026-03-29 in the column date, got {wrong!r}")
    return days


def _prepare_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return one clean row per event with pair, direction, PLOVER event and weight."""
    missing = [name for name in REQUIRED_COLUMNS if name not in events.columns]
    if missing:
        raise DataError(f"expected the columns {REQUIRED_COLUMNS}, missing {missing!r}")
    if events.empty:
        raise DataError("expected events, got a table without rows")
    source = events["source_iso3"].astype(str).to_numpy()
    target = events["target_iso3"].astype(str).to_numpy()
    forward = source < target
    code = events["cameo_code"].astype(str)
    crosswalk = {text: plover_of_cameo(text) for text in code.unique()}
    plover = code.map(crosswalk)
    weight = events["goldstein"] if "goldstein" in events else plover.map(GOLDSTEIN)
    states = [
        events[name].astype(bool) if name in events else pd.Series(True, index=events.index)
        for name in ("source_is_state", "target_is_state")
    ]
    frame = pd.DataFrame(
        {
            "dyad": np.where(forward, source, target) + "-" + np.where(forward, target, source),
            "day": _days(events),
            "direction": np.where(forward, "ab", "ba"),
            "plover": plover.astype(object),
            "goldstein": weight.astype(float).fillna(0.0),
            "is_between_states": states[0] & states[1],
        }
    )
    return frame[source != target]


def _signal_masks(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return for each directed count the events that belong to it."""
    quad = frame["plover"].map(QUAD_CLASS)
    family = frame["plover"].map(EVENT_FAMILY)
    masks = {name: family == name for name in FAMILIES}
    masks |= {f"quad{number}": quad == number for number in (1, 2, 3, 4)}
    masks["force"] = (frame["plover"] == "ASSAULT") & frame["is_between_states"]
    masks["event"] = frame["plover"].notna()
    return masks


def dyad_days_of_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return DyadDay rows (dyad, day, DYAD_DAY_COLUMNS) of a coded event table.

    Statements without an action (CAMEO root 01) count as mentions only.

    Args:
        events: one row per event; see the module text for its columns.

    Raises:
        DataError: a required column or every row is missing, or a date cannot be read.
    """
    frame = _prepare_events(events)
    masks = _signal_masks(frame)
    columns: dict[str, np.ndarray] = {}
    for direction in DIRECTIONS:
        chosen = frame["direction"] == direction
        for name in DIRECTED_COUNTS:
            columns[count_column(name, direction)] = (masks[name] & chosen).to_numpy(float)
        weight = np.where(chosen, frame["goldstein"], 0.0)
        columns[f"goldstein_sum_{direction}"] = weight
        columns[f"goldstein_min_{direction}"] = np.minimum(weight, 0.0)
    columns["mention_count"] = np.ones(len(frame))
    columns["reported_count"] = np.zeros(len(frame))
    wide = pd.DataFrame(columns)
    wide["dyad"], wide["day"] = frame["dyad"].to_numpy(), frame["day"].to_numpy()
    how = {name: "min" if name.startswith("goldstein_min") else "sum" for name in columns}
    return wide.groupby(["dyad", "day"], as_index=False).agg(how)[
        ["dyad", "day", *DYAD_DAY_COLUMNS]
    ]


def day_volume_of_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return the world's volume per day: every event row counts as one story.

    Example:
        >>> table = pd.DataFrame({"date": ["2020-01-01", "2020-01-01"]})
        >>> int(day_volume_of_events(table)["story_count"].iloc[0])
        2
    """
    day = _days(events).rename("day")
    count = day.groupby(day).size()
    return pd.DataFrame(dict.fromkeys(VOLUME_COLUMNS, count)).reset_index(names="day")
