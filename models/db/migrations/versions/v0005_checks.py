"""Create the tables of outcomes, registry, drift and alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "out_score_outcome",
        sa.Column("dyad", sa.Text(), nullable=False, comment="pair in alphabetical order, COL-USA"),
        sa.Column(
            "outcome", sa.Text(), nullable=False, comment="what is predicted: force or escalation"
        ),
        sa.Column(
            "horizon_days", sa.Integer(), nullable=False, comment="days ahead that the score covers"
        ),
        sa.Column(
            "as_of_date",
            sa.Date(),
            nullable=False,
            comment="only news published before 00:00 UTC of this day was used",
        ),
        sa.Column(
            "classifier_version",
            sa.Text(),
            nullable=False,
            comment="classifier that made the score",
        ),
        sa.Column("happened", sa.Boolean(), nullable=False, comment="the outcome came true"),
        sa.Column("event_count", sa.Integer(), nullable=False, comment="events that made it true"),
        sa.Column(
            "run_id",
            sa.Text(),
            nullable=False,
            comment="id of the run that wrote or last changed the row",
        ),
        sa.Column(
            "verified_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the row was written, UTC",
        ),
        sa.CheckConstraint("event_count >= 0", name=op.f("ck_out_score_outcome_event_count")),
        sa.ForeignKeyConstraint(
            ["dyad", "outcome", "horizon_days", "as_of_date", "classifier_version"],
            [
                "out_risk_score.dyad",
                "out_risk_score.outcome",
                "out_risk_score.horizon_days",
                "out_risk_score.as_of_date",
                "out_risk_score.classifier_version",
            ],
            name=op.f("fk_out_score_outcome_out_risk_score"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "dyad",
            "outcome",
            "horizon_days",
            "as_of_date",
            "classifier_version",
            name=op.f("pk_out_score_outcome"),
        ),
        comment="what happened within the horizon of a score",
    )
    op.create_table(
        "out_track_record",
        sa.Column(
            "classifier_version",
            sa.Text(),
            nullable=False,
            comment="classifier that made the scores",
        ),
        sa.Column(
            "outcome", sa.Text(), nullable=False, comment="what is predicted: force or escalation"
        ),
        sa.Column(
            "horizon_days", sa.Integer(), nullable=False, comment="days ahead that the scores cover"
        ),
        sa.Column(
            "month", sa.Date(), nullable=False, comment="first day of the month of the as_of_dates"
        ),
        sa.Column("pair_count", sa.Integer(), nullable=False, comment="pairs that were scored"),
        sa.Column("score_count", sa.Integer(), nullable=False, comment="scores that were verified"),
        sa.Column(
            "happened_count", sa.Integer(), nullable=False, comment="scores whose outcome came true"
        ),
        sa.Column("prob_mean", sa.Float(), nullable=True, comment="mean forecast, 0 to 1"),
        sa.Column(
            "happened_share",
            sa.Float(),
            nullable=True,
            comment="share of scores whose outcome came true, 0 to 1",
        ),
        sa.Column(
            "brier",
            sa.Float(),
            nullable=True,
            comment="mean squared error of the probability, 0 is perfect",
        ),
        sa.Column(
            "brier_climatology",
            sa.Float(),
            nullable=True,
            comment="the same for the constant base rate",
        ),
        sa.Column(
            "calibration_error",
            sa.Float(),
            nullable=True,
            comment="mean distance of forecast and observed share over bins, 0 to 1",
        ),
        sa.Column(
            "calibration_slope",
            sa.Float(),
            nullable=True,
            comment="slope of the outcome on the forecast's log-odds, 1 is ideal",
        ),
        sa.Column(
            "calibration_bins",
            sa.Text(),
            nullable=True,
            comment="JSON list of {prob_mean, happened_share, score_count}",
        ),
        sa.Column(
            "alarm_level",
            sa.Text(),
            nullable=True,
            comment="level from which a score counts as an alarm",
        ),
        sa.Column(
            "hit_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="alarms that came true",
        ),
        sa.Column(
            "miss_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="outcomes without an alarm",
        ),
        sa.Column(
            "false_alarm_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="alarms that did not come true",
        ),
        sa.Column(
            "correct_quiet_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="no alarm and no outcome",
        ),
        sa.Column(
            "run_id",
            sa.Text(),
            nullable=False,
            comment="id of the run that wrote or last changed the row",
        ),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the row was written, UTC",
        ),
        sa.CheckConstraint("brier BETWEEN 0 AND 1", name=op.f("ck_out_track_record_brier")),
        sa.PrimaryKeyConstraint(
            "classifier_version",
            "outcome",
            "horizon_days",
            "month",
            name=op.f("pk_out_track_record"),
        ),
        comment="how right the scores of a month were",
    )
    op.create_table(
        "out_classifier",
        sa.Column(
            "classifier_version", sa.Text(), nullable=False, comment="version of the classifier"
        ),
        sa.Column(
            "outcome", sa.Text(), nullable=False, comment="what is predicted: force or escalation"
        ),
        sa.Column(
            "horizon_days", sa.Integer(), nullable=False, comment="days ahead that it predicts"
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="estimator, such as logistic"),
        sa.Column("status", sa.Text(), nullable=False, comment="champion, challenger or retired"),
        sa.Column(
            "trained_at", sa.DateTime(timezone=True), nullable=True, comment="when fitted, UTC"
        ),
        sa.Column("data_digest", sa.Text(), nullable=True, comment="hash of the training rows"),
        sa.Column("code_version", sa.Text(), nullable=True, comment="code that trained it"),
        sa.Column("params", sa.Text(), nullable=True, comment="JSON of its parameters"),
        sa.Column("figures", sa.Text(), nullable=True, comment="JSON of its accuracy figures"),
        sa.Column("artifact_path", sa.Text(), nullable=True, comment="file of the artifact"),
        sa.Column("artifact_sha256", sa.Text(), nullable=True, comment="hash of that file"),
        sa.Column(
            "run_id",
            sa.Text(),
            nullable=False,
            comment="id of the run that wrote or last changed the row",
        ),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the row was written, UTC",
        ),
        sa.CheckConstraint(
            "status IN ('champion', 'challenger', 'retired')", name=op.f("ck_out_classifier_status")
        ),
        sa.CheckConstraint("horizon_days > 0", name=op.f("ck_out_classifier_horizon_days")),
        sa.PrimaryKeyConstraint(
            "classifier_version", "outcome", "horizon_days", name=op.f("pk_out_classifier")
        ),
        comment="registry of classifiers; at most one champion per outcome and horizon",
    )
    op.create_index(
        "uq_out_classifier_champion",
        "out_classifier",
        ["outcome", "horizon_days"],
        unique=True,
        sqlite_where=sa.text("status = 'champion'"),
        postgresql_where=sa.text("status = 'champion'"),
    )
    op.create_table(
        "out_drift",
        sa.Column("as_of_date", sa.Date(), nullable=False, comment="day checked"),
        sa.Column(
            "classifier_version",
            sa.Text(),
            nullable=False,
            comment="classifier whose training data is compared",
        ),
        sa.Column("column_name", sa.Text(), nullable=False, comment="feature column"),
        sa.Column(
            "psi", sa.Float(), nullable=False, comment="population stability index, 0 is none"
        ),
        sa.Column("level", sa.Text(), nullable=False, comment="stable, shifted or drifted"),
        sa.Column(
            "run_id",
            sa.Text(),
            nullable=False,
            comment="id of the run that wrote or last changed the row",
        ),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the row was written, UTC",
        ),
        sa.PrimaryKeyConstraint(
            "as_of_date", "classifier_version", "column_name", name=op.f("pk_out_drift")
        ),
        comment="distance of today's features from the training data",
    )
    op.create_table(
        "out_alert",
        sa.Column("rule", sa.Text(), nullable=False, comment="name of the rule"),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="pair, source or run that the alert is about",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="as_of_date it fired for"),
        sa.Column("kind", sa.Text(), nullable=False, comment="level, jump, stale, late or failed"),
        sa.Column("message", sa.Text(), nullable=False, comment="the sentence that a person reads"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="outcome of the score, if any"),
        sa.Column(
            "horizon_days", sa.Integer(), nullable=True, comment="horizon of the score, days"
        ),
        sa.Column("prob", sa.Float(), nullable=True, comment="probability of the score, 0 to 1"),
        sa.Column("change", sa.Float(), nullable=True, comment="change that fired it, in prob"),
        sa.Column("level", sa.Text(), nullable=True, comment="level of the score"),
        sa.Column(
            "is_delivered",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="at least one channel took it",
        ),
        sa.Column(
            "channels", sa.Text(), nullable=True, comment="channels that took it, joined by commas"
        ),
        sa.Column(
            "delivered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was delivered, UTC",
        ),
        sa.Column(
            "run_id",
            sa.Text(),
            nullable=False,
            comment="id of the run that wrote or last changed the row",
        ),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the row was written, UTC",
        ),
        sa.PrimaryKeyConstraint("rule", "subject", "day", name=op.f("pk_out_alert")),
        comment="alerts that fired, once per rule, subject and day",
    )
    op.create_index(op.f("ix_out_alert_day"), "out_alert", ["day"], unique=False)
    op.create_table(
        "meta_view",
        sa.Column("view_name", sa.Text(), nullable=False, comment="name of the view"),
        sa.Column(
            "digest", sa.Text(), nullable=False, comment="hash of the text it was created from"
        ),
        sa.PrimaryKeyConstraint("view_name", name=op.f("pk_meta_view")),
        comment="views as they were created",
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("meta_view")
    op.drop_table("out_alert")
    op.drop_table("out_drift")
    op.drop_table("out_classifier")
    op.drop_table("out_track_record")
    op.drop_table("out_score_outcome")
