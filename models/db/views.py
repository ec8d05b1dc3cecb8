"""The views that people read: what their columns mean, and creating them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Float, Integer, MetaData, Table, Text
from sqlalchemy import inspect as inspect_database
from sqlalchemy.types import TypeEngine

from features.registry import DYAD_DAY_COLUMNS
from models.db.column_types import UtcDateTime
from models.db.tables import (
    CORE_DYAD_DAY,
    CORE_EVENT,
    META_VIEW,
    OUT_RISK_SCORE,
    OUT_SCORE_EVIDENCE,
    OUT_TRACK_RECORD,
    RAW_ARTICLE,
    RAW_SOURCE,
)
from models.db.view_sql import render_view

VIEW_METADATA: Final = MetaData()


@dataclass(frozen=True)
class View:
    """One view: its typed columns and what it answers.

    Args:
        table: columns with types and comments, for queries and the dictionary.
        question: what the view answers, in one sentence.
    """

    table: Table
    question: str

    @property
    def name(self) -> str:
        """Return the name of the view."""
        return self.table.name


def _own(name: str, kind: TypeEngine[Any], comment: str) -> Column[Any]:
    return Column(name, kind, comment=comment)


def _from(table: Table, *names: str) -> list[Column[Any]]:
    return [
        Column(name, table.columns[name].type, comment=table.columns[name].comment)
        for name in names
    ]


def _score_columns() -> list[Column[Any]]:
    return [
        *_from(OUT_RISK_SCORE, "dyad", "country_a_iso3", "country_b_iso3", "as_of_date"),
        *_from(OUT_RISK_SCORE, "outcome", "horizon_days", "prob", "prob_low", "prob_high"),
        *_from(OUT_RISK_SCORE, "level"),
        _own("change_1d", Float(), "prob less that of the day before; NULL without one"),
        _own("change_7d", Float(), "prob less that of seven days before; NULL without one"),
        _own("level_1d_ago", Text(), "level of the day before"),
        _own("level_7d_ago", Text(), "level of seven days before"),
        _own("top_driver", Text(), "strongest driver in plain words"),
        *_from(OUT_RISK_SCORE, "tension", "coverage", "classifier_version"),
    ]


def _view(name: str, question: str, *columns: Column[Any]) -> View:
    return View(Table(name, VIEW_METADATA, *columns, comment=question), question)


_STATUS: Final = "champion or retired: standing of the classifier today"

_LIST: Final = (
    _view(
        "latest_risk",
        "What is the risk of each pair now? The newest score of the champion classifier;"
        " force within 30 days comes first.",
        *_score_columns(),
        *_from(OUT_RISK_SCORE, "drivers", "run_id", "scored_at"),
    ),
    _view(
        "risk_history",
        "How did the risk of a pair develop? One published score a day, newest first.",
        *_score_columns(),
        _own("classifier_status", Text(), _STATUS),
        *_from(OUT_RISK_SCORE, "drivers", "run_id", "scored_at"),
    ),
    _view(
        "risk_movers",
        "Which pairs moved most? The newest scores, largest change in a week first.",
        *_score_columns(),
    ),
    _view(
        "risk_evidence",
        "Which sentences stand behind a score? Strongest first.",
        *_from(OUT_SCORE_EVIDENCE, "dyad", "as_of_date", "outcome", "horizon_days", "rank"),
        *_from(OUT_SCORE_EVIDENCE, "sentence", "outlet", "url", "published_at", "weight"),
        *_from(CORE_EVENT, "source_iso3", "target_iso3", "plover_event", "modality"),
        *_from(OUT_RISK_SCORE, "prob", "level"),
        *_from(OUT_SCORE_EVIDENCE, "event_id", "classifier_version"),
    ),
    _view(
        "source_health",
        "Which sources are stale or failing?",
        *_from(RAW_SOURCE, "source_id", "outlet", "kind", "country_iso3", "language", "url"),
        *_from(RAW_SOURCE, "article_count", "reject_count", "failure_count"),
        *_from(RAW_SOURCE, "latency_seconds", "last_success_at", "last_article_at"),
        *_from(RAW_SOURCE, "typical_gap_hours"),
        _own("article_age_hours", Float(), "hours since the newest publication time"),
        *_from(RAW_SOURCE, "last_error"),
        _own("state", Text(), "ok, shaky, stale, failing or never read"),
    ),
    _view(
        "track_record",
        "How right were the scores, month by month?",
        *_from(OUT_TRACK_RECORD, "month", "outcome", "horizon_days", "classifier_version"),
        _own("classifier_status", Text(), _STATUS),
        *_from(OUT_TRACK_RECORD, "pair_count", "score_count", "happened_count", "prob_mean"),
        *_from(OUT_TRACK_RECORD, "happened_share", "brier", "brier_climatology"),
        _own("brier_skill", Float(), "1 - brier / brier_climatology; above 0 beats it"),
        *_from(OUT_TRACK_RECORD, "calibration_error", "calibration_slope", "alarm_level"),
        *_from(OUT_TRACK_RECORD, "hit_count", "miss_count", "false_alarm_count"),
        *_from(OUT_TRACK_RECORD, "correct_quiet_count"),
        _own("hit_share", Float(), "share of outcomes that had an alarm, 0 to 1"),
        _own("precision_share", Float(), "share of alarms that came true, 0 to 1"),
    ),
    _view(
        "event_list",
        "What happened between two countries, and who says so? Newest first.",
        *_from(CORE_EVENT, "day", "dyad", "source_iso3", "target_iso3", "plover_event"),
        *_from(CORE_EVENT, "quad_class", "goldstein", "families", "modality", "confidence"),
        *_from(CORE_EVENT, "source_actor", "target_actor", "trigger", "sentence"),
        *_from(RAW_ARTICLE, "outlet", "title", "url"),
        *_from(CORE_EVENT, "published_at", "event_date", "story_id", "article_id", "event_id"),
        *_from(CORE_EVENT, "corpus", "extractor_version"),
    ),
    _view(
        "story_list",
        "Which stories ran in how many outlets? Newest first.",
        *_from(RAW_ARTICLE, "story_id", "title"),
        _own("article_count", Integer(), "articles that tell the story"),
        _own("outlet_count", Integer(), "outlets among them"),
        _own("first_published_at", UtcDateTime(), "first publication, UTC"),
        _own("last_published_at", UtcDateTime(), "last publication, UTC"),
    ),
    _view(
        "pair_days",
        "What was counted for a pair on a day? Streams portal and news united by maximum.",
        *_from(CORE_DYAD_DAY, "dyad", "day", "extractor_version"),
        *_from(CORE_DYAD_DAY, *[n for n in DYAD_DAY_COLUMNS if not n.startswith("goldstein_sum")]),
    ),
)
VIEWS: Final = {view.name: view for view in _LIST}


def view_digest(name: str, dialect: str) -> str:
    """Return the hash of a view's text on one database."""
    return hashlib.sha256(render_view(name, dialect).encode()).hexdigest()


