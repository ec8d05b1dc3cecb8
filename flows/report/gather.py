"""Everything that the report shows, read from the store in a few queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Engine, desc, func, select

from flows.ranking import Record, find_day, read_series
from models.db import store
from models.db.tables import CORE_DAY_VOLUME, CORE_EVENT, RAW_REJECT
from models.db.views import VIEWS

EVENTS_A_PAIR = 40
EVIDENCE_A_PAIR = 5
QUAD_NAMES = ("quad1", "quad2", "quad3", "quad4")
DEFAULT_KEY: Final[dict[str, Any]] = {
    "outcome": store.DEFAULT_OUTCOME,
    "horizon_days": store.DEFAULT_HORIZON_DAYS,
}


@dataclass(frozen=True)
class Reading:
    """What the report of one day is made of.

    Args:
        scores: all scores of the day, highest first, with changes and drivers.
        pairs: the highest of them, which are shown in detail.
        series: published probabilities of each pair, oldest first.
        events: the weightiest events of each pair in the time shown.
        weekly: counts of the four quad classes of each pair, by week before the day.
    """

    as_of_date: date
    day_count: int
    scores: list[Record]
    pairs: list[Record]
    movers: list[Record]
    series: dict[str, list[Record]]
    events: dict[str, list[Record]]
    evidence: dict[str, list[Record]]
    weekly: dict[str, list[list[int]]]
    volumes: list[Record] = field(default_factory=list)
    sources: list[Record] = field(default_factory=list)
    rejects: list[Record] = field(default_factory=list)
    track: list[Record] = field(default_factory=list)
    months: list[Record] = field(default_factory=list)
    classifier: Record | None = None
    level_counts: dict[str, int] = field(default_factory=dict)


def gather(engine: Engine, as_of_date: date, *, pair_count: int, day_count: int) -> Reading:
    """Return all that the report of a day shows.

    Raises:
        DataError: nothing was scored as of that day.
    """
    find_day(engine, as_of_date)
    rows = store.read_day(engine, as_of_date)
    shown = rows[:pair_count]
    dyads = [row["dyad"] for row in shown]
    first = as_of_date - timedelta(days=day_count)
    levels: dict[str, int] = {}
    for row in rows:
        levels[row["level"]] = levels.get(row["level"], 0) + 1
    return Reading(
        as_of_date=as_of_date,
        day_count=day_count,
        scores=rows,
        pairs=shown,
        movers=_movers(rows),
        series=read_series(engine, as_of_date, day_count, dyads),
        events=read_marks(engine, dyads, first, as_of_date),
        evidence=read_day_evidence(engine, dyads, as_of_date),
        weekly=read_weeks(engine, dyads, first, as_of_date),
        volumes=read_volumes(engine, first, as_of_date),
        sources=_view(engine, "source_health"),
        rejects=count_reasons(engine),
        track=_view(engine, "track_record", **DEFAULT_KEY),
        months=store.read_track_record(engine, **DEFAULT_KEY),
        classifier=store.read_champion(engine, store.DEFAULT_OUTCOME, store.DEFAULT_HORIZON_DAYS),
        level_counts=levels,
    )


def _movers(rows: list[Record], count: int = 10) -> list[Record]:
    moved = [row for row in rows if row["change_7d"]]
    return sorted(moved, key=lambda row: (-abs(row["change_7d"]), row["dyad"]))[:count]


def _view(engine: Engine, name: str, **equal: Any) -> list[Record]:
    table = VIEWS[name].table
    query = select(table).where(*[table.c[key] == value for key, value in equal.items()])
    with store.reading(engine) as conn:
        return [dict(row) for row in conn.execute(query).mappings()]


def read_day_evidence(
    engine: Engine, dyads: list[str], as_of_date: date
) -> dict[str, list[Record]]:
    """Return the sentences behind the day's default scores by pair, strongest first."""
    view = VIEWS["risk_evidence"].table.c
    query = (
        select(*view)
        .where(view.as_of_date == as_of_date, view.dyad.in_(dyads), view.rank <= EVIDENCE_A_PAIR)
        .where(view.outcome == store.DEFAULT_OUTCOME)
        .where(view.horizon_days == store.DEFAULT_HORIZON_DAYS)
        .order_by(view.dyad, view.rank)
    )
    return _grouped(engine, query)


