"""What ``show``, ``movers`` and ``history`` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from sqlalchemy import Engine

from features.errors import DataError
from flows.cli_tables import (
    arrow_points,
    level_text,
    make_console,
    make_table,
    one_line,
    write_csv,
    write_json,
)
from flows.cli_versions import print_settings, print_version, upgrade_database
from flows.figures import percent, percent_range
from flows.ranking import find_day, pair_name, parse_dyad, read_series
from flows.settings import Settings
from flows.text import sparkline
from models.db import store

__all__ = [
    "history",
    "movers",
    "print_settings",
    "print_version",
    "show",
    "upgrade_database",
]

SPARK_DAYS = 90
WIDE_COLUMNS = (("history", 72), ("top driver", 80))
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
        raise DataError(unscored(pair, day))
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


def unscored(dyad: str, day: date) -> str:
    """Return what to say of a pair without a score."""
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
    # A narrow terminal shows the figures and leaves out what would break their lines.
    wide = tuple(name for name, least in WIDE_COLUMNS if console.width >= least)
    table = make_table(title, (*first, "level", ">prob", "interval", ">1 day", ">7 days", *wide))
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
            percent_range(row["prob_low"], row["prob_high"]),
            arrow_points(row["change_1d"]),
            arrow_points(row["change_7d"]),
            *(sparkline(past, 16), one_line(row["top_driver"], 60))[: len(wide)],
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
        raise DataError(unscored(pair, day))
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
            percent_range(row["prob_low"], row["prob_high"]),
            arrow_points(row["change_1d"]),
            f"{row['tension']:+.1f}",
        )
    console.print(table)
    return 0
