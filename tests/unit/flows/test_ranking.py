"""Pairs as people name them."""

from __future__ import annotations

import pytest

from features.errors import ConfigError
from flows.ranking import parse_dyad


@pytest.mark.parametrize("text", ["COL-USA", "usa-col", " Usa-Col "])
def test_any_order_and_case_names_the_pair(text: str) -> None:
    assert parse_dyad(text) == "COL-USA"


@pytest.mark.parametrize("text", ["COLUSA", "COL-COL", "CO-US", "COL-XQX", "", "COL-USA-VEN"])
def test_no_pair_is_an_error_of_usage(text: str) -> None:
    with pytest.raises(ConfigError, match="expected"):
        parse_dyad(text)
