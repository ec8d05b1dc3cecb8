"""What ``show``, ``explain``, ``movers`` and ``history`` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from rich.console import Console
from sqlalchemy import Engine

from features.errors import DataError
from flows.cli_tables import (
    inert,
    interval,
    level_text,
    make_console,
    make_evidence,
    make_table,
    percent,
    points,
    signed,
    write_csv,
    write_json,
)
from flows.cli_versions import print_settings, print_version, upgrade_database
from flows.ranking import find_day, pair_name, parse_dyad, read_series
from flows.settings import Settings
from flows.text import sparkline
from models.db import store

__all__ = [
    "explain",
    "history",
    "movers",
    "print_settings",
    "print_version",
    "show",
    "upgrade_database",
]

SPARK_DAYS = 90
EVIDENCE_COUNT = 10
LEVEL_NOTE = (
    "A level is named by how usual the outcome is within its days, so one level stands for"
    " different probabilities in different rows."
)
SCORE_COLUMNS = (
    "dyad",
    "as_of_date",
    "outcome",
    "horizon_days",
    "level",
    "prob",
    "prob_low",
    "prob_high",
    "change_1d",
    "change_7d",
    "tension",
    "coverage",
    "top_driver",
    "classifier_version",
)


def open_reader(settings: Settings) -> Engine:
    """Return a read-only engine on the store of the settings."""
    return store.open_store(settings.database_url, read_only=True)


def show(
    settings: Settings,
    dyad: str | None,
    as_of: date | None,
    limit: int,
    json: bool = False,
    csv: bool = False,
) -> int:
    """Print the ranked pairs, or one pair's scores of all outcomes and horizons."""
    pair = None if dyad is None else parse_dyad(dyad)
    engine = open_reader(settings)
    day = find_day(engine, as_of)
    rows = (
        store.read_day(engine, day, limit=limit)
        if pair is None
        else sorted(
            store.read_day(engine, day, dyad=pair, outcome=None, horizon_days=None), key=_question
        )
    )
    if pair is not None and not rows:
        raise DataError(_unscored(pair, day))
    if _write_data(rows, json, csv):
        return 0
    console = make_console()
    title = (
        f"Risk of a use of force within {store.DEFAULT_HORIZON_DAYS} days, as of {day}"
        if pair is None
        else f"{pair_name(pair)} ({pair}), as of {day}"
    )
    _print_scores(console, engine, rows, day, title, is_ranking=pair is None)
    if pair is not None:
        console.print(LEVEL_NOTE, style="dim")
    return 0


def _question(row: Mapping[str, Any]) -> tuple[bool, int]:
    """Return the place of an outcome and horizon: force before escalation, soon before late."""
    return row["outcome"] != store.DEFAULT_OUTCOME, row["horizon_days"]


def _unscored(dyad: str, day: date) -> str:
    return (
        f"expected a score of {dyad} as of {day}, got none: the news of the past year"
        " does not tie the two; `dyadrisk show` lists the pairs that are scored"
    )


def _write_data(rows: Sequence[Mapping[str, Any]], json: bool, csv: bool) -> bool:
    """Write rows for machines if that was asked for, and return whether it was."""
    if json:
        write_json([dict(row) for row in rows])
    elif csv:
        write_csv(rows, SCORE_COLUMNS)
    return json or csv


def _print_scores(
    console: Console,
    engine: Engine,
    rows: Sequence[Mapping[str, Any]],
    day: date,
    title: str,
    *,
    is_ranking: bool,
) -> None:
    series = read_series(engine, day, SPARK_DAYS, [row["dyad"] for row in rows])
    first = ("pair",) if is_ranking else ("outcome", ">days")
    table = make_table(
        title, (*first, "level", ">prob", "interval", ">1 day", ">7 days", "history", "top driver")
    )
    for row in rows:
        lead = (row["dyad"],) if is_ranking else (row["outcome"], str(row["horizon_days"]))
        is_default = (row["outcome"], row["horizon_days"]) == (
            store.DEFAULT_OUTCOME,
            store.DEFAULT_HORIZON_DAYS,
        )
        past = [point["prob"] for point in series.get(row["dyad"], ())] if is_default else []
        table.add_row(
            *lead,
            level_text(row["level"]),
            percent(row["prob"]),
            interval(row),
            points(row["change_1d"]),
            points(row["change_7d"]),
            sparkline(past, 16),
            inert(row["top_driver"], 60),
        )
    console.print(table)


