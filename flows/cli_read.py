"""Commands of the reader: report, history, explore and export."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from flows import cli_show
from flows.cli_ops import use_database
from flows.cli_options import AT_LEAST_ONE, AsOf, Csv, DbUrl, Json, LimitOrAll, day_option
from flows.ranking import find_day, parse_dyad

TableName = Literal["scores", "evidence", "events", "days", "features"]
FormatName = Literal["csv", "parquet", "jsonl"]


@Parameter(name="*")
@dataclass(frozen=True)
class RowFilter:
    """Which rows to export: one pair, or days from one to another, both included."""

    dyad: Annotated[str | None, Parameter(help="Only this pair, such as COL-USA.")] = None
    start: Annotated[date | None, day_option("--from", "First day.")] = None
    end: Annotated[date | None, day_option("--to", "Last day.")] = None


NO_FILTER = RowFilter()


def report(
    *,
    as_of: AsOf = None,
    out: Annotated[
        Path | None, Parameter(help="File to write; default: report.html at home.")
    ] = None,
    pairs: Annotated[
        int, Parameter(help="Most pairs shown, highest first.", validator=AT_LEAST_ONE)
    ] = 200,
    days: Annotated[
        int, Parameter(help="Days of history of each pair.", validator=AT_LEAST_ONE)
    ] = 365,
    db: DbUrl = None,
) -> int:
    """Write the HTML report: one file that needs no network."""
    settings = use_database(db)
    from flows.report import write_report

    engine = cli_show.open_reader(settings)
    day = find_day(engine, as_of)
    target = out or settings.home / "report.html"
    print(write_report(engine, day, target, pair_count=pairs, day_count=days))
    return 0


def history(
    dyad: str,
    *,
    as_of: AsOf = None,
    limit: LimitOrAll = 30,
    db: DbUrl = None,
    json: Json = False,
    csv: Csv = False,
) -> int:
    """Print a pair's scores day by day, newest first."""
    return cli_show.history(use_database(db), dyad, as_of, limit, json, csv)


def explore(
    *,
    port: Annotated[int, Parameter(help="Port on this machine.")] = 8001,
    open_browser: Annotated[bool, Parameter(name="--open", negative="")] = False,
    db: DbUrl = None,
) -> int:
    """Open the embedded database in Datasette, read-only, with the cookbook's queries."""
    settings = use_database(db)
    from flows.explore import explore as serve_explorer

    settings.home.mkdir(parents=True, exist_ok=True)
    return serve_explorer(settings.database_url, settings.home, port, open_browser=open_browser)


def export(
    table: TableName,
    *,
    out: Annotated[Path, Parameter(help="Folder to write to.")] = Path("export"),
    file_format: Annotated[FormatName, Parameter(name="--format")] = "csv",
    rows: RowFilter = NO_FILTER,
    as_of: AsOf = None,
    db: DbUrl = None,
) -> int:
    """Write scores, evidence, events, daily counts or features with a data dictionary.

    The dictionary is datapackage.json (Frictionless). ``--as-of`` is the day of the
    features; ``--from``, ``--to`` and ``--dyad`` choose rows of the other tables.
    """
    settings = use_database(db)
    engine = cli_show.open_reader(settings)
    if table == "features":
        from flows.export_features import export_features

        day = find_day(engine, as_of) if as_of is None else as_of
        path, row_count = export_features(engine, settings, day, out, file_format)
    else:
        from flows.export import export_table, select_days

        pair = None if rows.dyad is None else parse_dyad(rows.dyad)
        selection = select_days(pair, rows.start, rows.end)
        path, row_count = export_table(engine, table, out, file_format, selection)
    print(f"{row_count} rows, data dictionary in {out / 'datapackage.json'}", file=sys.stderr)
    print(path)
    return 0


def mount(app: App) -> None:
    """Add the reader's commands to the command line."""
    for command in (report, history, explore, export):
        app.command(command)
