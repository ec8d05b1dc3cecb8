"""Which days the daily run has missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from features.errors import ConfigError
from flows.catchup import CatchUpParams, is_due, missed_days

NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)
TWO_WEEKS = [date(2025, 12, 27) + timedelta(days=n) for n in range(15)]
DAILY = CatchUpParams("0 6 * * *", 14)


def days(*numbers: int) -> list[date]:
    return [date(2026, 1, number) for number in numbers]


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        pytest.param([], days(10), id="an empty store begins today"),
        pytest.param(days(10), [], id="all is done"),
        pytest.param(days(7), days(8, 9, 10), id="the days since the last one"),
        pytest.param([*days(9), date(2027, 1, 1)], days(10), id="a day to come is no last one"),
        pytest.param([date(2025, 1, 1)], TWO_WEEKS, id="a long sleep is bounded"),
    ],
)
def test_missed_days(scored: list[date], expected: list[date]) -> None:
    assert missed_days(scored, NOW, DAILY) == expected


def test_today_is_not_missed_before_its_hour() -> None:
    before = datetime(2026, 1, 10, 5, 59, tzinfo=UTC)
    assert missed_days(days(9), before, DAILY) == []
    assert missed_days(days(8), before, DAILY) == days(9)


def test_days_that_the_schedule_skips_are_not_missed() -> None:
    weekdays = CatchUpParams("0 6 * * 1-5", 14)
    assert missed_days(days(2), NOW, weekdays) == days(5, 6, 7, 8, 9)


def test_nothing_is_made_good_when_switched_off() -> None:
    assert missed_days(days(1), NOW, CatchUpParams("0 6 * * *", 0)) == []


def test_a_wrong_schedule_is_named() -> None:
    with pytest.raises(ConfigError, match="schedule_cron"):
        is_due("every morning", date(2026, 1, 10), NOW)
