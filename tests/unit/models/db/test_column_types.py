from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from features.errors import DataError
from models.db.column_types import JsonText, UtcDateTime, WordList

LITE, POSTGRES = sqlite.dialect(), postgresql.dialect()
NOON = datetime(2026, 1, 9, 12, tzinfo=UTC)


def test_moments_go_in_as_utc():
    kind = UtcDateTime()
    there = NOON.astimezone(timezone(timedelta(hours=-5)))
    assert kind.process_bind_param(there, LITE) == NOON.replace(tzinfo=None)
    assert kind.process_bind_param(there, POSTGRES) == NOON
    assert kind.process_bind_param(None, LITE) is None


def test_moments_come_out_as_utc():
    kind = UtcDateTime()
    there = NOON.astimezone(timezone(timedelta(hours=-5)))
    for stored in (NOON.replace(tzinfo=None), there):
        found = kind.process_result_value(stored, LITE)
        assert found == NOON
        assert found.tzinfo is UTC
    assert kind.process_result_value(None, LITE) is None


def test_a_naive_moment_is_refused():
    with pytest.raises(DataError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 9), LITE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [1, 2]}, '{"a": [1, 2], "b": 1}'),
        ('{"b":1,"a":[1,2]}', '{"a": [1, 2], "b": 1}'),
        ({"word": "é"}, '{"word": "é"}'),
        ({"nul": "a\x00b"}, '{"nul": "a\ufffdb"}'),
        ({"literal": "\\u0000"}, '{"literal": "\\\\u0000"}'),
        ({"bad": "\udcff"}, '{"bad": "?"}'),
        (None, None),
    ],
    ids=["sorted", "text", "unicode", "nul", "backslash u0000 as text", "surrogate", "none"],
)
def test_json_has_one_spelling(value, text):
    assert JsonText().process_bind_param(value, LITE) == text


def test_json_comes_back_parsed():
    assert JsonText().process_result_value('[{"a": 1}]', LITE) == [{"a": 1}]
    assert JsonText().process_result_value(None, LITE) is None


@pytest.mark.parametrize("value", ["{broken", {"x": float("nan")}, {"x": object()}])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(DataError, match="JSON"):
        JsonText().process_bind_param(value, LITE)


def test_word_lists():
    kind = WordList(",")
    assert kind.process_bind_param(("a", "b"), LITE) == "a,b"
    assert kind.process_bind_param("a,b", LITE) == "a,b"
    assert kind.process_bind_param(None, LITE) is None
    assert kind.process_result_value("a,b", LITE) == ("a", "b")
    assert kind.process_result_value("", LITE) == ()
    assert kind.process_result_value(None, LITE) is None
