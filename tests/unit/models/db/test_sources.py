from __future__ import annotations

import pytest

from features.errors import DataError
from models.db.sources import read_source, upsert_sources


def test_counts_start_at_zero(memory):
    upsert_sources(memory, [{"source_id": "s1"}], "r1")
    found = read_source(memory, "s1")
    assert found is not None
    assert (found["article_count"], found["failure_count"]) == (0, 0)


def test_a_negative_count_is_refused(memory):
    with pytest.raises(DataError, match="ck_raw_source_counts"):
        upsert_sources(memory, [{"source_id": "s1", "article_count": -1}], "r1")
