"""Coded event tables as DyadDays."""

from __future__ import annotations

import pandas as pd
import pytest

from features.coded import day_volume_of_events, dyad_days_of_events
from features.errors import DataError

EVENTS = pd.DataFrame(
    [
        ("2021-01-01", "USA", "COL", "138", -6.0, True, True),
        ("2021-01-01", "COL", "USA", "036", 4.0, True, True),
        ("2021-01-01", "USA", "VEN", "190", -10.0, True, True),
        ("2021-01-01", "USA", "VEN", "190", -10.0, True, False),
        ("2021-01-02", "USA", "VEN", "010", 0.0, True, True),
        ("2021-01-02", "USA", "USA", "190", -10.0, True, True),
    ],
    columns=[
        "date",
        "source_iso3",
        "target_iso3",
        "cameo_code",
        "goldstein",
        "source_is_state",
        "target_is_state",
    ],
)


def row(dyad: str, day: str) -> pd.Series:
    days = dyad_days_of_events(EVENTS)
    return days[(days["dyad"] == dyad) & (days["day"] == pd.Timestamp(day))].iloc[0]


@pytest.mark.parametrize(
    ("dyad", "day", "column", "expected"),
    [
        pytest.param("COL-USA", "2021-01-01", "threat_ba_count", 1, id="direction is kept"),
        pytest.param("COL-USA", "2021-01-01", "diplomacy_ab_count", 1, id="agreement is diplomacy"),
        pytest.param("USA-VEN", "2021-01-01", "force_ab_count", 1, id="force between states only"),
        pytest.param("USA-VEN", "2021-01-01", "quad4_ab_count", 2, id="conflict counts all"),
        pytest.param("USA-VEN", "2021-01-02", "mention_count", 1, id="a statement is a mention"),
        pytest.param("USA-VEN", "2021-01-02", "event_ab_count", 0, id="a statement is no event"),
        pytest.param("USA-VEN", "2021-01-01", "goldstein_sum_ab", -20, id="Goldstein is summed"),
    ],
)
def test_counts(dyad: str, day: str, column: str, expected: float) -> None:
    assert row(dyad, day)[column] == expected


def test_a_country_with_itself_is_no_pair() -> None:
    assert set(dyad_days_of_events(EVENTS)["dyad"]) == {"COL-USA", "USA-VEN"}


def test_volume_counts_every_row() -> None:
    assert day_volume_of_events(EVENTS)["story_count"].tolist() == [4, 2]


def test_missing_columns_are_named() -> None:
    with pytest.raises(DataError, match="cameo_code"):
        dyad_days_of_events(EVENTS.drop(columns="cameo_code"))
