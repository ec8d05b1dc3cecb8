"""The one list of columns: what a DyadDay counts and what the classifier sees."""

from __future__ import annotations

from dataclasses import dataclass
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

SINCE_LIMIT_DAYS: Final = 3650

SIGNAL_WORDS: Final = {
    "mention": "stories naming both countries",
    "event": "events between the two",
    "quad1": "verbal cooperation",
    "quad2": "material cooperation",
    "quad3": "verbal conflict",
    "quad4": "material conflict",
    "force": "uses of force between the two states",
    "threat": "threats",
    "diplomacy": "diplomatic contacts",
    "military": "military acts",
    "verbal_conflict": "accusations, demands and protests",
    "coercion": "sanctions and coercion",
    "cooperation": "support, aid and cooperation",
    "deescalation": "concessions and de-escalation",
    "reported": "claims that only one party makes",
}
SINCE_WORDS: Final = {
    "mention": "story naming both countries",
    "quad4": "material conflict",
    "force": "use of force between the two states",
}
OTHERS_WORDS: Final = {
    "force": "uses of force with other states",
    "quad4": "material conflict with others",
    "mention": "stories with others",
}
# Signals that can only speak for more risk.
RAISING: Final = frozenset({"force", "quad4", "quad3", "threat", "military", "coercion"})


@dataclass(frozen=True, slots=True)
class ClassifierColumn:
    """One column that the classifier sees.

    Args:
        name: ends in its unit.
        kind: how features/windows.py computes it (method of the same name).
        signal: the count or fact that it looks at; ``x*y`` for a product of columns.
        scale: window or half-life in days, 0 where none applies.
        words: what it says, in plain words.
        unit: ``count``, ``days``, ``flag``, ``ratio`` (a logarithm), ``weight`` or ``product``.
        monotone: +1 where more can only raise the risk, -1 lower, 0 open.
        transform: ``log1p`` or ``identity``, applied before the weights.
    """

    name: str
    kind: str
    signal: str
    scale: int
    words: str
    unit: str
    monotone: int = 0
    transform: str = "log1p"


def _sign(signal: str) -> int:
    return int(signal in RAISING)


def _fade(signal: str, *half_lives: int) -> tuple[ClassifierColumn, ...]:
    """Return fading counts: an event counts half after each half-life."""
    return tuple(
        ClassifierColumn(
            f"{signal}_fade{h}_count",
            "fade",
            signal,
            h,
            f"{SIGNAL_WORDS[signal]} (half-life {h} days)",
            "count",
            _sign(signal),
        )
        for h in half_lives
    )


def _both(signal: str, *half_lives: int) -> tuple[ClassifierColumn, ...]:
    """Return fading counts of the less active of the two directions."""
    return tuple(
        ClassifierColumn(
            f"{signal}_both_fade{h}_count",
            "both",
            signal,
            h,
            f"{SIGNAL_WORDS[signal]}, by the less active side (half-life {h} days)",
            "count",
            _sign(signal),
        )
        for h in half_lives
    )


def _since(signal: str) -> ClassifierColumn:
    words = f"days since the last {SINCE_WORDS[signal]} (at most {SINCE_LIMIT_DAYS})"
    name = f"{signal}_since_days"
    return ClassifierColumn(name, "since", signal, 0, words, "days", -_sign(signal))


def _near(signal: str, *half_lives: int) -> tuple[ClassifierColumn, ...]:
    """Return how much of its time a pair spends close before an event: its own base rate."""
    return tuple(
        ClassifierColumn(
            f"{signal}_near_fade{h}_days",
            "near",
            signal,
            h,
            f"own base rate: days a year that had {signal} within the next 30 days"
            f" (half-life {h} days)",
            "days",
            _sign(signal),
        )
        for h in half_lives
    )


def _habit(signal: str) -> ClassifierColumn:
    """Return the log odds of a pair's share of time close before an event, over all years."""
    words = f"own base rate: how often, over all years, {signal} came within 30 days"
    name = f"{signal}_habit_ratio"
    return ClassifierColumn(name, "habit", signal, 0, words, "ratio", _sign(signal), "identity")


def _others(signal: str, *half_lives: int) -> tuple[ClassifierColumn, ...]:
    """Return what the two countries do with third parties: the more and the less active."""
    return tuple(
        ClassifierColumn(
            f"{signal}_others_{which}_fade{h}_count",
            f"others_{which}",
            signal,
            h,
            f"the {which} active country's {OTHERS_WORDS[signal]} (half-life {h} days)",
            "count",
        )
        for which in ("more", "less")
        for h in half_lives
    )


def _trend(signal: str) -> ClassifierColumn:
    words = f"{SIGNAL_WORDS[signal]} in the last 30 days against the pair's own past year"
    return ClassifierColumn(
        f"{signal}_trend30_ratio", "trend", signal, 30, words, "ratio", 0, "identity"
    )


