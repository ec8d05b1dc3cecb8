"""Writing scores and their evidence, and reading them through the views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, delete, select

from models.db.query import Record, between, chunked, equal_to, fetch, select_all
from models.db.rows import clean_rows, to_day
from models.db.session import Bind, reading, writing
from models.db.tables import OUT_RISK_SCORE, OUT_RISK_SERIES, OUT_SCORE_EVIDENCE, SCORE_KEY
from models.db.upsert import upsert_rows
from models.db.views import VIEWS

DEFAULT_OUTCOME = "force"
DEFAULT_HORIZON_DAYS = 30


def upsert_scores(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many scores are new or changed; ``drivers`` may be a list of dicts.

    The two country columns may be left out: they follow from the pair.
    """
    scores = [_with_countries(row) for row in rows]
    names = ("dyad", "outcome", "horizon_days")
    series = [{name: row[name] for name in names} for row in scores]
    with writing(bind) as conn:
        upsert_rows(conn, OUT_RISK_SERIES, series, run_id)
        return upsert_rows(conn, OUT_RISK_SCORE, scores, run_id)


def _with_countries(row: Mapping[str, Any]) -> Record:
    first, _, second = str(row["dyad"]).partition("-")
    return {**row, "country_a_iso3": first, "country_b_iso3": second}


def upsert_evidence(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many evidence rows are new or changed; their scores must be stored."""
    return upsert_rows(bind, OUT_SCORE_EVIDENCE, rows, run_id)


def replace_evidence(
    bind: Bind,
    scores: Iterable[Mapping[str, Any]],
    evidence: Iterable[Mapping[str, Any]],
    run_id: str,
) -> int:
    """Return how many evidence rows were removed, added or changed for the scores.

    Args:
        bind: engine or connection.
        scores: rows with the score key; their other evidence goes away.
        evidence: all evidence of these scores now.
        run_id: the run that writes.
    """
    rows = clean_rows(OUT_SCORE_EVIDENCE, evidence)
    kept = {(*_key(row), row["rank"]) for row in rows}
    keys = {_key(row) for row in scores}
    column = OUT_SCORE_EVIDENCE.columns
    removed = 0
    with writing(bind) as conn:
        for stale in _stored_evidence(conn, keys) - kept:
            names = zip((*SCORE_KEY, "rank"), stale, strict=True)
            match = and_(*[column[name] == value for name, value in names])
            removed += conn.execute(delete(OUT_SCORE_EVIDENCE).where(match)).rowcount
        return removed + upsert_evidence(conn, rows, run_id)


def _stored_evidence(conn: Connection, keys: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Return the keys (with rank) of the evidence that the scores have, by way of their days."""
    score, column = OUT_RISK_SCORE.columns, OUT_SCORE_EVIDENCE.columns
    same = and_(*[score[name] == column[name] for name in SCORE_KEY])
    query = select(*[column[name] for name in (*SCORE_KEY, "rank")]).join_from(
        OUT_RISK_SCORE, OUT_SCORE_EVIDENCE, same
    )
    day = SCORE_KEY.index("as_of_date")
    days = sorted({key[day] for key in keys})
    stored = (
        tuple(row)
        for chunk in chunked(days)
        for row in conn.execute(query.where(score.as_of_date.in_(chunk)))
    )
    return {key for key in stored if key[:-1] in keys}


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in SCORE_KEY)


def read_scores(
    bind: Bind,
    *,
    dyad: str | None = None,
    since: date | None = None,
    until: date | None = None,
    outcome: str | None = None,
    horizon_days: int | None = None,
    classifier_version: str | None = None,
) -> list[Record]:
    """Return stored scores of any classifier as dicts; ``drivers`` is a list."""
    conditions = between(OUT_RISK_SCORE.columns.as_of_date, since, until)
    conditions += equal_to(
        OUT_RISK_SCORE,
        dyad=dyad,
        outcome=outcome,
        horizon_days=horizon_days,
        classifier_version=classifier_version,
    )
    return fetch(bind, select_all(OUT_RISK_SCORE, conditions))


