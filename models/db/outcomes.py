"""What happened after the scores, and the track record made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from models.db.query import Record, between, equal_to, fetch, select_all
from models.db.session import Bind
from models.db.tables import OUT_RISK_SCORE, OUT_SCORE_OUTCOME, OUT_TRACK_RECORD, SCORE_KEY
from models.db.upsert import upsert_rows


def upsert_score_outcomes(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many outcomes are new or changed; their scores must be stored."""
    return upsert_rows(bind, OUT_SCORE_OUTCOME, rows, run_id)


def upsert_track_record(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many monthly records are new or changed."""
    return upsert_rows(bind, OUT_TRACK_RECORD, rows, run_id)


def _key_match() -> Any:
    score, seen = OUT_RISK_SCORE.columns, OUT_SCORE_OUTCOME.columns
    return and_(*[score[name] == seen[name] for name in SCORE_KEY])


def read_scores_to_verify(
    bind: Bind, outcome: str, horizon_days: int, scored_before: date
) -> list[Record]:
    """Return keys and probabilities of scores without a stored outcome.

    Args:
        bind: engine or connection.
        outcome: what is predicted.
        horizon_days: days ahead.
        scored_before: only as_of_dates before this day; pass today minus the
            horizon, so that the whole horizon has been seen.
    """
    score, seen = OUT_RISK_SCORE.columns, OUT_SCORE_OUTCOME.columns
    query = (
        select(*[score[name] for name in SCORE_KEY], score.prob, score.level)
        .join_from(OUT_RISK_SCORE, OUT_SCORE_OUTCOME, _key_match(), isouter=True)
        .where(seen.dyad.is_(None), score.as_of_date < scored_before)
        .where(*equal_to(OUT_RISK_SCORE, outcome=outcome, horizon_days=horizon_days))
        .order_by(score.as_of_date, score.dyad, score.classifier_version)
    )
    return fetch(bind, query)


def read_verified_scores(
    bind: Bind,
    *,
    classifier_version: str | None = None,
    outcome: str | None = None,
    horizon_days: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Record]:
    """Return scores with what then happened: key, prob, level, happened, event_count."""
    score, seen = OUT_RISK_SCORE.columns, OUT_SCORE_OUTCOME.columns
    query = (
        select(
            *[score[name] for name in SCORE_KEY],
            score.prob,
            score.prob_low,
            score.prob_high,
            score.level,
            seen.happened,
            seen.event_count,
        )
        .join_from(OUT_RISK_SCORE, OUT_SCORE_OUTCOME, _key_match())
        .where(*between(score.as_of_date, since, until))
        .where(
            *equal_to(
                OUT_RISK_SCORE,
                classifier_version=classifier_version,
                outcome=outcome,
                horizon_days=horizon_days,
            )
        )
        .order_by(score.as_of_date, score.dyad, score.classifier_version)
    )
    return fetch(bind, query)


def read_track_record(
    bind: Bind,
    *,
    classifier_version: str | None = None,
    outcome: str | None = None,
    horizon_days: int | None = None,
) -> list[Record]:
    """Return monthly records as dicts, ordered by key."""
    conditions = equal_to(
        OUT_TRACK_RECORD,
        classifier_version=classifier_version,
        outcome=outcome,
        horizon_days=horizon_days,
    )
    return fetch(bind, select_all(OUT_TRACK_RECORD, conditions))
