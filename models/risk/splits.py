"""Rolling-origin splits: fit on the past, leave a gap of one horizon, test on a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def day_number(day: date | str) -> int:
    """Return days since 1970-01-01.

    Example:
        >>> day_number("1970-01-31")
        30
    """
    return int(np.datetime64(str(day), "D").astype(np.int64))


def weekly_origins(first: date | str, last: date | str, step_days: int = 7) -> Ints:
    """Return every step_days-th day number in [first, last]."""
    return np.arange(day_number(first), day_number(last) + 1, step_days, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Fold:
    """One test year and the last training day that does not leak into it.

    Args:
        year: test year.
        test_begin, test_end: day numbers, end exclusive.
        train_end: as_of days below this may be trained on.
    """

    year: int
    test_begin: int
    test_end: int
    train_end: int

    def label_end(self, horizon_days: int) -> int:
        """Return the day number before which every training label has ended."""
        return self.train_end + horizon_days - 1

    def train_rows(self, as_of: Ints) -> Bools:
        """Return rows whose whole label lies before the first test day."""
        return as_of < self.train_end

    def test_rows(self, as_of: Ints) -> Bools:
        """Return rows of the test year."""
        return (as_of >= self.test_begin) & (as_of < self.test_end)


def rolling_folds(first_year: int, last_year: int, horizon_days: int) -> Iterator[Fold]:
    """Yield one fold a year; the last training label ends before the test begins."""
    for year in range(first_year, last_year + 1):
        begin = day_number(f"{year}-01-01")
        end = day_number(f"{year + 1}-01-01")
        # a label covers [as_of, as_of + horizon): as_of + horizon <= begin
        yield Fold(year, begin, end, begin - horizon_days + 1)
