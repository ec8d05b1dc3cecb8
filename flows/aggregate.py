"""Events in the store -> DyadDay rows in the store, whole days at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from features.aggregate import aggregate_day
from flows.stream import NEWS_CORPUS
from models.db import store
from models.db.session import writing

Row = Mapping[str, Any]

log = logging.getLogger(__name__)

_BATCH_DAYS = 31


def aggregate_days(engine: Engine, version: str, run_id: str) -> int:
    """Bring the DyadDays of every day whose news changed up to date; return their number.

    A day is rebuilt whole, so a run that was killed is healed by the next one.
    """
    days = store.stale_days(engine, version, NEWS_CORPUS)
    for begin in range(0, len(days), _BATCH_DAYS):
        batch = days[begin : begin + _BATCH_DAYS]
        _aggregate_batch(engine, batch, version, run_id)
    log.info("aggregate: %d days", len(days))
    return len(days)


def _aggregate_batch(engine: Engine, days: Sequence[date], version: str, run_id: str) -> None:
    since, until = days[0], days[-1] + timedelta(days=1)
    coded = store.read_story_countries(engine, version, since=since, until=until)
    events = store.read_events(
        engine, extractor_version=version, corpus=NEWS_CORPUS, since=since, until=until
    )
    stories = {row["article_id"]: row["story_id"] for row in coded}
    coded_by_day = _group(coded, lambda row: row["published_at"].date())
    # The story of an article may have changed after it was coded: the article's own counts.
    current = (
        {**e, "story_id": stories[e["article_id"]]} for e in events if e["article_id"] in stories
    )
    events_by_day = _group(current, lambda row: row["day"])
    rows: list[Row] = []
    volumes: list[Row] = []
    for day in days:
        common = {"day": day, "extractor_version": version, "corpus": NEWS_CORPUS}
        own, found = coded_by_day.get(day, []), events_by_day.get(day, [])
        counts = aggregate_day(found, _countries_by_story(own))
        rows.extend({"dyad": dyad, **common, **values} for dyad, values in counts.items())
        volumes.append(common | _volume(own, len(found)))
    with writing(engine) as conn:
        store.replace_dyad_days(conn, days, version, NEWS_CORPUS, rows, run_id)
        store.upsert_day_volumes(conn, volumes, run_id)


def _group(rows: Iterable[Row], key: Callable[[Row], date]) -> dict[date, list[Row]]:
    groups: dict[date, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _volume(coded: Sequence[Row], event_count: int) -> dict[str, int]:
    return {
        "article_count": len(coded),
        "story_count": len({row["story_id"] for row in coded}),
        "event_count": event_count,
    }


def _countries_by_story(rows: Iterable[Row]) -> dict[str, list[str]]:
    named: dict[str, set[str]] = {}
    for row in rows:
        named.setdefault(row["story_id"], set()).update(row["countries"])
    return {story: sorted(countries) for story, countries in named.items()}
