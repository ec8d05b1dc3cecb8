"""Making article text inert before it reaches a terminal, a table or a log."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# Bidirectional controls can reorder what a person reads.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, limit: int | None = None) -> str:
    """Return text on one line without control, bidi and private characters.

    Args:
        text: any text, also hostile.
        limit: cut to this many characters, with an ellipsis.

    Example:
        >>> plain("a\\x1b[31mb\\u202ec", 10)
        'a[31mbc'
    """
    kept = "".join(
        char if char == " " or unicodedata.category(char)[0] != "C" or char in "\n\t" else ""
        for char in text
        if char not in _BIDI
    )
    flat = _SPACES.sub(" ", kept).strip()
    return flat if limit is None or len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
