"""What moved a score."""

from __future__ import annotations

from flows.cli_explain import driver_shifts


def test_shift_is_known_only_of_drivers_that_both_days_list() -> None:
    now = [{"feature": "a", "contribution": 0.5}, {"feature": "b", "contribution": -0.25}]
    then = [{"feature": "a", "contribution": 0.75}, {"feature": "c", "contribution": 1.0}]
    assert driver_shifts(now, then) == {"a": -0.25}


def test_without_an_earlier_score_nothing_shifted() -> None:
    assert driver_shifts([{"feature": "a", "contribution": 0.5}], None) == {}
