"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter, Token
from cyclopts.validators import Number


def read_day(_type: Any, tokens: Sequence[Token]) -> date:
    """Return the day that a person wrote.

    Raises:
        ValueError: it is no day of the form 2026-03-29; the message says so.
    """
    text = tokens[0].value
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise ValueError(f"expected a day such as 2026-03-29, got {text!r}: {err}") from err


def day_option(name: str, meaning: str) -> Parameter:
    """Return the option of a day, written YYYY-MM-DD."""
    return Parameter(name=name, help=meaning, converter=read_day)


DbUrl = Annotated[str | None, Parameter(name="--db", help="Database URL.")]
AsOf = Annotated[
    date | None,
    day_option("--as-of", "Day of the score: only news before it counts (YYYY-MM-DD)."),
]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
Csv = Annotated[bool, Parameter(name="--csv", negative="", help="Print CSV.")]
Limit = Annotated[int, Parameter(help="Most rows printed.", validator=Number(gte=1))]
LimitOrAll = Annotated[
    int, Parameter(help="Most days printed; 0 for all.", validator=Number(gte=0))
]
AT_LEAST_ONE = Number(gte=1)
