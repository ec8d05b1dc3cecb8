from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from features.dates import (
    DateHints,
    Dateline,
    choose_date,
    find_date_line,
    parse_url_date,
    resolve_dateline,
)

FETCHED = datetime(2026, 1, 10, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.org/world/2026/01/09/talks", "2026-01-09"),
        ("https://example.org/2026-01-09/talks", "2026-01-09"),
        ("https://example.org/news/20260109-talks", "2026-01-09"),
        ("https://example.org/2026/jan/09/talks", "2026-01-09"),
        ("https://example.org/a/1234567890", None),
        ("https://example.org/a/2026/99/99/x", None),
        ("https://example.org/?d=2026-01-09", None),
    ],
)
def test_url_date(url, day):
    found = parse_url_date(url)
    assert (found and found.date().isoformat()) == day


@pytest.mark.parametrize(
    ("dateline", "text", "fetched", "day"),
    [
        pytest.param((1, 9), "", "2026-01-10", "2026-01-09", id="yesterday"),
        pytest.param((12, 30), "", "2026-01-10", "2025-12-30", id="last year, never the future"),
        pytest.param((1, 11), "", "2026-01-10", "2025-01-11", id="tomorrow means a year ago"),
        pytest.param(
            (1, 9), "held on January 3, 2026", "2027-06-01", "2026-01-09", id="text names the year"
        ),
        pytest.param(
            (6, 3), "as on June 4, 1989", "2026-06-05", "2026-06-03", id="anniversary does not"
        ),
        pytest.param((2, 29), "", "2026-03-01", "2024-02-29", id="leap day"),
    ],
)
def test_resolve_dateline(dateline, text, fetched, day):
    at = datetime.fromisoformat(fetched).replace(tzinfo=UTC)
    found = resolve_dateline(Dateline(*dateline), text, at)
    assert found is not None
    assert found.date().isoformat() == day


def test_precedence():
    hints = DateHints(
        published="2026-01-05",
        metadata=("2026-01-04",),
        url="https://example.org/2026/01/03/x",
        dateline=Dateline(1, 2),
    )
    assert choose_date(hints, FETCHED)[1] == "feed"
    hints = DateHints(None, hints.metadata, hints.url, hints.dateline)
    assert choose_date(hints, FETCHED)[1] == "metadata"
    hints = DateHints(None, (), hints.url, hints.dateline)
    assert choose_date(hints, FETCHED)[1] == "url"
    hints = DateHints(None, (), None, hints.dateline)
    assert choose_date(hints, FETCHED)[1] == "dateline"
    assert choose_date(DateHints(), FETCHED) == (FETCHED, "fetched")


def test_a_date_far_in_the_future_is_not_believed():
    hints = DateHints(published="2027-01-01", metadata=("2026-01-08",))
    moment, origin = choose_date(hints, FETCHED)
    assert (moment.date().isoformat(), origin) == ("2026-01-08", "metadata")


def test_a_wrong_time_zone_is_clipped_to_the_fetch():
    hints = DateHints(published=(FETCHED + timedelta(hours=9)).isoformat())
    assert choose_date(hints, FETCHED) == (FETCHED, "feed")


def test_a_replayed_day_believes_dates_up_to_now():
    hints = DateHints(published="2026-02-01")
    moment, origin = choose_date(hints, FETCHED, latest=datetime(2026, 11, 1, tzinfo=UTC))
    assert (moment.date().isoformat(), origin) == ("2026-02-01", "feed")


def test_broken_clock_is_ignored():
    assert choose_date(DateHints(published="1970-01-01"), FETCHED)[1] == "fetched"


def test_date_line():
    assert find_date_line(["Talks", "January 9, 2026"]) == "January 9, 2026"
    assert (
        find_date_line(["He was taken on January 3, 2026, and flown out of the country."]) is None
    )
