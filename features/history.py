"""Sparse daily series of many entities, answered in bulk. No names of features here.

A series holds one row per (entity, day) with any activity. Every query looks
strictly before its day, so a row of the day itself or later never counts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Days since 1970 stay below this, so entity * SPAN + day is one sortable key.
SPAN: Final = 1 << 20


class SparseSeries:
    """Per-entity day series with window sums, decayed sums and days since the last.

    Args:
        entities: integer id of each row's entity.
        days: days since 1970-01-01 of each row.
        values: one row per (entity, day), one column per signal, all >= 0
            for counts. Rows of one key are added up.

    Example:
        >>> series = SparseSeries(np.array([0, 0]), np.array([10, 20]), np.array([[1.0], [2.0]]))
        >>> series.window_sum(np.array([0, 0]), np.array([20, 21]), 30).ravel().tolist()
        [1.0, 3.0]
    """

    def __init__(self, entities: Ints, days: Ints, values: Floats) -> None:
        keys = entities.astype(np.int64) * SPAN + days.astype(np.int64)
        order = np.argsort(keys, kind="stable")
        self.keys, starts = np.unique(keys[order], return_index=True)
        width = values.shape[1]
        merged = np.add.reduceat(values[order], starts) if len(starts) else np.zeros((0, width))
        self.values: Floats = merged.astype(np.float64)
        self.days: Ints = self.keys % SPAN
        self.entities: Ints = self.keys // SPAN
        self._sums: Floats = np.vstack([np.zeros((1, width)), np.cumsum(self.values, axis=0)])
        self._decayed: dict[float, Floats] = {}

    def end_index(self, entities: Ints, days: Ints) -> Ints:
        """Return the number of stored rows whose key lies before (entity, day)."""
        return np.searchsorted(self.keys, entities * SPAN + days, side="left")

    def window_sum(self, entities: Ints, days: Ints, width_days: int) -> Floats:
        """Return the sums over [day - width_days, day), one row per query."""
        upper = self.end_index(entities, days)
        lower = self.end_index(entities, np.maximum(days - width_days, 0))
        return self._sums[upper] - self._sums[lower]

    def total(self, entities: Ints, days: Ints) -> Floats:
        """Return the sums over everything before the day."""
        upper = self.end_index(entities, days)
        return self._sums[upper] - self._sums[self.end_index(entities, np.zeros_like(days))]

    def decayed_sum(self, entities: Ints, days: Ints, half_life_days: float) -> Floats:
        """Return sums weighted by ``2 ** (-age / half_life_days)``, age in days."""
        state = self._decay_state(half_life_days)
        last = self.end_index(entities, days) - 1
        if not len(state):
            return np.zeros((len(last), self.values.shape[1]))
        found = (last >= 0) & (self.entities[last] == entities)
        age = np.where(found, days - self.days[last], 0)
        weight = np.where(found, np.exp2(-age / half_life_days), 0.0)
        return state[last] * weight[:, None]

    def days_since(self, entities: Ints, days: Ints, column: int, limit: int) -> Floats:
        """Return days since the column was last above 0, at most ``limit``."""
        hits = self.keys[self.values[:, column] > 0]
        last = np.searchsorted(hits, entities * SPAN + days, side="left") - 1
        if not len(hits):
            return np.full(len(days), float(limit))
        found = (last >= 0) & (hits[last] // SPAN == entities)
        gap = np.where(found, days - hits[last] % SPAN, limit)
        return np.minimum(gap, limit).astype(np.float64)

    def _decay_state(self, half_life_days: float) -> Floats:
        """Return the decayed sum just after each stored row (its own day included)."""
        if half_life_days not in self._decayed:
            self._decayed[half_life_days] = self._run_decay(half_life_days)
        return self._decayed[half_life_days]

    def _run_decay(self, half_life_days: float) -> Floats:
        """Return decay states, computed over the k-th rows of all entities at once."""
        state = self.values.copy()
        if not len(state):
            return state
        is_first = np.append(True, self.entities[1:] != self.entities[:-1])
        first = np.flatnonzero(is_first)
        rank = np.arange(len(state)) - np.repeat(first, np.diff(np.append(first, len(state))))
        gap = np.where(is_first, 0, np.append(0, np.diff(self.days)))
        weight = np.exp2(-gap / half_life_days)
        order = np.argsort(rank, kind="stable")
        bounds = np.searchsorted(rank[order], np.arange(1, rank.max() + 2))
        for begin, end in pairwise(bounds):
            rows = order[begin:end]
            state[rows] += state[rows - 1] * weight[rows, None]
        return state
