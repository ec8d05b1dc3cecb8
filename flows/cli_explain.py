"""What ``explain`` prints: why a pair stands where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from rich.console import Console
from sqlalchemy import Engine

from features.errors import DataError
from flows.cli_show import SPARK_DAYS, open_reader, unscored
from flows.cli_tables import (
    arrow_points,
    inert,
    level_text,
    make_console,
    make_evidence,
    make_table,
    signed,
    write_json,
)
from flows.figures import REST_WORDS, log_odds, percent, percent_range, unlisted_effect
from flows.ranking import find_day, pair_name, parse_dyad, read_series
from flows.settings import Settings
from flows.text import sparkline
from models.db import store

EVIDENCE_COUNT = 10


def explain(settings: Settings, dyad: str, as_of: date | None, json: bool = False) -> int:
    """Print why a pair stands where it is: drivers, change and sentences."""
    pair = parse_dyad(dyad)
    engine = open_reader(settings)
    day = find_day(engine, as_of)
    found = store.read_day(engine, day, dyad=pair)
    if not found:
        raise DataError(unscored(pair, day))
    score = found[0]
    evidence = store.read_evidence(engine, pair, as_of_date=day, limit=EVIDENCE_COUNT)
    earlier = store.read_day(engine, day - timedelta(days=7), dyad=pair)
    shifts = driver_shifts(score["drivers"], earlier[0]["drivers"] if earlier else None)
    if json:
        write_json({**score, "driver_changes_7d": shifts, "evidence": evidence})
        return 0
    console = make_console()
    _print_head(console, engine, score)
    _print_drivers(console, score, shifts)
    _print_evidence(console, evidence)
    return 0


def driver_shifts(
    now: Sequence[Mapping[str, Any]], then: Sequence[Mapping[str, Any]] | None
) -> dict[str, float]:
    """Return how each driver's contribution changed, of those that the earlier score lists too.

    Example:
        >>> driver_shifts([{"feature": "x", "contribution": 0.5}], [])
        {}
    """
    before = {item["feature"]: item["contribution"] for item in then or ()}
    return {
        item["feature"]: round(item["contribution"] - before[item["feature"]], 4)
        for item in now
        if item["feature"] in before
    }


def _print_head(console: Console, engine: Engine, score: Mapping[str, Any]) -> None:
    pair, day = score["dyad"], score["as_of_date"]
    console.print(f"{pair_name(pair)} ({pair}), as of {day}", style="bold")
    console.print("level       ", level_text(score["level"]), sep="")
    span = percent_range(score["prob_low"], score["prob_high"])
    console.print(
        f"probability {percent(score['prob'])} ({span}) of a use of force between the"
        f" two states that the news reports within {score['horizon_days']} days"
    )
    console.print(
        "change      ", arrow_points(score["change_1d"]), " since yesterday, ", sep="", end=""
    )
    console.print(arrow_points(score["change_7d"]), " since last week (percentage points)", sep="")
    console.print(
        f"tension     {score['tension']:+.1f} of -10 (conflict) to +10 (cooperation);"
        f" coverage {score['coverage']:.0%}"
    )
    past = read_series(engine, day, SPARK_DAYS, [pair]).get(pair, [])
    values = [point["prob"] for point in past]
    if len(values) > 1:
        span = f"{percent(min(values))} to {percent(max(values))} in {len(values)} scores"
        console.print(f"history     {sparkline(values, 60)}  {span}")
    console.print(f"made by     {score['classifier_version']}, run {score['run_id']}", style="dim")


def _print_drivers(console: Console, score: Mapping[str, Any], shifts: Mapping[str, float]) -> None:
    console.print("\nWhat drives it (log-odds; above 0 raises the risk)", style="bold")
    table = make_table(None, (">effect", ">7 days", ">value", "driver"))
    for item in score["drivers"]:
        table.add_row(
            signed(item["contribution"]),
            signed(shifts.get(item["feature"])),
            f"{item['value']:.4g}" if item.get("value") is not None else "–",
            inert(item["words"]),
        )
    table.add_row(signed(unlisted_effect(score["prob"], score["drivers"])), "", "", REST_WORDS)
    total = f"the sum: {percent(score['prob'])}"
    table.add_row(signed(log_odds(score["prob"])), "", "", total, style="bold")
    console.print(table)


def _print_evidence(console: Console, evidence: Sequence[Mapping[str, Any]]) -> None:
    console.print("\nThe sentences behind it", style="bold")
    if not evidence:
        console.print(
            "no sentence of the past 90 days is stored for this pair: the score rests on counts of"
            " the shipped history, which has no sentences, or on older news"
        )
        return
    console.print(make_evidence(evidence))
