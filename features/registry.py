"""The one list of columns: what a DyadDay counts and what the classifier sees."""

from __future__ import annotations

from typing import Final

from features.ontology import FAMILIES

DIRECTIONS: Final = ("ab", "ba")

# Counted per direction; "ab" is the alphabetically first country acting on the second.
DIRECTED_COUNTS: Final = (
    *FAMILIES,
    "quad1",
    "quad2",
    "quad3",
    "quad4",
    "force",
    "event",
)


def count_column(name: str, direction: str) -> str:
    """Return the column of one count in one direction.

    Example:
        >>> count_column("threat", "ab")
        'threat_ab_count'
    """
    return f"{name}_{direction}_count"


DIRECTED_COUNT_COLUMNS: Final = tuple(
    count_column(name, direction) for direction in DIRECTIONS for name in DIRECTED_COUNTS
)
GOLDSTEIN_COLUMNS: Final = tuple(
    f"goldstein_{how}_{direction}" for direction in DIRECTIONS for how in ("sum", "min")
)
# mention: stories that name both countries; reported: events that only a party claims.
UNDIRECTED_COUNT_COLUMNS: Final = ("mention_count", "reported_count")

# All value columns of one DyadDay row, in table order.
DYAD_DAY_COLUMNS: Final = (
    *DIRECTED_COUNT_COLUMNS,
    *GOLDSTEIN_COLUMNS,
    *UNDIRECTED_COUNT_COLUMNS,
)
