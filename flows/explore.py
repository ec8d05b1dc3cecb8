"""The explorer: Datasette on the embedded database, read-only, with the cookbook's queries."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import make_url

from features.errors import ConfigError, DataError
from flows.cookbook import load_cookbook
from models.db import store

TITLE: Final = "dyadrisk: risk between countries"
ABOUT: Final = (
    "A daily probability that the news reports a use of force between two states. Start with"
    " the queries below, or with the views latest_risk, risk_history, risk_movers,"
    " risk_evidence, event_list, source_health and track_record."
)
QUERY_LIMIT_MS: Final = 10_000
# Tables that only the program needs.
HIDDEN_TABLES: Final = ("alembic_version", "meta_view", "out_risk_series", "core_extraction")


def database_file(url: str) -> Path:
    """Return the SQLite file behind a database URL.

    Raises:
        ConfigError: the database is PostgreSQL, or lives in memory.
        DataError: the file does not exist yet.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise ConfigError(
            "expected the embedded SQLite database, got PostgreSQL: open the Grafana dashboard"
            " of deploy/ there (docs/how-to/postgresql.md), or any SQL client"
        )
    path = Path(parsed.database or ":memory:")
    if not path.is_file():
        raise DataError(
            f"expected a database file at {str(path)!r}, got none; run `dyadrisk run` first"
        )
    return path


def build_metadata(database: str) -> dict[str, Any]:
    """Return Datasette's metadata: the data dictionary and the cookbook as canned queries.

    Args:
        database: name of the database in Datasette, the file's stem.
    """
    queries = {
        recipe.name: {
            "sql": recipe.sql,
            "title": recipe.question,
            "params": list(recipe.params),
            "description_html": _hint(recipe.params, _chart(recipe.plot)),
            "fragment": _chart(recipe.plot),
        }
        for recipe in load_cookbook()
    }
    return {
        "title": TITLE,
        "description": ABOUT,
        "databases": {database: {"tables": _table_metadata(), "queries": queries}},
    }


def _hint(params: Mapping[str, str], chart: str) -> str:
    """Return a link that fills a query's parameters in, as HTML; nothing without any.

    Example:
        >>> _hint({"dyad": "COL-USA"}, "g.mark=line")
        '<a href="?dyad=COL-USA#g.mark=line">Try dyad = COL-USA</a>'
    """
    if not params:
        return ""
    tries = ", ".join(f"{name} = {value}" for name, value in params.items())
    address = f"?{urlencode(params)}" + (f"#{chart}" if chart else "")
    return f'<a href="{escape(address)}">Try {escape(tries)}</a>'


def _chart(plot: str) -> str:
    """Return the part of an address that makes datasette-vega draw a chart.

    Example:
        >>> _chart("line day:temporal prob:quantitative").split("&")[1]
        'g.x_column=day'
    """
    if not plot:
        return ""
    mark, *columns = plot.split()
    parts = [f"g.mark={mark}"]
    for axis, column in zip("xy", columns, strict=True):
        name, kind = column.split(":")
        parts += [f"g.{axis}_column={name}", f"g.{axis}_type={kind}"]
    return "&".join(parts)


def _table_metadata() -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for row in store.describe_columns():
        table = tables.setdefault(row["relation"], {"columns": {}})
        table["columns"][row["column"]] = row["comment"]
    for name in HIDDEN_TABLES:
        tables.setdefault(name, {})["hidden"] = True
    return tables


def explore_command(path: Path, metadata: Path, port: int, *, open_browser: bool) -> list[str]:
    """Return the command that serves the database on this machine only, read-only."""
    command = [
        sys.executable,
        "-m",
        "datasette",
        "serve",
        str(path),
        "--metadata",
        str(metadata),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--setting",
        "sql_time_limit_ms",
        str(QUERY_LIMIT_MS),
        "--setting",
        "allow_download",
        "off",
        "--setting",
        "default_page_size",
        "50",
    ]
    return [*command, "--open"] if open_browser else command


def explore(url: str, folder: Path, port: int, *, open_browser: bool) -> int:
    """Serve the embedded database until interrupted and return the exit code.

    Args:
        url: database URL.
        folder: where the metadata file is written.
        port: port on 127.0.0.1; 0 for any free one.
        open_browser: whether to open a browser.

    Raises:
        ConfigError: Datasette is not installed, or the database is PostgreSQL.
        DataError: there is no database yet.
    """
    path = database_file(url)
    if find_spec("datasette") is None:
        raise ConfigError(
            "expected Datasette for the explorer, got none installed:"
            " `pip install -e '.[explore]'` in the program's folder adds it"
        )
    metadata = folder / "datasette.json"
    metadata.write_text(json.dumps(build_metadata(path.stem), indent=1), encoding="utf-8")
    command = explore_command(path.resolve(), metadata, port, open_browser=open_browser)
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603 our own arguments
    except KeyboardInterrupt:
        return 0
