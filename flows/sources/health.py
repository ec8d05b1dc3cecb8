"""How the sources fare: which are due, which fell silent, how much of the press is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.sources.catalog import Source

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HealthParams:
    """When a source counts as silent.

    Args:
        gap_factor: times its usual gap without a new article ...
        least_hours: ... but not before so many hours.
        failing_after: failures in a row from which it counts as failing.
        default_gap_hours: gap of a source whose habit is not known yet.
    """

    gap_factor: float = 3.0
    least_hours: float = 24.0
    failing_after: int = 3
    default_gap_hours: float = 24.0


def judge_source(row: Row, now: datetime, params: HealthParams = HealthParams()) -> str:
    """Return ``ok``, ``shaky``, ``failing``, ``stale`` or ``never read``; as view source_health."""
    if (row["failure_count"] or 0) >= params.failing_after:
        return "failing"
    if row["last_success_at"] is None:
        return "never read"
    gap = row["typical_gap_hours"] or params.default_gap_hours
    limit = timedelta(hours=max(params.gap_factor * gap, params.least_hours))
    newest = row["last_article_at"]
    if newest is not None and now - newest > limit:
        return "stale"
    return "shaky" if row["failure_count"] else "ok"


def coverage_share(rows: Iterable[Row], now: datetime) -> float | None:
    """Return the share of sources that speak as usual, 0..1; None without sources.

    A source counts by how much it usually brings: one that publishes every hour
    weighs more than one that publishes once a week.
    """
    weights = [(1.0 / max(row["typical_gap_hours"] or 24.0, 0.25), row) for row in rows]
    total = sum(weight for weight, _ in weights)
    if total == 0:
        return None
    heard = sum(weight for weight, row in weights if judge_source(row, now) in ("ok", "shaky"))
    return round(heard / total, 4)


def is_due(source: Source, row: Row | None, now: datetime, not_before: datetime | None) -> bool:
    """Return whether a source should be looked at now."""
    if not source.is_enabled or (not_before is not None and now < not_before):
        return False
    if row is None or row["last_success_at"] is None:
        return True
    # A quarter of an hour of tolerance keeps an hourly schedule from skipping every other look.
    wait = timedelta(hours=source.every_hours) - timedelta(minutes=15)
    return now - row["last_success_at"] >= wait or bool(row["failure_count"])


def describe_health(rows: Sequence[Row], now: datetime) -> str:
    """Return a markdown table of the sources that need a look, worst first."""
    order = ("failing", "never read", "stale", "shaky", "ok")
    judged = sorted(
        ((judge_source(row, now), row) for row in rows),
        key=lambda pair: (order.index(pair[0]), pair[1]["source_id"]),
    )
    share = coverage_share(rows, now)
    counts = ", ".join(f"{sum(state == s for state, _ in judged)} {s}" for s in order)
    lines = [f"Sources: {counts}. Coverage {share if share is not None else 'unknown'}.", ""]
    lines += ["| source | outlet | state | newest article | last fault |", "|---|---|---|---|---|"]
    for state, row in judged:
        if state != "ok":
            fault = str(row["last_error"] or "").replace("|", "/")[:120]
            newest = row["last_article_at"]
            lines.append(
                f"| {row['source_id']} | {row['outlet'] or ''} | {state}"
                f" | {newest:%Y-%m-%d %H:%M} | {fault} |"
                if newest
                else f"| {row['source_id']} | {row['outlet'] or ''} | {state} | - | {fault} |"
            )
    return "\n".join(lines)
