"""When a stream of news was there: spans of days, without the silences between them."""

from __future__ import annotations

from typing import Final

import numpy as np

from features.history import Floats, Ints

# A longer silence is a gap in the stream; a shorter one is a thin stream's usual pause.
SILENCE_DAYS: Final = 60


class WatchedSpans:
    """The spans of days in which a stream had news.

    Args:
        days: days since 1970-01-01 with any news, in any order.

    Example:
        >>> spans = WatchedSpans(np.array([0, 1, 2]))
        >>> spans.length(np.array([0, 2, 3])).tolist()
        [0.0, 2.0, 3.0]
        >>> spans.share(np.array([4]), half_life_days=4).round(2).tolist()
        [0.5]
    """

    def __init__(self, days: Ints) -> None:
        heard = np.unique(days)
        is_first = np.diff(heard, prepend=heard[:1] - SILENCE_DAYS - 1) > SILENCE_DAYS
        self.begins: Ints = heard[is_first]
        self.ends: Ints = np.append(heard[np.flatnonzero(is_first)[1:] - 1], heard[-1:]) + 1

    def length(self, days: Ints) -> Floats:
        """Return how many days before each day the stream was there."""
        total = np.zeros(len(days))
        for begin, end in self._until(days):
            total += end - begin
        return total

    def share(self, days: Ints, half_life_days: float) -> Floats:
        """Return the share of a fading past that the stream saw: 1 for one without a beginning."""
        total = np.zeros(len(days))
        for begin, end in self._until(days):
            late, early = ((edge - days) / half_life_days for edge in (end, begin))
            total += np.exp2(late) - np.exp2(early)
        return total

    def _until(self, days: Ints) -> list[tuple[Ints, Ints]]:
        """Return first day and end of each span as seen at each day; equal where unseen."""
        found = []
        for begin, end in zip(self.begins, self.ends, strict=True):
            stop = np.where(days <= end + SILENCE_DAYS, days, end)
            found.append((np.minimum(begin, stop), stop))
        return found
