"""Text of strangers made inert."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.text import csv_cell, plain, safe_link, sparkline


@given(st.text())
def test_plain_text_has_no_control_and_is_one_line(text: str) -> None:
    found = plain(text)
    assert not [char for char in found if unicodedata.category(char).startswith("C")]
    assert "\n" not in found and plain(found) == found


@given(st.text(min_size=1), st.integers(1, 20))
def test_plain_text_keeps_its_limit(text: str, limit: int) -> None:
    assert len(plain(text, limit)) <= limit


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@sum",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u200e=1",
        "\uff1d1",
        "\x00=1",
        "|cmd",
    ],
)
def test_cell_that_would_run_is_quoted(text: str) -> None:
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize("value", ["COL-USA", "3 strikes", "a=b", "", None, -0.5, 3, True])
def test_harmless_cell_is_left_alone(value: object) -> None:
    assert csv_cell(value) == value


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/relative",
        "https://good.example@evil.example/",
        "https://",
        "http://[::1",
        'https://a.example/"onclick=',
        "https://a.example/<x>",
        "https://a.example\\@b.example",
        "https://=x()/",
        "",
        None,
    ],
    ids=repr,
)
def test_doubtful_address_is_no_link(url: str | None) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a?b=c&d=e#f",
        "http://news.example:8080/",
        "https://xn--bcher-kva.example/ü",
    ],
)
def test_web_address_is_a_link(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    ("values", "shown"),
    [([], ""), ([0.3], "▁"), ([0.2, 0.2], "▁▁"), ([1, 0], "█▁"), ([0, 0, 1, 1], "▁▁██")],
)
def test_sparkline_spans_its_own_range(values: list[float], shown: str) -> None:
    assert sparkline(values) == shown


def test_long_sparkline_is_binned() -> None:
    assert len(sparkline([float(i) for i in range(365)], 24)) == 24
