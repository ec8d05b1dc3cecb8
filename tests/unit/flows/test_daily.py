"""What the daily flow decides by itself: its day, its name, its retries, how it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from features.errors import ConfigError, FatalError, RetriableError
from flows import daily
from flows.ingest import IngestReport


def scheduled(moment: datetime | None, **parameters: Any) -> SimpleNamespace:
    run = SimpleNamespace(scheduled_start_time=moment, parameters=parameters, id="r")
    return SimpleNamespace(flow_run=run)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime(2026, 1, 10, 6, tzinfo=UTC), date(2026, 1, 10), id="by the schedule"),
        pytest.param(
            datetime(2026, 1, 11, 1, tzinfo=timezone(timedelta(hours=2))),
            date(2026, 1, 10),
            id="the UTC day, whatever the zone",
        ),
    ],
)
def test_a_late_run_scores_the_day_it_was_scheduled_for(
    monkeypatch: pytest.MonkeyPatch, moment: datetime, day: date
) -> None:
    monkeypatch.setattr(daily, "runtime", scheduled(moment))
    assert daily.intended_date() == day
    assert daily.name_run() == f"daily-{day}"


def test_a_given_day_names_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 1, 10, 6, tzinfo=UTC)
    monkeypatch.setattr(daily, "runtime", scheduled(moment, as_of_date=date(2025, 12, 1)))
    assert daily.name_run() == "daily-2025-12-01"


@pytest.mark.parametrize(
    ("error", "is_tried_again"),
    [(RetriableError("busy"), True), (ConfigError("wrong"), False), (ValueError("bug"), False)],
    ids=lambda value: type(value).__name__,
)
def test_only_what_may_pass_is_tried_again(error: Exception, is_tried_again: bool) -> None:
    def fail() -> None:
        raise error

    assert daily.is_retriable(None, None, SimpleNamespace(result=fail)) is is_tried_again


def test_failed_sources_degrade_a_run_and_are_named() -> None:
    report = daily.DailyReport(date(2026, 1, 10), "r", IngestReport(source_failures={"bbc": "503"}))
    state: Any = daily.end_state(report)
    assert (state.name, state.is_completed()) == ("Degraded", True)
    assert "bbc" in state.message


def test_a_run_without_failures_ends_as_it_is() -> None:
    report = daily.DailyReport(date(2026, 1, 10), "r", IngestReport())
    assert daily.end_state(report) is report


def test_a_store_that_cannot_be_reached_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYADRISK_DB_URL", "postgresql://ana:s3cretword@127.0.0.1:1/nowhere")
    with pytest.raises(FatalError, match="reach") as caught:
        daily.daily.fn(date(2026, 1, 10))
    assert "s3cretword" not in str(caught.value)
