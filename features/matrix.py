"""The feature matrix: one row per pair and as_of_date. Values only, no computing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class FeatureMatrix:
    """Features of many (dyad, as_of_date) rows.

    Args:
        dyads: pair of each row, such as ``"COL-USA"``.
        as_of_dates: ``datetime64[D]`` of each row.
        columns: names, see features/registry.py.
        values: float32, one row per pair and date, untransformed.
    """

    dyads: npt.NDArray[np.object_]
    as_of_dates: npt.NDArray[np.datetime64]
    columns: tuple[str, ...]
    values: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.dyads)

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """Return one column by name."""
        return self.values[:, self.columns.index(name)]

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> FeatureMatrix:
        """Return the chosen rows."""
        return FeatureMatrix(
            self.dyads[rows], self.as_of_dates[rows], self.columns, self.values[rows]
        )


def day_numbers(days: object) -> npt.NDArray[np.int64]:
    """Return days since 1970-01-01 of dates, timestamps or ISO texts.

    Example:
        >>> day_numbers(["1970-01-02"]).tolist()
        [1]
    """
    stamps = pd.to_datetime(pd.Series(days)).to_numpy()
    numbers: npt.NDArray[np.int64] = stamps.astype("datetime64[D]").astype(np.int64)
    return numbers
