"""Labels look at [as_of, as_of + horizon) and nowhere else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.errors import ConfigError
from models.risk.labels import ForceRecord, count_force, label_rows, onset_rows

DAY = 20_000


def record(*events: tuple[str, int, int]) -> ForceRecord:
    """Return the record of (dyad, day relative to DAY, uses of force)."""
    rows = [
        {
            "dyad": dyad,
            "day": np.datetime64(DAY + day, "D"),
            "force_ab_count": float(count),
            "force_ba_count": 0.0,
        }
        for dyad, day, count in events
    ]
    return ForceRecord(pd.DataFrame(rows))


def one(name: str) -> np.ndarray:
    return np.array([name], dtype=object)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(-1, False, id="the day before the score is past"),
        pytest.param(0, True, id="the day of the score counts"),
        pytest.param(29, True, id="the last day of the horizon counts"),
        pytest.param(30, False, id="the day after the horizon does not"),
    ],
)
def test_the_edges_of_a_horizon(day, expected):
    found = label_rows(record(("A-B", day, 1)), one("A-B"), np.array([DAY]), "force", 30)
    assert found.tolist() == [expected]


def test_another_pair_is_another_matter():
    found = label_rows(record(("A-B", 3, 1)), one("A-C"), np.array([DAY]), "force", 30)
    assert not found.any()


@pytest.mark.parametrize(
    ("past", "ahead", "expected"),
    [
        pytest.param(0, 2, False, id="two uses of force are no escalation"),
        pytest.param(0, 3, True, id="three after quiet are"),
        pytest.param(9, 6, False, id="twice the usual rate is not clearly above it"),
        pytest.param(9, 7, True, id="more than twice the usual rate is"),
    ],
)
def test_escalation_is_a_step_above_the_own_past(past, ahead, expected):
    events = [("A-B", 5, ahead)] + ([("A-B", -10, past)] if past else [])
    found = label_rows(record(*events), one("A-B"), np.array([DAY]), "escalation", 30)
    assert found.tolist() == [expected]


def test_onset_needs_ninety_quiet_days():
    kept = record(("A-B", -90, 1), ("C-D", -91, 1))
    dyads = np.array(["A-B", "C-D", "E-F"], dtype=object)
    assert onset_rows(kept, dyads, np.full(3, DAY)).tolist() == [False, True, True]


def test_counts_add_up_over_the_horizon():
    kept = record(("A-B", 0, 2), ("A-B", 6, 3), ("A-B", 7, 5))
    assert count_force(kept, one("A-B"), np.array([DAY]), 7).tolist() == [5]


def test_an_unknown_outcome_is_refused():
    with pytest.raises(ConfigError, match="war"):
        label_rows(record(("A-B", 0, 1)), one("A-B"), np.array([DAY]), "war", 30)