def read_scored_days(
    bind: Bind, *, since: date | None = None, until: date | None = None
) -> list[date]:
    """Return the as_of_dates that have any score, oldest first; ``until`` is left out."""
    day = OUT_RISK_SCORE.columns.as_of_date
    query = select(day).where(*between(day, since, until)).distinct().order_by(day)
    with reading(bind) as conn:
        return [to_day(found) for found in conn.execute(query).scalars()]


def _read_view(
    bind: Bind, name: str, order: tuple[str, ...], limit: int | None, **equal: Any
) -> list[Record]:
    """Return rows of a view; a leading minus in ``order`` means descending."""
    view = VIEWS[name].table
    columns = [
        view.columns[part.lstrip("-")].desc() if part.startswith("-") else view.columns[part]
        for part in order
    ]
    query = select(view).where(*equal_to(view, **equal)).order_by(*columns)
    return fetch(bind, query if limit is None else query.limit(limit))


def read_latest(
    bind: Bind,
    *,
    dyad: str | None = None,
    outcome: str | None = DEFAULT_OUTCOME,
    horizon_days: int | None = DEFAULT_HORIZON_DAYS,
    limit: int | None = None,
) -> list[Record]:
    """Return the newest score of each pair, highest first (view ``latest_risk``)."""
    return _read_view(
        bind,
        "latest_risk",
        ("-prob", "dyad", "outcome", "horizon_days"),
        limit,
        dyad=dyad,
        outcome=outcome,
        horizon_days=horizon_days,
    )


def read_day(
    bind: Bind,
    as_of_date: date,
    *,
    dyad: str | None = None,
    outcome: str | None = DEFAULT_OUTCOME,
    horizon_days: int | None = DEFAULT_HORIZON_DAYS,
    limit: int | None = None,
) -> list[Record]:
    """Return the scores of one as_of_date with their changes, highest first."""
    return _read_view(
        bind,
        "risk_history",
        ("-prob", "dyad", "outcome", "horizon_days"),
        limit,
        as_of_date=as_of_date,
        dyad=dyad,
        outcome=outcome,
        horizon_days=horizon_days,
    )


def read_history(
    bind: Bind,
    dyad: str,
    *,
    outcome: str | None = DEFAULT_OUTCOME,
    horizon_days: int | None = DEFAULT_HORIZON_DAYS,
) -> list[Record]:
    """Return all scores of a pair, oldest first (view ``risk_history``)."""
    return _read_view(
        bind,
        "risk_history",
        ("as_of_date", "outcome", "horizon_days"),
        None,
        dyad=dyad,
        outcome=outcome,
        horizon_days=horizon_days,
    )


def read_movers(
    bind: Bind,
    *,
    as_of_date: date | None = None,
    change_days: int = 7,
    outcome: str = DEFAULT_OUTCOME,
    horizon_days: int = DEFAULT_HORIZON_DAYS,
    limit: int | None = 20,
) -> list[Record]:
    """Return the pairs that moved most, the largest change (up or down) first.

    Args:
        bind: engine or connection.
        as_of_date: day to look at; the newest score of each pair when None.
        change_days: 1 for since yesterday, 7 for since last week.
        outcome: what is predicted.
        horizon_days: days ahead.
        limit: how many; None for all.
    """
    rows = (
        _read_view(bind, "risk_movers", ("dyad",), None, outcome=outcome, horizon_days=horizon_days)
        if as_of_date is None
        else read_day(bind, as_of_date, outcome=outcome, horizon_days=horizon_days)
    )
    column = f"change_{change_days}d"
    moved = [row for row in rows if row[column] is not None and row[column] != 0]
    return sorted(moved, key=lambda row: (-abs(row[column]), row["dyad"]))[:limit]


def read_evidence(
    bind: Bind,
    dyad: str,
    *,
    as_of_date: date | None = None,
    outcome: str | None = DEFAULT_OUTCOME,
    horizon_days: int | None = DEFAULT_HORIZON_DAYS,
    limit: int | None = None,
) -> list[Record]:
    """Return the sentences behind a pair's scores, newest score and strongest first."""
    return _read_view(
        bind,
        "risk_evidence",
        ("-as_of_date", "outcome", "horizon_days", "rank"),
        limit,
        dyad=dyad,
        as_of_date=as_of_date,
        outcome=outcome,
        horizon_days=horizon_days,
    )
