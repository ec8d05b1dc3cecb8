"""All DyadDays of a stream, indexed for bulk queries. No feature is named here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from features.history import SPAN, Floats, Ints, SparseSeries
from features.matrix import day_numbers
from features.registry import DIRECTED_COUNTS, count_column
from features.watched import WatchedSpans

# Stories a day, on average, of the stream that the shipped classifiers were fitted on.
# Its own years run from about 8 to 25 a day: within these multiples nothing is corrected.
REFERENCE_VOLUME: Final = 14.0
RICH_MULTIPLE: Final = 1.8
THIN_MULTIPLE: Final = 0.57
ACTIVE_DAYS: Final = 365
NEAR_DAYS: Final = 30
NEAR_SIGNALS: Final = ("force",)
SIGNALS: Final = (*DIRECTED_COUNTS, "mention", "reported")
POSITION: Final = {name: index for index, name in enumerate(SIGNALS)}
WIDTH: Final = len(SIGNALS)
# Columns of the pair series: sums, then ab, then ba of the directed counts, Goldstein sum.
GOLDSTEIN: Final = WIDTH + 2 * len(DIRECTED_COUNTS)


class History:
    """All DyadDays of a corpus, indexed for bulk queries.

    Args:
        dyad_days: columns ``dyad day`` and registry.DYAD_DAY_COLUMNS; several
            rows of one dyad and day are added up.
        day_volume: columns ``day story_count``: the whole stream.
        reference_volume: average stories a day of the stream fitted on; counts of a stream
            richer than 1.8 times that are scaled down.
    """

    def __init__(
        self,
        dyad_days: pd.DataFrame,
        day_volume: pd.DataFrame,
        reference_volume: float = REFERENCE_VOLUME,
    ) -> None:
        codes, names = pd.factorize(dyad_days["dyad"].astype(object), sort=True)
        self.dyads: list[str] = [str(name) for name in names]
        self.index = {name: position for position, name in enumerate(self.dyads)}
        self.days = day_numbers(dyad_days["day"])
        self.codes: Ints = codes.astype(np.int64)
        self.reference_volume = reference_volume
        values = _pair_values(dyad_days)
        self.pairs = SparseSeries(self.codes, self.days, values)
        self.near = _near_series(self.pairs)
        self.country_index = self._index_countries()
        ends = self.country_ends(self.dyads)
        entities = np.concatenate([ends[self.codes, 0], ends[self.codes, 1]])
        both = np.concatenate([self.days, self.days])
        self.countries = SparseSeries(entities, both, np.vstack([values[:, :WIDTH]] * 2))
        stories = day_volume["story_count"].to_numpy(float)[:, None]
        moments = day_numbers(day_volume["day"])
        self.volume = SparseSeries(np.zeros_like(moments), moments, stories)
        self.watched = WatchedSpans(moments[stories[:, 0] > 0])

    def _index_countries(self) -> dict[str, int]:
        codes = sorted({code for name in self.dyads for code in name.split("-")})
        return {code: position for position, code in enumerate(codes)}

    def country_ends(self, dyads: Sequence[str]) -> Ints:
        """Return the two country ids of each pair; unknown countries get a fresh id."""
        fresh = len(self.country_index)
        ends = [[self.country_index.get(c, fresh) for c in name.split("-")] for name in dyads]
        return np.array(ends, dtype=np.int64).reshape(-1, 2)

    def active_rows(self, as_of_days: Ints, active_days: int = ACTIVE_DAYS) -> tuple[Ints, Ints]:
        """Return (dyad id, day) of all pairs with any row in the days before each date."""
        ids = np.arange(len(self.dyads), dtype=np.int64)
        found_ids, found_days = [], []
        for day in as_of_days:
            days = np.full(len(ids), day)
            upper = self.pairs.end_index(ids, days)
            lower = self.pairs.end_index(ids, days - active_days)
            chosen = ids[upper > lower]
            found_ids.append(chosen)
            found_days.append(np.full(len(chosen), day))
        return np.concatenate(found_ids), np.concatenate(found_days)


def _near_series(pairs: SparseSeries) -> SparseSeries:
    """Return, for each of NEAR_SIGNALS, the days that lay within NEAR_DAYS before an event.

    A day is counted once, however many events follow it, and at the event's own day:
    summed up it is the time that a pair spent under fire, not the number of shots.
    """
    columns = np.zeros((len(pairs.days), len(NEAR_SIGNALS)))
    for column, name in enumerate(NEAR_SIGNALS):
        rows = np.flatnonzero(pairs.values[:, POSITION[name]] > 0)
        gap = np.diff(pairs.keys[rows], prepend=-SPAN)
        columns[rows, column] = np.minimum(gap, NEAR_DAYS)
    return SparseSeries(pairs.entities, pairs.days, columns)


def _pair_values(dyad_days: pd.DataFrame) -> Floats:
    """Return the columns of the pair series of each DyadDay row."""
    ab = dyad_days[[count_column(name, "ab") for name in DIRECTED_COUNTS]].to_numpy(float)
    ba = dyad_days[[count_column(name, "ba") for name in DIRECTED_COUNTS]].to_numpy(float)
    rest = dyad_days[["mention_count", "reported_count"]].to_numpy(float)
    goldstein = dyad_days[["goldstein_sum_ab", "goldstein_sum_ba"]].to_numpy(float).sum(axis=1)
    return np.column_stack([ab + ba, rest, ab, ba, goldstein])
