"""Column names of a DyadDay in plain words, for comments and the data dictionary."""

from __future__ import annotations

from typing import Final

_SIDES: Final = {
    "ab": "by the first country on the second",
    "ba": "by the second country on the first",
}
_THINGS: Final = {
    "event": "all events",
    "force": "uses of force between states",
    "quad1": "verbal cooperation events",
    "quad2": "material cooperation events",
    "quad3": "verbal conflict events",
    "quad4": "material conflict events",
}
_WHOLE: Final = {
    "mention_count": "stories that name both countries",
    "reported_count": "events that only a party claims",
}


def describe_count(column: str) -> str:
    """Return what one value column of ``core_dyad_day`` holds.

    Example:
        >>> describe_count("threat_ab_count")
        'threat events, by the first country on the second; once a story'
        >>> describe_count("goldstein_min_ba")
        'Goldstein weight, min, by the second country on the first; -10 to +10 each'
    """
    if column in _WHOLE:
        return _WHOLE[column]
    parts = column.split("_")
    if parts[0] == "goldstein" and len(parts) == 3:
        side = _SIDES.get(parts[2], parts[2])
        return f"Goldstein weight, {parts[1]}, {side}; -10 to +10 each"
    if parts[-1] == "count" and len(parts) >= 3:
        name = "_".join(parts[:-2])
        thing = _THINGS.get(name, f"{name.replace('_', ' ')} events")
        return f"{thing}, {_SIDES.get(parts[-2], parts[-2])}; once a story"
    return column.replace("_", " ")
