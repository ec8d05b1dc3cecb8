"""How a probability and its change are written, the same on terminal, page and run report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log
from typing import Any

REST_WORDS = "where every pair starts, and all drivers not listed"


def percent(prob: float | None) -> str:
    """Return a probability in percent, with a decimal where it is small and never as zero.

    Example:
        >>> percent(0.42), percent(0.0312), percent(0.0004), percent(None)
        ('42 %', '3.1 %', '<0.1 %', '–')
    """
    if prob is None:
        return "–"
    if prob < 0.0005:
        return "<0.1 %"
    return f"{100 * prob:.0f} %" if prob >= 0.0995 else f"{100 * prob:.1f} %"


def percent_range(low: float, high: float) -> str:
    """Return an interval in percent.

    Example:
        >>> percent_range(0.012, 0.098), percent_range(0.0001, 0.002)
        ('1.2 – 9.8 %', '<0.1 – 0.2 %')
    """
    return f"{percent(low).removesuffix(' %')} – {percent(high)}"


def points(change: float | None) -> str:
    """Return a change of probability in percentage points; what rounds to nothing has no sign.

    Example:
        >>> points(0.012), points(-0.5), points(0.0001), points(None)
        ('+1.2', '-50.0', '0.0', '–')
    """
    if change is None:
        return "–"
    value = round(100 * change, 1)
    return f"{value:+.1f}" if value else "0.0"


def log_odds(prob: float) -> float:
    """Return a probability on the scale on which drivers add up.

    Example:
        >>> log_odds(0.5), round(log_odds(0.9), 2)
        (0.0, 2.2)
    """
    return log(prob / (1 - prob))


def unlisted_effect(prob: float, drivers: Iterable[Mapping[str, Any]]) -> float:
    """Return what the listed drivers leave of a score's log-odds: its start and the rest.

    Example:
        >>> round(unlisted_effect(0.5, [{"contribution": 0.75}, {"contribution": -0.25}]), 2)
        -0.5
    """
    return log_odds(prob) - sum(float(item["contribution"]) for item in drivers)
