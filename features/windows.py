"""DyadDay history -> feature matrix at as_of_dates. No training, no labels.

Every value of a row with as_of_date D is computed from days before D only.
Counts of a stream much richer than the reference volume are scaled down; a much
thinner stream is left as it is, and its deficit is a column of its own. Fading counts
of a stream that began lately stand for the whole past: they are scaled up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from features.errors import DataError
from features.history import Floats, Ints
from features.matrix import FeatureMatrix, day_numbers
from features.pair_history import (
    GOLDSTEIN,
    NEAR_SIGNALS,
    POSITION,
    REFERENCE_VOLUME,
    RICH_MULTIPLE,
    THIN_MULTIPLE,
    WIDTH,
    History,
)
from features.registry import (
    CLASSIFIER_COLUMNS,
    COLUMN_BY_NAME,
    DIRECTED_COUNTS,
    SINCE_LIMIT_DAYS,
    ClassifierColumn,
)
from features.statics import STATIC_COLUMNS, static_values

__all__ = ["REFERENCE_VOLUME", "FeatureMatrix", "History", "build_features", "compute_features"]

_CHUNK: Final = 100_000
# Counts of a young stream are scaled up five times at most.
_LEAST_WATCHED: Final = 0.2
# A pair's habit is shrunk with half a year of this share of time under fire.
_HABIT_SHARE: Final = 0.002
_HABIT_DAYS: Final = 182.0


class _Computer:
    """Computes columns for one chunk of queries and remembers shared parts."""

    def __init__(self, history: History, names: list[str], ids: Ints, days: Ints) -> None:
        self.history, self.ids, self.days = history, ids, days
        self.statics = static_values(names, ids, days)
        pair_ids = np.array(
            [history.index.get(n, len(history.dyads) + i) for i, n in enumerate(names)]
        )
        self.pair_ids = pair_ids[ids]
        self.ends = history.country_ends(names)[ids]
        self.zero = np.zeros_like(days)
        self._kept: dict[tuple[str, int], Floats] = {}

    def _keep(self, kind: str, scale: int) -> Floats:
        key = (kind, scale)
        if key not in self._kept:
            self._kept[key] = getattr(self, f"_all_{kind}")(scale)
        return self._kept[key]

    def _all_fade(self, half_life: int) -> Floats:
        values = self.history.pairs.decayed_sum(self.pair_ids, self.days, half_life)
        return values * self._fade_scale(half_life)[:, None]

    def _all_window(self, width: int) -> Floats:
        values = self.history.pairs.window_sum(self.pair_ids, self.days, width)
        return values * self._window_scale(width)[:, None]

    def _all_others(self, half_life: int) -> Floats:
        own = self.history.pairs.decayed_sum(self.pair_ids, self.days, half_life)[:, :WIDTH]
        sides = [
            self.history.countries.decayed_sum(self.ends[:, side], self.days, half_life) - own
            for side in (0, 1)
        ]
        return np.maximum(np.stack(sides), 0.0) * self._fade_scale(half_life)[None, :, None]

    def _fade_scale(self, half_life: int) -> Floats:
        seen = self.history.volume.decayed_sum(self.zero, self.days, half_life)[:, 0]
        rich = RICH_MULTIPLE * self.history.reference_volume * half_life / np.log(2)
        young = np.clip(self.history.watched.share(self.days, half_life), _LEAST_WATCHED, 1.0)
        scale: Floats = np.minimum(1.0 / young, rich / np.maximum(seen, 1.0))
        return scale

    def _window_scale(self, width: int) -> Floats:
        return np.minimum(1.0, RICH_MULTIPLE / np.maximum(self._volume_ratio(width), 1e-9))

    def _volume_ratio(self, width: int) -> Floats:
        seen = self.history.volume.window_sum(self.zero, self.days, width)[:, 0]
        return seen / (self.history.reference_volume * width)

    def fade(self, column: ClassifierColumn) -> Floats:
        return self._keep("fade", column.scale)[:, POSITION[column.signal]]

    def both(self, column: ClassifierColumn) -> Floats:
        values = self._keep("fade", column.scale)
        position = WIDTH + DIRECTED_COUNTS.index(column.signal)
        return np.minimum(values[:, position], values[:, position + len(DIRECTED_COUNTS)])

    def window(self, column: ClassifierColumn) -> Floats:
        return self._keep("window", column.scale)[:, POSITION[column.signal]]

    def near(self, column: ClassifierColumn) -> Floats:
        days = self.history.near.decayed_sum(self.pair_ids, self.days, column.scale)
        total = days[:, NEAR_SIGNALS.index(column.signal)]
        share: Floats = total * self._fade_scale(column.scale) * np.log(2) / column.scale
        return 365 * share

    def habit(self, column: ClassifierColumn) -> Floats:
        under_fire = self.history.near.total(self.pair_ids, self.days)
        near = under_fire[:, NEAR_SIGNALS.index(column.signal)]
        quiet = np.maximum(self.history.watched.length(self.days) - near, 0.0)
        prior = (_HABIT_DAYS * _HABIT_SHARE, _HABIT_DAYS * (1 - _HABIT_SHARE))
        odds: Floats = np.log(near + prior[0]) - np.log(quiet + prior[1])
        return odds

    def since(self, column: ClassifierColumn) -> Floats:
        position = POSITION[column.signal]
        return self.history.pairs.days_since(self.pair_ids, self.days, position, SINCE_LIMIT_DAYS)

    def others_more(self, column: ClassifierColumn) -> Floats:
        values: Floats = self._keep("others", column.scale)[:, :, POSITION[column.signal]]
        picked: Floats = np.maximum(values[0], values[1])
        return picked

    def others_less(self, column: ClassifierColumn) -> Floats:
        values: Floats = self._keep("others", column.scale)[:, :, POSITION[column.signal]]
        picked: Floats = np.minimum(values[0], values[1])
        return picked

    def trend(self, column: ClassifierColumn) -> Floats:
        position = POSITION[column.signal]
        late = self._keep("window", column.scale)[:, position]
        usual = self._keep("window", 365)[:, position] * column.scale / 365
        return np.log1p(late) - np.log1p(usual)

    def goldstein_mean(self, column: ClassifierColumn) -> Floats:
        sums = self.history.pairs.window_sum(self.pair_ids, self.days, column.scale)
        return sums[:, GOLDSTEIN] / (sums[:, POSITION["event"]] + 2.0)

    def deficit(self, column: ClassifierColumn) -> Floats:
        ratio = self._volume_ratio(column.scale) / THIN_MULTIPLE
        return np.log(1.0 / np.clip(ratio, 0.005, 1.0))

    def product(self, column: ClassifierColumn) -> Floats:
        first, second = (COLUMN_BY_NAME[name] for name in column.signal.split("*"))
        return self.transformed(first) * self.transformed(second)

    def transformed(self, column: ClassifierColumn) -> Floats:
        values: Floats = getattr(self, column.kind)(column)
        return np.log1p(np.maximum(values, 0.0)) if column.transform == "log1p" else values

    def static(self, column: ClassifierColumn) -> Floats:
        return self.statics[:, STATIC_COLUMNS.index(column.signal)]


def compute_features(
    history: History,
    dyads: Sequence[str],
    dyad_index: Ints,
    days: Ints,
    columns: Sequence[ClassifierColumn] = CLASSIFIER_COLUMNS,
) -> FeatureMatrix:
    """Return the features of the queries (dyads[dyad_index[i]], days[i])."""
    values = np.empty((len(days), len(columns)), dtype=np.float32)
    names = list(dyads)
    for begin in range(0, len(days), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        computer = _Computer(history, names, dyad_index[part], days[part])
        for position, column in enumerate(columns):
            values[part, position] = getattr(computer, column.kind)(column)
    return FeatureMatrix(
        np.array(names, dtype=object)[dyad_index],
        days.astype("datetime64[D]"),
        tuple(column.name for column in columns),
        values,
    )


def build_features(
    dyad_days: pd.DataFrame,
    day_volume: pd.DataFrame,
    as_of_dates: date | Sequence[date],
    dyads: Sequence[str] | None = None,
    reference_volume: float = REFERENCE_VOLUME,
) -> FeatureMatrix:
    """Return the features of pairs at one or more dates, from earlier days only.

    Args:
        dyad_days: rows of any days; those on or after a date are not looked at.
        day_volume: columns ``day story_count`` of the whole stream.
        as_of_dates: one date or several.
        dyads: the pairs wanted; by default those with any row in the past 365 days.
        reference_volume: average stories a day of the stream fitted on.

    Raises:
        DataError: a needed column is missing.
    """
    missing = {"dyad", "day"} - set(dyad_days.columns)
    if missing or "story_count" not in day_volume:
        raise DataError("expected columns dyad, day and (volume) story_count; aggregate first")
    history = History(dyad_days, day_volume, reference_volume)
    dates = [as_of_dates] if isinstance(as_of_dates, date) else list(as_of_dates)
    moments = day_numbers(dates)
    if dyads is None:
        ids, days = history.active_rows(moments)
        return compute_features(history, history.dyads, ids, days)
    ids = np.tile(np.arange(len(dyads), dtype=np.int64), len(moments))
    return compute_features(history, dyads, ids, np.repeat(moments, len(dyads)))