def movers(
    settings: Settings, as_of: date | None, limit: int, json: bool = False, csv: bool = False
) -> int:
    """Print the pairs whose risk changed most since last week."""
    engine = open_reader(settings)
    day = find_day(engine, as_of)
    rows = store.read_movers(engine, as_of_date=day, limit=limit)
    if _write_data(rows, json, csv):
        return 0
    console = make_console()
    if not rows:
        console.print(f"No pair has a score of the week before {day}: nothing to compare with.")
        return 0
    title = f"What moved since last week, as of {day} (percentage points)"
    _print_scores(console, engine, rows, day, title, is_ranking=True)
    return 0


def history(
    settings: Settings,
    dyad: str,
    as_of: date | None = None,
    limit: int = 30,
    json: bool = False,
    csv: bool = False,
) -> int:
    """Print a pair's scores day by day, newest first."""
    pair = parse_dyad(dyad)
    engine = open_reader(settings)
    day = find_day(engine, as_of)
    rows = [row for row in store.read_history(engine, pair) if row["as_of_date"] <= day]
    rows = rows[-limit:] if limit > 0 else rows
    if not rows:
        raise DataError(_unscored(pair, day))
    if _write_data(rows, json, csv):
        return 0
    console = make_console()
    console.print(f"{pair_name(pair)} ({pair})", style="bold")
    console.print(sparkline([row["prob"] for row in rows], 80), style="cyan")
    table = make_table(None, ("date", "level", ">prob", "interval", ">1 day", ">tension"))
    for row in reversed(rows):
        table.add_row(
            row["as_of_date"].isoformat(),
            level_text(row["level"]),
            percent(row["prob"]),
            interval(row),
            points(row["change_1d"]),
            f"{row['tension']:+.1f}",
        )
    console.print(table)
    return 0


def explain(settings: Settings, dyad: str, as_of: date | None, json: bool = False) -> int:
    """Print why a pair stands where it is: drivers, change and sentences."""
    pair = parse_dyad(dyad)
    engine = open_reader(settings)
    day = find_day(engine, as_of)
    found = store.read_day(engine, day, dyad=pair)
    if not found:
        raise DataError(_unscored(pair, day))
    score = found[0]
    evidence = store.read_evidence(engine, pair, as_of_date=day, limit=EVIDENCE_COUNT)
    earlier = store.read_day(engine, day - timedelta(days=7), dyad=pair)
    shifts = driver_shifts(score["drivers"], earlier[0]["drivers"] if earlier else None)
    if json:
        write_json({**score, "driver_changes_7d": shifts, "evidence": evidence})
        return 0
    console = make_console()
    _print_head(console, engine, score)
    _print_drivers(console, score["drivers"], shifts)
    _print_evidence(console, evidence)
    return 0


def driver_shifts(
    now: Sequence[Mapping[str, Any]], then: Sequence[Mapping[str, Any]] | None
) -> dict[str, float]:
    """Return how each driver's contribution changed; empty without an earlier score.

    Example:
        >>> driver_shifts([{"feature": "x", "contribution": 0.5}], [])
        {'x': 0.5}
    """
    if then is None:
        return {}
    before = {item["feature"]: item["contribution"] for item in then}
    return {
        item["feature"]: round(item["contribution"] - before.get(item["feature"], 0.0), 4)
        for item in now
    }


def _print_head(console: Console, engine: Engine, score: Mapping[str, Any]) -> None:
    pair, day = score["dyad"], score["as_of_date"]
    console.print(f"{pair_name(pair)} ({pair}), as of {day}", style="bold")
    console.print("level      ", level_text(score["level"]), sep="")
    console.print(
        f"probability {percent(score['prob'])} ({interval(score)}) of a use of force between the"
        f" two states that the news reports within {score['horizon_days']} days"
    )
    console.print("change     ", points(score["change_1d"]), " since yesterday, ", sep="", end="")
    console.print(points(score["change_7d"]), " since last week (percentage points)", sep="")
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


def _print_drivers(
    console: Console, drivers: Sequence[Mapping[str, Any]], shifts: Mapping[str, float]
) -> None:
    console.print("\nWhat drives it (log-odds; above 0 raises the risk)", style="bold")
    table = make_table(None, (">effect", ">7 days", ">value", "driver"))
    for item in drivers:
        table.add_row(
            signed(item["contribution"]),
            signed(shifts.get(item["feature"])),
            f"{item['value']:.4g}" if item.get("value") is not None else "–",
            inert(item["words"]),
        )
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
