"""What is predicted: `force` and `escalation` within a horizon, and which rows are onsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import ConfigError
from features.history import SparseSeries
from features.matrix import day_numbers
from features.registry import DIRECTIONS, count_column

Outcome = Literal["force", "escalation"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("force", "escalation")
HORIZONS: Final = (7, 30, 90)

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LabelParams:
    """Parameters of the outcomes.

    Args:
        min_count: an escalation needs at least this many uses of force in the horizon.
        rate_factor: and more than this many times the pair's own trailing rate.
        trailing_days: length of the trailing rate.
        quiet_days: a row is an onset row where no force was reported this long.
    """

    min_count: int = 3
    rate_factor: float = 2.0
    trailing_days: int = 90
    quiet_days: int = 90


DEFAULT_PARAMS: Final = LabelParams()


class ForceRecord:
    """Asserted uses of force between the states of each pair, by publication day.

    Args:
        dyad_days: columns ``dyad day`` and the signal's counts in both directions.
        signal: what is recorded, if not force.
    """

    def __init__(self, dyad_days: pd.DataFrame, signal: str = "force") -> None:
        names = [count_column(signal, direction) for direction in DIRECTIONS]
        count = dyad_days[names].to_numpy(float).sum(axis=1)
        kept = dyad_days[count > 0]
        codes, dyads = pd.factorize(kept["dyad"].astype(object), sort=True)
        self.index = {str(name): position for position, name in enumerate(dyads)}
        self.series = SparseSeries(
            codes.astype(np.int64), day_numbers(kept["day"]), count[count > 0][:, None]
        )

    def count(self, dyads: npt.NDArray[np.object_], begin: Ints, end: Ints) -> Ints:
        """Return the uses of force in [begin, end) of each row."""
        unseen = len(self.index)
        ids = np.array([self.index.get(name, unseen) for name in dyads], dtype=np.int64)
        until = self.series.total(ids, end)[:, 0]
        return np.rint(until - self.series.total(ids, begin)[:, 0]).astype(np.int64)


def count_force(
    record: ForceRecord, dyads: npt.NDArray[np.object_], as_of: Ints, horizon_days: int
) -> Ints:
    """Return the uses of force in [as_of, as_of + horizon_days)."""
    return record.count(dyads, as_of, as_of + horizon_days)


def label_rows(
    record: ForceRecord,
    dyads: npt.NDArray[np.object_],
    as_of: Ints,
    outcome: Outcome,
    horizon_days: int,
    params: LabelParams = DEFAULT_PARAMS,
) -> Bools:
    """Return whether the outcome happened in [as_of, as_of + horizon_days).

    Args:
        record: the uses of force to judge by.
        dyads: pair of each row.
        as_of: days since 1970-01-01.
        outcome: ``force`` or ``escalation``.
        horizon_days: length of the look ahead.
        params: parameters of the outcomes.

    Raises:
        ConfigError: the outcome is unknown.
    """
    count = count_force(record, dyads, as_of, horizon_days)
    if outcome == "force":
        return count >= 1
    if outcome == "escalation":
        past = record.count(dyads, as_of - params.trailing_days, as_of)
        usual = past * horizon_days / params.trailing_days
        return (count >= params.min_count) & (count > params.rate_factor * usual)
    raise ConfigError(f"expected an outcome of {OUTCOMES}, got {outcome!r}")


def onset_rows(
    record: ForceRecord,
    dyads: npt.NDArray[np.object_],
    as_of: Ints,
    params: LabelParams = DEFAULT_PARAMS,
) -> Bools:
    """Return the rows without any reported force in the past quiet_days."""
    quiet: Bools = record.count(dyads, as_of - params.quiet_days, as_of) == 0
    return quiet
