from __future__ import annotations

import pytest

from features.registry import DYAD_DAY_COLUMNS
from models.db.words import describe_count


@pytest.mark.parametrize("column", DYAD_DAY_COLUMNS)
def test_every_count_has_words_that_differ_from_its_name(column):
    words = describe_count(column)
    assert words
    assert words != column.replace("_", " ")


def test_both_directions_differ():
    assert describe_count("force_ab_count") != describe_count("force_ba_count")


def test_an_unknown_column_is_spelled_out():
    assert describe_count("odd_thing") == "odd thing"
