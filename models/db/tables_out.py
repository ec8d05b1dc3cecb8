"""What is published: scores, their evidence and the series that were ever scored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db.base import Base, Written, stamp_column
from models.db.column_types import JsonText, UtcDateTime

LEVELS: Final = ("LOW", "GUARDED", "ELEVATED", "HIGH", "SEVERE")
SCORE_KEY: Final = ("dyad", "outcome", "horizon_days", "as_of_date", "classifier_version")


class ScoreKey:
    """Mixin: the natural key of a score, in the order of its index."""

    dyad: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="pair in alphabetical order, COL-USA", sort_order=-50
    )
    outcome: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="what is predicted: force or escalation", sort_order=-49
    )
    horizon_days: Mapped[int] = mapped_column(
        Integer, primary_key=True, comment="days ahead that the score covers", sort_order=-48
    )
    as_of_date: Mapped[date] = mapped_column(
        Date,
        primary_key=True,
        comment="only news published before 00:00 UTC of this day was used",
        sort_order=-47,
    )
    classifier_version: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="classifier that made the score", sort_order=-46
    )


def score_reference() -> ForeignKeyConstraint:
    """Return a foreign key to the score that a row belongs to."""
    return ForeignKeyConstraint(
        SCORE_KEY, [f"out_risk_score.{name}" for name in SCORE_KEY], ondelete="CASCADE"
    )


class OutRiskSeries(Written, Base):
    """A pair that was ever scored: the short list that views start from."""

    __tablename__ = "out_risk_series"
    __table_args__ = ({"comment": "pairs, outcomes and horizons that were ever scored"},)

    dyad: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="pair in alphabetical order, COL-USA"
    )
    outcome: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="what is predicted: force or escalation"
    )
    horizon_days: Mapped[int] = mapped_column(
        Integer, primary_key=True, comment="days ahead that the score covers"
    )
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class OutRiskScore(ScoreKey, Written, Base):
    """The risk of one pair on one day."""

    __tablename__ = "out_risk_score"
    __table_args__ = (
        Index(
            "ix_out_risk_score_day",
            "as_of_date",
            "outcome",
            "horizon_days",
            "classifier_version",
        ),
        CheckConstraint("prob BETWEEN 0 AND 1", name="prob"),
        CheckConstraint("prob_low >= 0 AND prob_low <= prob_high AND prob_high <= 1", name="range"),
        CheckConstraint("tension BETWEEN -10 AND 10", name="tension"),
        CheckConstraint("coverage BETWEEN 0 AND 1", name="coverage"),
        CheckConstraint("horizon_days > 0", name="horizon_days"),
        CheckConstraint("country_a_iso3 < country_b_iso3", name="pair_order"),
        CheckConstraint("level IN ('LOW', 'GUARDED', 'ELEVATED', 'HIGH', 'SEVERE')", name="level"),
        {"comment": "the calibrated risk of a pair on a day"},
    )

    country_a_iso3: Mapped[str] = mapped_column(Text, comment="first country, alphabetically")
    country_b_iso3: Mapped[str] = mapped_column(Text, comment="second country")
    prob: Mapped[float] = mapped_column(
        Float, comment="probability of the outcome within the horizon, 0 to 1"
    )
    prob_low: Mapped[float] = mapped_column(Float, comment="lower end of the interval, 0 to 1")
    prob_high: Mapped[float] = mapped_column(Float, comment="upper end of the interval, 0 to 1")
    level: Mapped[str] = mapped_column(Text, comment="LOW, GUARDED, ELEVATED, HIGH or SEVERE")
    tension: Mapped[float] = mapped_column(
        Float, comment="descriptive index of recent events, -10 (conflict) to +10 (cooperation)"
    )
    coverage: Mapped[float] = mapped_column(
        Float, comment="how well the news covers the pair, 0 (blind) to 1"
    )
    drivers: Mapped[Any] = mapped_column(
        JsonText,
        comment="JSON list of {feature, value, contribution, words}, strongest first",
        sort_order=1000,
    )
    scored_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class OutScoreEvidence(ScoreKey, Written, Base):
    """A sentence behind a score."""

    __tablename__ = "out_score_evidence"
    __table_args__ = (
        score_reference(),
        CheckConstraint("rank >= 1", name="rank"),
        {"comment": "the sentences behind a score, strongest first"},
    )

    rank: Mapped[int] = mapped_column(
        Integer, primary_key=True, comment="1 is the strongest", sort_order=-40
    )
    event_id: Mapped[str | None] = mapped_column(Text, comment="core_event row")
    sentence: Mapped[str] = mapped_column(Text, comment="the sentence itself")
    outlet: Mapped[str | None] = mapped_column(Text, comment="publisher")
    url: Mapped[str | None] = mapped_column(Text, comment="where to read it")
    published_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="publication time, UTC"
    )
    weight: Mapped[float] = mapped_column(Float, comment="how much it counts, larger is more")
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")
