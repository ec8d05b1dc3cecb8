"""How rows become terminal tables, JSON or CSV. Article text is made inert on the way."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.figures import points
from flows.text import csv_cell, outlet_words, plain, safe_link

LEVEL_STYLES = {
    "LOW": "dim",
    "GUARDED": "cyan",
    "ELEVATED": "yellow",
    "HIGH": "bright_red",
    "SEVERE": "bold reverse red",
}
PIPE_WIDTH = 132


def make_console() -> Console:
    """Return a console on stdout: colours on a terminal only, wide when piped."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    is_terminal = sys.stdout.isatty()
    return Console(
        file=sys.stdout, width=None if is_terminal else PIPE_WIDTH, highlight=False, emoji=False
    )


def write_json(value: Any) -> None:
    """Write a value as indented JSON."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
    sys.stdout.write(orjson.dumps(_with_text_keys(value), option=options, default=str).decode())


def _with_text_keys(value: Any) -> Any:
    """Return the value with plain text keys: those of SQL rows are of a class of their own."""
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write rows as CSV that a spreadsheet opens without running anything."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_value(row.get(name)) for name in columns])


def _csv_value(value: Any) -> Any:
    if isinstance(value, list | dict):
        return csv_cell(orjson.dumps(value).decode())
    if isinstance(value, float):
        return round(value, 6)
    return csv_cell(value.isoformat() if isinstance(value, date) else value)


def make_table(title: str | None, columns: Sequence[str]) -> Table:
    """Return an empty table; a column whose name starts with ``>`` is right-aligned."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in columns:
        is_number = name.startswith(">")
        shown = name.lstrip(">")
        is_fixed = is_number or shown in ("pair", "level", "date", "interval", "history")
        table.add_column(shown, justify="right" if is_number else "left", no_wrap=is_fixed)
    return table


def make_evidence(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Return sentences by rank, each above its day, act, outlet and address."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for row in rows:
        when = f"{row['published_at']:%Y-%m-%d}" if row["published_at"] else "undated"
        modality = "" if row["modality"] in (None, "asserted") else f" ({row['modality']})"
        act = f"{row['source_iso3']}→{row['target_iso3']} {row['plover_event']}{modality}"
        parts = (when, act if row["source_iso3"] else "", plain(outlet_words(row["outlet"])))
        origin = "  ".join([", ".join(filter(None, parts)), *filter(None, [safe_link(row["url"])])])
        table.add_row(f"{row['rank']}.", inert(row["sentence"]))
        table.add_row("", Text(origin, style="dim"))
    return table


def signed(value: float | None) -> str:
    """Return a contribution with its sign; what rounds to nothing has none.

    Example:
        >>> signed(0.456), signed(-0.001), signed(None)
        ('+0.46', '0.00', '–')
    """
    if value is None:
        return "–"
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"


def inert(text: str | None, limit: int | None = None) -> Text:
    """Return text of strangers as a rich value that holds no markup or control."""
    return Text(plain(text or "", limit))


def one_line(text: str | None, limit: int) -> Text:
    """Return text of strangers on one line, cut where its column ends."""
    return Text(plain(text or "", limit), no_wrap=True, overflow="ellipsis")


def level_text(level: str) -> Text:
    """Return the level in its style; the word itself always says it."""
    return Text(level, style=LEVEL_STYLES.get(level, ""))


def arrow_points(change: float | None) -> Text:
    """Return a change in percentage points with its sign and an arrow."""
    shown = points(change)
    if shown.startswith("+"):
        return Text(f"▲ {shown}", style="red")
    if shown.startswith("-"):
        return Text(f"▼ {shown}", style="green")
    return Text(f"=  {shown}" if change is not None else shown, style="dim")
