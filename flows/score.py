"""DyadDays in the store -> risk scores with drivers and evidence in the store."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from features.tension import pair_tensions
from models.risk.artifact import RiskClassifier
from sqlalchemy import Engine

from features.windows import build_features
from flows.stream import read_stream
from models.db import store
from models.db.session import writing

log = logging.getLogger(__name__)

EVIDENCE_DAYS = 90
EVIDENCE_COUNT = 5
EVIDENCE_HALF_LIFE_DAYS = 14.0


@dataclass(frozen=True)
class ScoreReport:
    """What one scoring did: pairs scored and rows of all outcomes and horizons."""

    as_of_date: date
    pair_count: int
    score_count: int
    coverage: float


def score_day(
    engine: Engine,
    as_of_date: date,
    version: str,
    classifiers: Sequence[RiskClassifier],
    run_id: str,
) -> ScoreReport:
    """Score every active pair as of one day and store scores with evidence.

    Args:
        engine: the store.
        as_of_date: only news published before 00:00 UTC of this day counts.
        version: extractor version of the user's own news.
        classifiers: the champions, one for each outcome and horizon.
        run_id: the run that writes.
    """
    days, volumes = read_stream(engine, as_of_date, version)
    matrix = build_features(days, volumes, as_of_date)
    tensions = pair_tensions(days, as_of_date)
    coverage = coverage_of(volumes, as_of_date)
    rows = [
        row | {"tension": tensions.get(row["dyad"], 0.0), "coverage": coverage}
        for classifier in classifiers
        for row in _score_rows(classifier, matrix, as_of_date)
    ]
    evidence = evidence_by_dyad(_recent_events(engine, as_of_date, version), as_of_date)
    with writing(engine) as conn:
        store.upsert_scores(conn, rows, run_id)
        store.replace_evidence(conn, rows, list(_evidence_rows(rows, evidence)), run_id)
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


def _recent_events(engine: Engine, as_of_date: date, version: str) -> list[Mapping[str, Any]]:
    first = as_of_date - timedelta(days=EVIDENCE_DAYS)
    span = {"since": first, "until": as_of_date}
    events = store.read_events(engine, extractor_version=version, **span)
    places = {
        row["article_id"]: {"outlet": row["outlet"], "url": row["url"]}
        for row in store.read_articles(engine, {event["article_id"] for event in events})
    }
    return [{**event, **places[event["article_id"]]} for event in events]


def evidence_weight(event: Mapping[str, Any], as_of_date: date) -> float:
    """Return how much an event speaks for a pair's score: weight of the act, halved by age."""
    age = (as_of_date - event["day"]).days
    current = 1.0 if event["modality"] in ("asserted", "planned") else 0.25
    strength = abs(event["goldstein"]) * event["confidence"] * current
    return round(strength * 0.5 ** (age / EVIDENCE_HALF_LIFE_DAYS), 4)


def evidence_by_dyad(
    events: Sequence[Mapping[str, Any]], as_of_date: date
) -> dict[str, list[dict[str, Any]]]:
    """Return each pair's strongest sentences, one an (article story, event) and sentence."""
    ranked = sorted(
        ((evidence_weight(event, as_of_date), event) for event in events),
        key=lambda pair: (-pair[0], pair[1]["published_at"], pair[1]["event_id"]),
    )
    found: dict[str, list[dict[str, Any]]] = {}
    seen: set[tuple[str, str]] = set()
    for weight, event in ranked:
        rows = found.setdefault(event["dyad"], [])
        key = (event["dyad"], event["sentence"])
        if len(rows) < EVIDENCE_COUNT and key not in seen:
            seen.add(key)
            rows.append(_evidence(event, weight, len(rows) + 1))
    return found


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
    rows: Sequence[Mapping[str, Any]], evidence: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    key = ("dyad", "outcome", "horizon_days", "as_of_date", "classifier_version")
    for row in rows:
        for item in evidence.get(row["dyad"], ()):
            yield {name: row[name] for name in key} | dict(item)