def _goldstein(width: int) -> ClassifierColumn:
    words = f"average tone of the events of the last {width} days (Goldstein weight, -10 to +10)"
    return ClassifierColumn(
        f"goldstein_last{width}_weight", "goldstein_mean", "goldstein", width, words, "weight",
        -1, "identity",
    )  # fmt: skip


def _deficit(width: int) -> ClassifierColumn:
    words = f"how much thinner than usual the whole news stream was in the last {width} days"
    return ClassifierColumn(
        f"stream_deficit{width}_ratio", "deficit", "stream", width, words, "ratio", 0, "identity"
    )


def _static(name: str, words: str, unit: str, monotone: int = 0) -> ClassifierColumn:
    return ClassifierColumn(name, "static", name, 0, words, unit, monotone, "identity")


def _product(first: str, second: str, words: str, monotone: int = 0) -> ClassifierColumn:
    return ClassifierColumn(
        f"{first}_x_{second}_product", "product", f"{first}*{second}", 0, words, "product",
        monotone, "identity",
    )  # fmt: skip


CLASSIFIER_COLUMNS: Final = (
    *_fade("mention", 4, 15, 60, 240, 1000),
    *_fade("event", 60, 240),
    *_fade("force", 4, 15, 60, 240, 1000),
    *_fade("quad4", 4, 15, 60, 240, 1000),
    *_fade("quad3", 15, 60, 240),
    *_fade("threat", 15, 60, 240),
    *_fade("military", 15, 60, 240),
    *_fade("coercion", 60, 240),
    *_fade("verbal_conflict", 60),
    *_fade("diplomacy", 15, 60, 240),
    *_fade("cooperation", 60, 240),
    *_fade("deescalation", 60),
    *_fade("quad2", 60),
    *_fade("reported", 60),
    *_both("force", 60, 240),
    *_both("quad4", 60, 240),
    *_near("force", 240, 1000),
    _habit("force"),
    _since("force"),
    _since("quad4"),
    _since("mention"),
    *_others("force", 60, 240),
    *_others("quad4", 60),
    *_others("mention", 60),
    _trend("mention"),
    _trend("quad3"),
    _trend("quad4"),
    _goldstein(30),
    _goldstein(365),
    _static("is_land_neighbour", "the two share a land border", "flag", 1),
    _static("is_sea_neighbour", "the two are neighbours across at most 400 miles of water", "flag"),
    _static("is_rival", "the two are listed as rivals", "flag", 1),
    _static("is_same_region", "the two lie in one region", "flag"),
    _static("major_count", "how many of the two are major powers", "count"),
    _product("is_land_neighbour", "quad4_fade240_count", "material conflict of neighbours"),
    _product("is_rival", "quad3_fade60_count", "verbal conflict of rivals"),
    _product("major_count", "mention_fade60_count", "stories on pairs with a major power"),
    _deficit(30),
    _deficit(365),
    _product("stream_deficit30_ratio", "force_fade60_count", "force seen through a thin stream", 1),
    _product("stream_deficit30_ratio", "quad4_fade60_count", "conflict in a thin stream", 1),
    _product("stream_deficit30_ratio", "mention_fade60_count", "stories in a thin stream"),
    _product("stream_deficit365_ratio", "force_fade1000_count", "force in a thin history", 1),
    _product("stream_deficit365_ratio", "quad4_fade240_count", "conflict in a thin history", 1),
    _product("stream_deficit365_ratio", "mention_fade240_count", "stories in a thin history"),
    _product("stream_deficit30_ratio", "stream_deficit30_ratio", "a very thin stream"),
    _product("stream_deficit365_ratio", "stream_deficit365_ratio", "a very thin history"),
)  # fmt: skip

# Columns that are 0 as long as the stream is not thin: the correction for thin streams.
THIN_COLUMNS: Final = tuple(
    column.name for column in CLASSIFIER_COLUMNS if column.name.startswith("stream_deficit")
)
COLUMN_BY_NAME: Final = {column.name: column for column in CLASSIFIER_COLUMNS}


def render_features_page() -> str:
    """Return docs/features.md: every classifier column in plain words."""
    signs = {1: "raises", -1: "lowers", 0: "open"}
    lines = [
        "# What the risk classifier sees",
        "",
        "Made by `python -m bench.risk_features_page docs/features.md` from features/registry.py;"
        " a test keeps the two equal.\n",
        "Every value looks only at days before the as_of_date. Counts are of the pair in both"
        " directions; with a half-life of 60 days an event counts half as much after 60 days. A"
        " stream much richer than the one fitted on is scaled down; a much thinner one is left as"
        " it is, its deficit is a column; fading counts of a stream that began lately are scaled up"
        " (5 times at most). `log1p` columns enter as log(1 + x). *More of it* says which way the"
        " weight may point: a weight that theory gives a sign can never take the other one.\n",
        "| column | unit | in plain words | enters as | more of it |\n|---|---|---|---|---|",
    ]
    lines += [
        f"| `{c.name}` | {c.unit} | {c.words} | {c.transform} | {signs[c.monotone]} |"
        for c in CLASSIFIER_COLUMNS
    ]
    return "\n".join(lines) + "\n"
