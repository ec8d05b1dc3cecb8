"""Making article text inert before it reaches a terminal, a table, a page or a log."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

BLOCKS = "▁▂▃▄▅▆▇█"
# A spreadsheet takes a cell that starts with one of these for a formula.
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20|%")
_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]+\.?(?::\d{1,5})?")
_SPACES = re.compile(r"\s+")
# Bidirectional controls can reorder what a person reads.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, limit: int | None = None) -> str:
    r"""Return text on one line without control, bidi and private characters.

    Args:
        text: any text, also hostile.
        limit: cut to this many characters, with an ellipsis.

    Example:
        >>> plain("a\x1b[31mb\u202ec", 10)
        'a[31mbc'
    """
    kept = "".join(
        char if char == " " or unicodedata.category(char)[0] != "C" or char in "\n\t" else ""
        for char in text
        if char not in _BIDI
    )
    flat = _SPACES.sub(" ", kept).strip()
    return flat if limit is None or len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


class InertFilter(logging.Filter):
    """Makes what a handler writes inert: a file name or an answer may hold terminal codes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True, with the message of the record on one harmless line."""
        record.msg, record.args = plain(record.getMessage()), ()
        return True


def safe_link(url: str | None) -> str | None:
    """Return the address if it is a web address that may become a link, else None.

    Example:
        >>> safe_link("https://news.example/a b"), safe_link("javascript:alert(1)")
        ('https://news.example/a%20b', None)
    """
    if not url:
        return None
    flat = plain(url).replace(" ", "%20")
    try:
        parts = urlsplit(flat)
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.netloc))
    return flat if is_web and not set(flat) & set("\"'<>`\\") else None


def csv_cell(value: Any) -> Any:
    """Return a value that a spreadsheet shows and never runs; numbers stay numbers.

    Example:
        >>> csv_cell("=HYPERLINK(1)"), csv_cell(-0.5), csv_cell("COL-USA")
        ("'=HYPERLINK(1)", -0.5, 'COL-USA')
    """
    if not isinstance(value, str):
        return value
    flat = plain(value)
    return (
        f"'{flat}"
        if value.startswith(_FORMULA_STARTS) or flat.startswith(_FORMULA_STARTS)
        else flat
    )


def sparkline(values: Sequence[float], width: int = 24) -> str:
    """Return a small bar chart in one line, scaled to the values' own range.

    Args:
        values: oldest first; more than ``width`` are averaged in bins.
        width: most characters.

    Example:
        >>> sparkline([0.0, 0.5, 1.0])
        '▁▅█'
    """
    bins = _bin_means(values, width)
    if not bins:
        return ""
    low, span = min(bins), max(bins) - min(bins)
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[round((value - low) / span * top) if span else 0] for value in bins)


def _bin_means(values: Sequence[float], width: int) -> list[float]:
    count = min(width, len(values))
    edges = [round(i * len(values) / count) for i in range(count + 1)] if count else []
    return [sum(values[first:last]) / (last - first) for first, last in pairwise(edges)]


def outlet_words(outlet: str | None) -> str:
    """Return an outlet's name as people read it; article text is not made inert here.

    Example:
        >>> outlet_words("unknown"), outlet_words("Test Courier")
        ('outlet not named', 'Test Courier')
    """
    return outlet if outlet and outlet != "unknown" else "outlet not named"
