from __future__ import annotations

from datetime import date

import pytest

from features.errors import DataError
from features.registry import DYAD_DAY_COLUMNS
from models.db.dyad_days import read_dyad_days, replace_dyad_days, upsert_dyad_days

DAY = date(2026, 1, 9)
ROW = {
    "dyad": "COL-USA",
    "day": DAY,
    "extractor_version": "x1",
    "corpus": "news",
    **dict.fromkeys(DYAD_DAY_COLUMNS, 0),
}


def test_a_missing_count_is_zero(memory):
    short = {name: ROW[name] for name in ("dyad", "day", "extractor_version", "corpus")}
    upsert_dyad_days(memory, [short], "r1")
    assert read_dyad_days(memory).loc[0, "force_ab_count"] == 0


def test_half_a_story_is_refused(memory):
    with pytest.raises(DataError, match="whole"):
        upsert_dyad_days(memory, [ROW | {"force_ab_count": 0.5}], "r1")


def test_other_days_are_left_alone(memory):
    other = date(2026, 1, 8)
    upsert_dyad_days(memory, [ROW, ROW | {"day": other}], "r1")
    assert replace_dyad_days(memory, [DAY], "x1", "news", [], "r2") == 1
    assert read_dyad_days(memory)["day"].dt.date.tolist() == [other]


def test_rows_outside_the_days_are_refused(memory):
    with pytest.raises(DataError, match="outside"):
        replace_dyad_days(memory, [DAY], "x1", "news", [ROW | {"day": date(2026, 1, 1)}], "r1")
