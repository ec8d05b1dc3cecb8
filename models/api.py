"""A small read-only face of the store for notebooks: frames in, no SQL needed.

Every method returns a pandas frame, or an Arrow table from a reader opened with
``arrow=True``. Nothing here writes, scores or reads text.

Example::

    from models.api import open_reader

    with open_reader("sqlite:///var/dyadrisk.db") as risk:
        risk.latest().head()
        risk.history("COL-USA").plot(x="as_of_date", y="prob")
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Self, TypeAlias

import pandas as pd
import pyarrow as pa
from sqlalchemy import Engine, Select, select, text

from features.errors import ConfigError
from features.types import Dyad
from models.db import store
from models.db.views import VIEWS

Frame: TypeAlias = "pd.DataFrame | pa.Table"


def open_reader(url: str, *, arrow: bool = False) -> Reader:
    """Return a reader of the store at a database URL.

    Args:
        url: such as ``sqlite:///var/dyadrisk.db`` or ``postgresql://user@host/name``.
        arrow: whether methods return Arrow tables in place of pandas frames.

    Raises:
        ConfigError: the URL is wrong.
        FatalError: the database cannot be reached.
    """
    return Reader(store.open_store(url, read_only=True), arrow=arrow)


class Reader:
    """Read-only access to the views; close it, or use it in a ``with`` block."""

    def __init__(self, engine: Engine, *, arrow: bool = False) -> None:
        self._engine = engine
        self._arrow = arrow

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def latest(
        self,
        *,
        outcome: str = store.DEFAULT_OUTCOME,
        horizon_days: int = store.DEFAULT_HORIZON_DAYS,
    ) -> Frame:
        """Return the newest score of each pair, highest first."""
        return self._view("latest_risk", "-prob", outcome=outcome, horizon_days=horizon_days)

    def history(
        self,
        dyad: str,
        *,
        outcome: str = store.DEFAULT_OUTCOME,
        horizon_days: int = store.DEFAULT_HORIZON_DAYS,
    ) -> Frame:
        """Return all published scores of a pair, oldest first."""
        pair = str(Dyad.parse(dyad))
        return self._view(
            "risk_history", "as_of_date", dyad=pair, outcome=outcome, horizon_days=horizon_days
        )

    def movers(
        self,
        *,
        outcome: str = store.DEFAULT_OUTCOME,
        horizon_days: int = store.DEFAULT_HORIZON_DAYS,
    ) -> Frame:
        """Return the newest scores, those that rose most in a week first."""
        return self._view("risk_movers", "-change_7d", outcome=outcome, horizon_days=horizon_days)

    def drivers(self, dyad: str, as_of_date: date | None = None) -> Frame:
        """Return what drives a pair's default score: feature, value, contribution, words."""
        rows = store.read_history(self._engine, str(Dyad.parse(dyad)))
        chosen = [row for row in rows if as_of_date is None or row["as_of_date"] == as_of_date]
        return self._shaped(
            pd.DataFrame(
                chosen[-1]["drivers"] if chosen else [],
                columns=["feature", "value", "contribution", "words"],
            )
        )

    def evidence(self, dyad: str, as_of_date: date | None = None) -> Frame:
        """Return the sentences behind a pair's default scores, newest and strongest first."""
        rows = store.read_evidence(self._engine, str(Dyad.parse(dyad)), as_of_date=as_of_date)
        names = [column.name for column in VIEWS["risk_evidence"].table.columns]
        return self._shaped(pd.DataFrame.from_records(rows, columns=names))

    def events(
        self, dyad: str | None = None, *, since: date | None = None, until: date | None = None
    ) -> Frame:
        """Return events with their sentences; ``until`` is the first day left out."""
        table = VIEWS["event_list"].table
        query = select(table).order_by(table.c.day, table.c.event_id)
        if dyad is not None:
            query = query.where(table.c.dyad == str(Dyad.parse(dyad)))
        if since is not None:
            query = query.where(table.c.day >= since)
        if until is not None:
            query = query.where(table.c.day < until)
        return self._frame(query)

    def days(self, dyad: str) -> Frame:
        """Return the daily counts of a pair, oldest first."""
        return self._view("pair_days", "day", dyad=str(Dyad.parse(dyad)))

    def track_record(self) -> Frame:
        """Return how right the scores were, month by month."""
        return self._view("track_record", "month")

    def sources(self) -> Frame:
        """Return the health of each source."""
        return self._view("source_health", "source_id")

    def columns(self) -> Frame:
        """Return the data dictionary: every table, view and column in words."""
        return self._shaped(pd.DataFrame(store.describe_columns()))

    def sql(self, query: str, params: Mapping[str, Any] | None = None) -> Frame:
        """Return the rows of a query of your own; ``:name`` takes a parameter.

        Raises:
            ConfigError: the query tries to write.
        """
        word = query.lstrip(" \n\t(").split(maxsplit=1)[:1]
        if not word or word[0].upper() not in ("SELECT", "WITH", "VALUES"):
            raise ConfigError(f"expected a query that reads, got {query[:60]!r}")
        with store.reading(self._engine) as conn:
            result = conn.execute(text(query), dict(params or {}))
            names = list(result.keys())
            return self._shaped(
                pd.DataFrame.from_records([tuple(row) for row in result], columns=names)
            )

    def _view(self, name: str, order: str, **equal: Any) -> Frame:
        table = VIEWS[name].table
        column = table.c[order.lstrip("-")]
        first = column.desc().nulls_last() if order.startswith("-") else column
        keys = [table.c[key] for key in ("dyad", "as_of_date") if key in table.c]
        conditions = [table.c[key] == value for key, value in equal.items()]
        return self._frame(select(table).where(*conditions).order_by(first, *keys))

    def _frame(self, query: Select[Any]) -> Frame:
        with store.reading(self._engine) as conn:
            result = conn.execute(query)
            names = [str(name) for name in result.keys()]  # noqa: SIM118 a result has no own keys
            frame = pd.DataFrame.from_records([tuple(row) for row in result], columns=names)
        return self._shaped(_with_days(frame))

    def _shaped(self, frame: pd.DataFrame) -> Frame:
        return pa.Table.from_pandas(frame, preserve_index=False) if self._arrow else frame


def _with_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its day columns as timestamps, ready to plot."""
    days = [name for name in ("as_of_date", "day", "month", "event_date") if name in frame]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days})
