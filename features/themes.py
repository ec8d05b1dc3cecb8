"""Which classifier columns speak of one thing, so that a score's first driver is a fair one.

Ten columns see past force between two countries, each with a share of its weight; a single
column of another kind can outweigh each of them and yet matter less than all of them.
"""

from __future__ import annotations

from typing import Final

from features.registry import COLUMN_BY_NAME, ClassifierColumn

# Kinds of columns that look at one signal between the two countries, near or far back.
_BETWEEN: Final = frozenset({"fade", "both", "near", "habit", "since", "trend"})


def name_theme(column: ClassifierColumn) -> str:
    """Return what a column speaks of: a signal between the two countries, else itself.

    A product speaks of what its second factor counts.

    Example:
        >>> [name_theme(COLUMN_BY_NAME[n]) for n in ("force_since_days", "is_rival")]
        ['force', 'is_rival']
    """
    if column.kind == "product":
        return name_theme(COLUMN_BY_NAME[column.signal.split("*")[1]])
    return column.signal if column.kind in _BETWEEN else column.name
