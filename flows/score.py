"""DyadDays in the store -> risk scores with drivers and evidence in the store."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from features.evidence import EvidenceParams, rank_evidence
from features.matrix import day_numbers
from features.tension import pair_tensions
from features.windows import History, compute_features
from flows.drift import drift_rows
from flows.stream import read_stream
from models.db import store
from models.db.session import writing
from models.risk.artifact import RiskClassifier

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ScoreReport:
    """What one scoring did: pairs scored and rows of all outcomes and horizons."""

    as_of_date: date
    pair_count: int
    score_count: int
    coverage: float


def score_days(
    engine: Engine,
    as_of_dates: Sequence[date],
    version: str,
    classifiers: Sequence[RiskClassifier],
    run_id: str,
) -> list[ScoreReport]:
    """Score every active pair as of each day and store scores with evidence.

    The stream is read once; each day sees only what was published before it.

    Args:
        engine: the store.
        as_of_dates: only news published before 00:00 UTC of a day counts for it.
        version: extractor version of the user's own news.
        classifiers: the champions, one for each outcome and horizon.
        run_id: the run that writes.
    """
    if not as_of_dates:
        return []
    days, volumes = read_stream(engine, max(as_of_dates), version)
    stream = Stream(days, volumes, History(days, volumes, classifiers[0].reference_volume))
    events = _recent_events(engine, min(as_of_dates), max(as_of_dates), version)
    return [
        _score_day(engine, day, stream, events, classifiers, run_id) for day in sorted(as_of_dates)
    ]


@dataclass(frozen=True)
class Stream:
    """DyadDays and volumes up to the last day to score, and their index."""

    days: pd.DataFrame
    volumes: pd.DataFrame
    history: History


def _score_day(
    engine: Engine,
    as_of_date: date,
    stream: Stream,
    events: Sequence[Mapping[str, Any]],
    classifiers: Sequence[RiskClassifier],
    run_id: str,
) -> ScoreReport:
    ids, moments = stream.history.active_rows(day_numbers([as_of_date]))
    matrix = compute_features(stream.history, stream.history.dyads, ids, moments)
    tensions = pair_tensions(stream.days, as_of_date)
    coverage = coverage_of(stream.volumes, as_of_date)
    rows = [
        row | {"tension": tensions.get(row["dyad"], 0.0), "coverage": coverage}
        for classifier in classifiers
        for row in _score_rows(classifier, matrix, as_of_date)
    ]
    evidence = rank_evidence(events, as_of_date)
    with writing(engine) as conn:
        store.upsert_scores(conn, rows, run_id)
        store.replace_evidence(conn, rows, list(_evidence_rows(rows, evidence)), run_id)
        store.upsert_drift(conn, drift_rows(classifiers, matrix, as_of_date), run_id)
    log.info("score: %d pairs as of %s", len(matrix), as_of_date)
    return ScoreReport(as_of_date, len(matrix), len(rows), coverage)


def _score_rows(
    classifier: RiskClassifier, matrix: Any, as_of_date: date
) -> Iterator[dict[str, Any]]:
    for scored in classifier.score(matrix):
        a, b = scored.dyad.split("-")
        yield {
            "dyad": scored.dyad,
            "outcome": classifier.outcome,
            "horizon_days": classifier.horizon_days,
            "as_of_date": as_of_date,
            "classifier_version": classifier.version,
            "country_a_iso3": a,
            "country_b_iso3": b,
            "prob": scored.prob,
            "prob_low": scored.prob_low,
            "prob_high": scored.prob_high,
            "level": scored.level,
            "drivers": [dict(driver) for driver in scored.drivers],
        }


def coverage_of(volumes: pd.DataFrame, as_of_date: date, window_days: int = 30) -> float:
    """Return the share of the past ``window_days`` days with any news, 0..1."""
    if volumes.empty:
        return 0.0
    first = as_of_date - timedelta(days=window_days)
    seen = pd.to_datetime(volumes["day"]).dt.date
    covered = volumes[(seen >= first) & (seen < as_of_date) & (volumes["article_count"] > 0)]
    return round(len(covered) / window_days, 4)


def _recent_events(
    engine: Engine, first: date, last: date, version: str
) -> list[Mapping[str, Any]]:
    """Return the events that may be evidence for scores from ``first`` to ``last``."""
    since = first - timedelta(days=EvidenceParams().days)
    events = store.read_events(engine, extractor_version=version, since=since, until=last)
    places = {
        row["article_id"]: {"outlet": row["outlet"], "url": row["url"]}
        for row in store.read_articles(engine, {event["article_id"] for event in events})
    }
    return [{**event, **places[event["article_id"]]} for event in events]


def _evidence(event: Mapping[str, Any], weight: float, rank: int) -> dict[str, Any]:
    return {
        "rank": rank,
        "event_id": event["event_id"],
        "sentence": event["sentence"],
        "outlet": event["outlet"],
        "url": event["url"],
        "published_at": event["published_at"],
        "weight": weight,
    }


def _evidence_rows(
    rows: Sequence[Mapping[str, Any]],
    evidence: Mapping[str, Sequence[tuple[float, Mapping[str, Any]]]],
) -> Iterator[dict[str, Any]]:
    key = ("dyad", "outcome", "horizon_days", "as_of_date", "classifier_version")
    for row in rows:
        for rank, (weight, event) in enumerate(evidence.get(row["dyad"], ()), start=1):
            yield {name: row[name] for name in key} | _evidence(event, weight, rank)
