"""Write docs/sql.md: every recipe of the cookbook with its output on the example store.

    python docs/build_sql.py

The example store is made up (tests/integration/seed.py), so that the page never changes by
itself; a test compares it with what both databases answer.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import Engine, text  # noqa: E402

from flows.cookbook import Recipe, load_cookbook  # noqa: E402
from models.db import store  # noqa: E402
from tests.integration.seed import fill_store  # noqa: E402

TARGET = ROOT / "docs" / "sql.md"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
CELL_CHARS = 60
INTRO = """# SQL cookbook

Questions that analysts ask, each answered by one query. All of them run unchanged on SQLite and on
PostgreSQL; `:name` is a parameter. In the explorer (`dyadrisk explore`) they are one click away.
In the `sqlite3` shell, give a parameter with `.parameter set :dyad COL-USA`; in `psql`, write the
value in its place.

The outputs come from a small made-up database, **not from real scores**: they show what an answer
looks like. The views and their columns are described in [the schema](schema.md).

Rights: the views are enough for all but four questions. *How often was each level followed by a
use of force*, *did one in ten come true*, *what was refused* and *which run made a score* also
read tables.
"""


def run_recipe(engine: Engine, recipe: Recipe) -> tuple[list[str], list[list[str]]]:
    """Return the column names and the rows of a recipe as they are printed."""
    with store.reading(engine) as conn:
        result = conn.execute(text(recipe.sql), dict(recipe.params))
        return list(result.keys()), [[show(value) for value in row] for row in result]


def show(value: Any) -> str:
    """Return one value in the same words for both databases."""
    if value is None:
        return ""
    if isinstance(value, float | Decimal):
        return f"{float(value):.3f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    shown = str(value).replace("|", "\\|")
    if MOMENT.match(shown):
        return shown[:16].replace("T", " ")
    return shown if len(shown) <= CELL_CHARS else shown[: CELL_CHARS - 1] + "…"


def render_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a markdown table."""
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def render_recipe(engine: Engine, recipe: Recipe) -> str:
    """Return the section of one recipe."""
    tries = "".join(f"\n`:{name}` is `{value}` here." for name, value in recipe.params.items())
    table = render_table(*run_recipe(engine, recipe))
    return f"## {recipe.question}\n\n```sql\n{recipe.sql}\n```\n{tries}\n\n{table}\n"


def render_page(engine: Engine) -> str:
    """Return the whole page."""
    return "\n".join([INTRO, *(render_recipe(engine, recipe) for recipe in load_cookbook())])


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        engine = store.open_store(f"sqlite:///{folder}/example.db")
        fill_store(engine)
        TARGET.write_text(render_page(engine), encoding="utf-8")
        engine.dispose()


if __name__ == "__main__":
    main()
