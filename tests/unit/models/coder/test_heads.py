"""Names looked up once serve two heads as if each had looked them up itself."""

from __future__ import annotations

import numpy as np
import pytest

from models.coder.artifact import load_coder
from models.coder.heads import LinearHead, look_up

ROWS = [("a", "b", "x"), (), ("c",), ("x", "y"), ("b", "a", "c")]


def head(names: str, seed: int) -> LinearHead:
    weights = np.random.default_rng(seed).normal(size=(len(names), 2)).astype(np.float32)
    return LinearHead(tuple(names), ("p", "q"), weights, np.zeros(2, np.float32))


def test_translated_names_score_as_looked_up_ones() -> None:
    wide, narrow = head("abcd", 1), head("ca", 2)
    known = look_up(ROWS, wide.columns)
    np.testing.assert_array_equal(wide.score(known), wide.scores(ROWS))
    translated = known.translate(narrow.columns_of(wide.names))
    np.testing.assert_array_equal(narrow.score(translated), narrow.scores(ROWS))


@pytest.mark.parametrize(
    ("wide", "narrow"), [("pair", "root"), ("pair", "net"), ("nonstate", "modality")]
)
def test_shipped_heads_share_their_names(wide: str, narrow: str) -> None:
    coder = load_coder()
    heads = {**coder.heads, "net": coder.net}
    assert set(heads[narrow].names) <= set(heads[wide].names)