def drop_views(conn: Connection) -> None:
    """Drop every view of ours that exists, also one that no longer is in the code."""
    inspector = inspect_database(conn)
    stored = inspector.get_view_names()
    known = set(VIEWS)
    if META_VIEW.name in inspector.get_table_names():
        known |= set(conn.execute(META_VIEW.select().with_only_columns(META_VIEW.c[0])).scalars())
        conn.execute(META_VIEW.delete())
    for name in stored:
        if name in known:
            conn.exec_driver_sql(f"DROP VIEW {name}")


def create_views(conn: Connection) -> None:
    """Create all views, with their comments where the database keeps them."""
    dialect = conn.dialect.name
    for name, view in VIEWS.items():
        conn.exec_driver_sql(f"CREATE VIEW {name} AS {render_view(name, dialect)}")
        if dialect == "postgresql":
            _comment(conn, view)
    rows = [{"view_name": name, "digest": view_digest(name, dialect)} for name in VIEWS]
    conn.execute(META_VIEW.insert(), rows)


def _comment(conn: Connection, view: View) -> None:
    def quote(text: str | None) -> str:
        return "'" + (text or "").replace("'", "''").replace("%", "%%") + "'"

    conn.exec_driver_sql(f"COMMENT ON VIEW {view.name} IS {quote(view.question)}")
    for column in view.table.columns:
        conn.exec_driver_sql(
            f"COMMENT ON COLUMN {view.name}.{column.name} IS {quote(column.comment)}"
        )


def stale_views(conn: Connection) -> list[str]:
    """Return the views whose stored text is missing or differs from the code."""
    inspector = inspect_database(conn)
    if META_VIEW.name not in inspector.get_table_names():
        return sorted(VIEWS)
    stored = {row.view_name: row.digest for row in conn.execute(META_VIEW.select())}
    present = set(inspector.get_view_names())
    wanted = {name: view_digest(name, conn.dialect.name) for name in VIEWS}
    names = set(wanted) | set(stored)
    return sorted(n for n in names if wanted.get(n) != stored.get(n) or n not in present)
