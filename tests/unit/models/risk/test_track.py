"""The monthly record counts what was said against what happened."""

from __future__ import annotations

from datetime import date

import pytest

from models.risk.track import monthly_record


def score(day, prob, level, happened, dyad="COL-USA"):
    return {
        "classifier_version": "v1",
        "outcome": "force",
        "horizon_days": 30,
        "as_of_date": day,
        "dyad": dyad,
        "prob": prob,
        "level": level,
        "happened": happened,
    }


ROWS = [
    score(date(2026, 1, 5), 0.9, "SEVERE", True),
    score(date(2026, 1, 12), 0.4, "HIGH", False),
    score(date(2026, 1, 12), 0.1, "ELEVATED", True, "USA-VEN"),
    score(date(2026, 2, 2), 0.0, "LOW", False),
]


def test_hits_misses_and_false_alarms_of_a_month():
    january, february = monthly_record(ROWS)
    assert january["month"] == date(2026, 1, 1)
    names = ("hit_count", "miss_count", "false_alarm_count", "correct_quiet_count")
    assert [january[name] for name in names] == [1, 1, 1, 0]
    assert [february[name] for name in names] == [0, 0, 0, 1]
    assert january["pair_count"] == 2
    assert january["brier"] == pytest.approx((0.01 + 0.16 + 0.81) / 3)
    assert sum(part["score_count"] for part in january["calibration_bins"]) == 3


def test_versions_are_kept_apart():
    other = [row | {"classifier_version": "v2"} for row in ROWS]
    found = monthly_record([*ROWS, *other])
    assert [row["classifier_version"] for row in found] == ["v1", "v1", "v2", "v2"]
