from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from features.errors import DataError
from models.db.rows import as_mapping, clean_rows, clean_text, to_day, to_moment, to_real, to_whole
from models.db.tables import OUT_DRIFT, RAW_SOURCE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\x00b", "a\ufffdb"),
        ("bad \udcff end", "bad ? end"),
        ("naïve 中文 \U0001f600", "naïve 中文 \U0001f600"),
    ],
    ids=["ascii", "nul", "lone surrogate", "all planes"],
)
def test_text_that_every_database_can_hold(text, expected):
    assert clean_text(text) == expected


@pytest.mark.parametrize(
    "value",
    [date(2026, 1, 9), datetime(2026, 1, 9, 5), "2026-01-09", pd.Timestamp("2026-01-09")],
)
def test_days(value):
    found = to_day(value)
    assert (found, type(found)) == (date(2026, 1, 9), date)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 9, 12, tzinfo=UTC),
        datetime(2026, 1, 9, 17, tzinfo=timezone(timedelta(hours=5))),
        "2026-01-09T12:00:00+00:00",
        "2026-01-09T12:00:00Z",
        pd.Timestamp("2026-01-09T12:00:00Z"),
    ],
)
def test_moments(value):
    found = to_moment(value)
    assert (found, type(found), found.tzinfo) == (
        datetime(2026, 1, 9, 12, tzinfo=UTC),
        datetime,
        UTC,
    )


@pytest.mark.parametrize("value", [datetime(2026, 1, 9), "2026-01-09T12:00:00", date(2026, 1, 9)])
def test_moments_need_a_zone(value):
    with pytest.raises(TypeError):
        to_moment(value)


def test_numbers():
    assert (to_whole(np.int64(3)), to_whole(3.0), to_whole(True)) == (3, 3, 1)
    assert (to_real(np.float32(0.5)), to_real(float("nan"))) == (0.5, None)
    with pytest.raises(ValueError, match="whole"):
        to_whole(0.5)
    with pytest.raises(ValueError, match="finite"):
        to_real(float("inf"))


def test_only_mappings_and_dataclasses_are_rows():
    @dataclass
    class Pair:
        a: int

    assert as_mapping(Pair(1)) == {"a": 1}
    for other in (Pair, [1], "text"):
        with pytest.raises(DataError, match="dict or dataclass"):
            as_mapping(other)


DRIFT = {
    "as_of_date": date(2026, 1, 1),
    "classifier_version": "c1",
    "column_name": "x",
    "psi": 0.1,
    "level": "stable",
}


def test_rows_do_not_share_state_with_their_source():
    row = dict(DRIFT)
    (clean,) = clean_rows(OUT_DRIFT, [row])
    clean["psi"] = 9.0
    assert row == DRIFT


def test_missing_values_become_none():
    (row,) = clean_rows(OUT_DRIFT, [DRIFT | {"psi": pd.NaT}])
    assert row["psi"] is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([DRIFT | {"colour": "red"}], "unknown columns \\['colour'\\]"),
        ([{"psi": 0.1}], "missing key columns"),
        ([DRIFT | {"column_name": None}], "an empty one"),
        ([DRIFT, {"as_of_date": date(2026, 1, 1)}], "same columns"),
        ([DRIFT, {**DRIFT, "extra": 1} | {}], "same columns"),
        ([DRIFT | {"psi": "much"}], "out_drift.psi"),
        ([DRIFT | {"level": 3}], "out_drift.level"),
    ],
    ids=["unknown", "no key", "empty key", "fewer", "more", "no number", "no text"],
)
def test_what_does_not_fit_is_named(rows, message):
    with pytest.raises(DataError, match=message):
        clean_rows(OUT_DRIFT, rows)


def test_equal_length_but_other_columns_is_named():
    swapped = {**DRIFT}
    swapped["colour"] = swapped.pop("psi")
    with pytest.raises(DataError, match="psi"):
        clean_rows(OUT_DRIFT, [DRIFT, swapped])


def test_rows_are_ordered_by_key():
    rows = [{"source_id": key} for key in "cab"]
    assert [row["source_id"] for row in clean_rows(RAW_SOURCE, rows)] == ["a", "b", "c"]


def test_the_last_of_one_key_stays():
    rows = [{"source_id": "s", "outlet": name} for name in ("first", "last")]
    assert clean_rows(RAW_SOURCE, rows) == [{"source_id": "s", "outlet": "last"}]
