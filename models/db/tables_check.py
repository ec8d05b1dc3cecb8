"""What keeps the scores honest: outcomes, track record, registry, drift, alerts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, Float, Index, Integer, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db.base import Base, Written, stamp_column
from models.db.column_types import JsonText, UtcDateTime
from models.db.tables_out import ScoreKey, score_reference


class OutScoreOutcome(ScoreKey, Written, Base):
    """What happened after a score, once its horizon has passed."""

    __tablename__ = "out_score_outcome"
    __table_args__ = (
        score_reference(),
        CheckConstraint("event_count >= 0", name="event_count"),
        {"comment": "what happened within the horizon of a score"},
    )

    happened: Mapped[bool] = mapped_column(Boolean, comment="the outcome came true")
    event_count: Mapped[int] = mapped_column(Integer, comment="events that made it true")
    verified_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class OutTrackRecord(Written, Base):
    """How right the published scores of one month were."""

    __tablename__ = "out_track_record"
    __table_args__ = (
        CheckConstraint("brier BETWEEN 0 AND 1", name="brier"),
        {"comment": "how right the scores of a month were"},
    )

    classifier_version: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="classifier that made the scores"
    )
    outcome: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="what is predicted: force or escalation"
    )
    horizon_days: Mapped[int] = mapped_column(
        Integer, primary_key=True, comment="days ahead that the scores cover"
    )
    month: Mapped[date] = mapped_column(
        Date, primary_key=True, comment="first day of the month of the as_of_dates"
    )
    pair_count: Mapped[int] = mapped_column(Integer, comment="pairs that were scored")
    score_count: Mapped[int] = mapped_column(Integer, comment="scores that were verified")
    happened_count: Mapped[int] = mapped_column(Integer, comment="scores whose outcome came true")
    prob_mean: Mapped[float | None] = mapped_column(Float, comment="mean forecast, 0 to 1")
    happened_share: Mapped[float | None] = mapped_column(
        Float, comment="share of scores whose outcome came true, 0 to 1"
    )
    brier: Mapped[float | None] = mapped_column(
        Float, comment="mean squared error of the probability, 0 is perfect"
    )
    brier_climatology: Mapped[float | None] = mapped_column(
        Float, comment="the same for the constant base rate"
    )
    calibration_error: Mapped[float | None] = mapped_column(
        Float, comment="mean distance of forecast and observed share over bins, 0 to 1"
    )
    calibration_slope: Mapped[float | None] = mapped_column(
        Float, comment="slope of the outcome on the forecast's log-odds, 1 is ideal"
    )
    calibration_bins: Mapped[Any | None] = mapped_column(
        JsonText, comment="JSON list of {prob_mean, happened_share, score_count}"
    )
    alarm_level: Mapped[str | None] = mapped_column(
        Text, comment="level from which a score counts as an alarm"
    )
    hit_count: Mapped[int] = mapped_column(
        Integer, server_default="0", comment="alarms that came true"
    )
    miss_count: Mapped[int] = mapped_column(
        Integer, server_default="0", comment="outcomes without an alarm"
    )
    false_alarm_count: Mapped[int] = mapped_column(
        Integer, server_default="0", comment="alarms that did not come true"
    )
    correct_quiet_count: Mapped[int] = mapped_column(
        Integer, server_default="0", comment="no alarm and no outcome"
    )
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class OutClassifier(Written, Base):
    """A trained classifier and whether it is in use."""

    __tablename__ = "out_classifier"
    __table_args__ = (
        CheckConstraint("status IN ('champion', 'challenger', 'retired')", name="status"),
        CheckConstraint("horizon_days > 0", name="horizon_days"),
        Index(
            "uq_out_classifier_champion",
            "outcome",
            "horizon_days",
            unique=True,
            sqlite_where=text("status = 'champion'"),
            postgresql_where=text("status = 'champion'"),
        ),
        {"comment": "registry of classifiers; at most one champion per outcome and horizon"},
    )

    classifier_version: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="version of the classifier"
    )
    outcome: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="what is predicted: force or escalation"
    )
    horizon_days: Mapped[int] = mapped_column(
        Integer, primary_key=True, comment="days ahead that it predicts"
    )
    kind: Mapped[str] = mapped_column(Text, comment="estimator, such as logistic")
    status: Mapped[str] = mapped_column(Text, comment="champion, challenger or retired")
    trained_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when fitted, UTC")
    data_digest: Mapped[str | None] = mapped_column(Text, comment="hash of the training rows")
    code_version: Mapped[str | None] = mapped_column(Text, comment="code that trained it")
    params: Mapped[Any | None] = mapped_column(JsonText, comment="JSON of its parameters")
    figures: Mapped[Any | None] = mapped_column(JsonText, comment="JSON of its accuracy figures")
    artifact_path: Mapped[str | None] = mapped_column(Text, comment="file of the artifact")
    artifact_sha256: Mapped[str | None] = mapped_column(Text, comment="hash of that file")
    registered_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class OutDrift(Written, Base):
    """How far a feature column has moved from the training data."""

    __tablename__ = "out_drift"
    __table_args__ = ({"comment": "distance of today's features from the training data"},)

    as_of_date: Mapped[date] = mapped_column(Date, primary_key=True, comment="day checked")
    classifier_version: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="classifier whose training data is compared"
    )
    column_name: Mapped[str] = mapped_column(Text, primary_key=True, comment="feature column")
    psi: Mapped[float] = mapped_column(Float, comment="population stability index, 0 is none")
    level: Mapped[str] = mapped_column(Text, comment="stable, shifted or drifted")
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class OutAlert(Written, Base):
    """An alert that fired: once per rule, subject and day."""

    __tablename__ = "out_alert"
    __table_args__ = (
        Index(None, "day"),
        {"comment": "alerts that fired, once per rule, subject and day"},
    )

    rule: Mapped[str] = mapped_column(Text, primary_key=True, comment="name of the rule")
    subject: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="pair, source or run that the alert is about"
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True, comment="as_of_date it fired for")
    kind: Mapped[str] = mapped_column(Text, comment="level, jump, stale, late or failed")
    message: Mapped[str] = mapped_column(Text, comment="the sentence that a person reads")
    outcome: Mapped[str | None] = mapped_column(Text, comment="outcome of the score, if any")
    horizon_days: Mapped[int | None] = mapped_column(Integer, comment="horizon of the score, days")
    prob: Mapped[float | None] = mapped_column(Float, comment="probability of the score, 0 to 1")
    change: Mapped[float | None] = mapped_column(Float, comment="change that fired it, in prob")
    level: Mapped[str | None] = mapped_column(Text, comment="level of the score")
    is_delivered: Mapped[bool] = mapped_column(
        Boolean, server_default=false(), comment="at least one channel took it"
    )
    channels: Mapped[str | None] = mapped_column(
        Text, comment="channels that took it, joined by commas"
    )
    delivered_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when it was delivered, UTC", info={"volatile": True}
    )
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class MetaView(Base):
    """Which text each view was created from, so that an upgrade sees a changed one."""

    __tablename__ = "meta_view"
    __table_args__ = ({"comment": "views as they were created"},)

    view_name: Mapped[str] = mapped_column(Text, primary_key=True, comment="name of the view")
    digest: Mapped[str] = mapped_column(Text, comment="hash of the text it was created from")
