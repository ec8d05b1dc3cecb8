"""Which lines of a page are furniture: share counters, comment forms, menus, notices.

The patterns live in ``data/boilerplate.csv``. HTML is turned into lines
elsewhere (``features.article``); nothing here knows of markup or dates.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class BoilerplateParams:
    """When a pattern may remove text.

    Args:
        drop_limit: lines of this many characters or more are never dropped ...
        notice_limit: ... but by the patterns of long notices, up to this.
        short_limit: limit for patterns that match anywhere in a line.
        cut_after: characters of body that must stand before a ``cut`` line.
    """

    drop_limit: int = 260
    notice_limit: int = 700
    short_limit: int = 160
    cut_after: int = 150


@dataclass(frozen=True, slots=True)
class Furniture:
    """The compiled patterns, one alternation per action."""

    drop: re.Pattern[str]
    notice: re.Pattern[str]
    cut: re.Pattern[str]
    short: re.Pattern[str]


def read_patterns() -> list[dict[str, str]]:
    """Return the rows of the pattern file: action, pattern, example."""
    text = resources.files("features.data").joinpath("boilerplate.csv").read_text("utf-8")
    rows = (line for line in text.splitlines() if not line.startswith("#"))
    return list(csv.DictReader(rows))


@cache
def load_furniture() -> Furniture:
    """Return the compiled patterns of ``data/boilerplate.csv``."""
    by_action: dict[str, list[str]] = {"drop": [], "notice": [], "cut": [], "short": []}
    for row in read_patterns():
        by_action[row["action"]].append(f"(?:{row['pattern']})")
    compiled = {
        action: re.compile("|".join(patterns), re.IGNORECASE)
        for action, patterns in by_action.items()
    }
    return Furniture(**compiled)


def is_furniture(line: str, params: BoilerplateParams = BoilerplateParams()) -> bool:
    """Return whether a line is furniture and no sentence of the news.

    Example:
        >>> [is_furniture(s) for s in ("0", "Share on Facebook", "Troops left the city.")]
        [True, True, False]
    """
    size = len(line)
    if size >= params.notice_limit:
        return False
    furniture = load_furniture()
    if furniture.notice.match(line) or (
        size < params.drop_limit and furniture.drop.fullmatch(line)
    ):
        return True
    return size < params.short_limit and furniture.short.search(line) is not None


def is_cut_line(line: str) -> bool:
    """Return whether everything from this line on is a comment form or link list."""
    return len(line) < 80 and load_furniture().cut.fullmatch(line) is not None


def split_lines(text: str) -> list[str]:
    r"""Return the non-empty lines, spaces folded and invisible characters gone.

    Example:
        >>> split_lines("One\u00a0 line\n\n  \ufeffAnother ")
        ['One line', 'Another']
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    folded = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in folded if line]


def clean_lines(
    lines: Iterable[str], params: BoilerplateParams = BoilerplateParams()
) -> Iterator[str]:
    """Yield the lines that are news text, in order, each repeated line once.

    Example:
        >>> body = "The two ministers met on Friday. " * 6
        >>> list(clean_lines(["0", "5", body, "LEAVE A REPLY", "Name"])) == [body]
        True
    """
    kept = 0
    seen: set[str] = set()
    for line in lines:
        if is_cut_line(line):
            if kept >= params.cut_after:
                return
            continue
        if line in seen or is_furniture(line, params):
            continue
        seen.add(line)
        kept += len(line)
        yield line