def read_marks(
    engine: Engine, dyads: list[str], since: date, until: date
) -> dict[str, list[Record]]:
    """Return each pair's weightiest events that count as now, one a story, oldest first."""
    event = CORE_EVENT.c
    weight = func.abs(event.goldstein) * event.confidence
    once = func.row_number().over(
        partition_by=(event.dyad, event.story_id, event.plover_event, event.source_iso3),
        order_by=(desc(weight), event.event_id),
    )
    inner = (
        select(
            *[event[name] for name in _MARK_COLUMNS],
            weight.label("weight"),
            once.label("copy_rank"),
        )
        .where(event.day >= since, event.day < until, event.dyad.in_(dyads))
        .where(event.modality.in_(("asserted", "planned")))
        .subquery()
    )
    rank = func.row_number().over(
        partition_by=inner.c.dyad, order_by=(desc(inner.c.weight), inner.c.event_id)
    )
    ranked = select(inner, rank.label("weight_rank")).where(inner.c.copy_rank == 1).subquery()
    query = (
        select(ranked)
        .where(ranked.c.weight_rank <= EVENTS_A_PAIR)
        .order_by(ranked.c.dyad, ranked.c.day, ranked.c.event_id)
    )
    return _grouped(engine, query)


_MARK_COLUMNS = (
    "event_id",
    "dyad",
    "day",
    "source_iso3",
    "target_iso3",
    "plover_event",
    "quad_class",
    "sentence",
)


def read_weeks(
    engine: Engine, dyads: list[str], since: date, until: date
) -> dict[str, list[list[int]]]:
    """Return, by pair, rows of weeks before ``until`` and the four quad class counts.

    The streams portal and news are united by the larger count of a day.
    """
    view = VIEWS["pair_days"].table.c
    quads = [
        func.max(view[f"{name}_ab_count"] + view[f"{name}_ba_count"]).label(name)
        for name in QUAD_NAMES
    ]
    query = (
        select(view.dyad, view.day, *quads)
        .where(view.dyad.in_(dyads), view.day >= since, view.day < until)
        .group_by(view.dyad, view.day)
    )
    found: dict[str, dict[int, list[int]]] = {}
    with store.reading(engine) as conn:
        for dyad, day, *counts in conn.execute(query):
            week = ((until - day).days - 1) // 7
            sums = found.setdefault(dyad, {}).setdefault(week, [0, 0, 0, 0])
            for i, count in enumerate(counts):
                sums[i] += count
    return {
        dyad: [[week, *sums] for week, sums in sorted(weeks.items()) if any(sums)]
        for dyad, weeks in found.items()
    }


def read_volumes(engine: Engine, since: date, until: date) -> list[Record]:
    """Return the articles and events of each day, the larger of the two streams."""
    volume = CORE_DAY_VOLUME.c
    query = (
        select(
            volume.day,
            func.max(volume.article_count).label("article_count"),
            func.max(volume.event_count).label("event_count"),
        )
        .where(volume.day >= since, volume.day < until)
        .where(volume.corpus.in_(("portal", "news")))
        .group_by(volume.day)
        .order_by(volume.day)
    )
    with store.reading(engine) as conn:
        return [dict(row) for row in conn.execute(query).mappings()]


def count_reasons(engine: Engine) -> list[Record]:
    """Return how many items were refused and not accepted later, by reason."""
    reject = RAW_REJECT.c
    query = (
        select(reject.reason, func.count().label("reject_count"))
        .where(reject.is_resolved.is_(False))
        .group_by(reject.reason)
        .order_by(desc("reject_count"), reject.reason)
    )
    with store.reading(engine) as conn:
        return [dict(row) for row in conn.execute(query).mappings()]


def _grouped(engine: Engine, query: Any) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    with store.reading(engine) as conn:
        for row in conn.execute(query).mappings():
            found.setdefault(row["dyad"], []).append(dict(row))
    return found
