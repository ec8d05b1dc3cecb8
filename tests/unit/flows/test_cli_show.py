"""What moved a score."""

from __future__ import annotations

from flows.cli_show import driver_shifts


def test_shift_is_the_difference_of_contributions() -> None:
    now = [{"feature": "a", "contribution": 0.5}, {"feature": "b", "contribution": -0.25}]
    then = [{"feature": "a", "contribution": 0.75}, {"feature": "c", "contribution": 1.0}]
    assert driver_shifts(now, then) == {"a": -0.25, "b": -0.25}


def test_without_an_earlier_score_nothing_shifted() -> None:
    assert driver_shifts([{"feature": "a", "contribution": 0.5}], None) == {}
