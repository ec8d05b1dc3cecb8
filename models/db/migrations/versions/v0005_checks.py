"""Create the tables of outcomes and track record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None

_OUT_SCORE_OUTCOME: tuple[SchemaItem, ...] = (
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
        "classifier_version", sa.Text(), nullable=False, comment="classifier that made the score"
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
    sa.CheckConstraint("event_count >= 0", name=conv("ck_out_score_outcome_event_count")),
    sa.ForeignKeyConstraint(
        ["dyad", "outcome", "horizon_days", "as_of_date", "classifier_version"],
        [
            "out_risk_score.dyad",
            "out_risk_score.outcome",
            "out_risk_score.horizon_days",
            "out_risk_score.as_of_date",
            "out_risk_score.classifier_version",
        ],
        name=conv("fk_out_score_outcome_out_risk_score"),
        ondelete="CASCADE",
    ),
    sa.PrimaryKeyConstraint(
        "dyad",
        "outcome",
        "horizon_days",
        "as_of_date",
        "classifier_version",
        name=conv("pk_out_score_outcome"),
    ),
)
_OUT_TRACK_RECORD: tuple[SchemaItem, ...] = (
    sa.Column(
        "classifier_version", sa.Text(), nullable=False, comment="classifier that made the scores"
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
    sa.CheckConstraint("brier BETWEEN 0 AND 1", name=conv("ck_out_track_record_brier")),
    sa.PrimaryKeyConstraint(
        "classifier_version", "outcome", "horizon_days", "month", name=conv("pk_out_track_record")
    ),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "out_score_outcome",
        *_OUT_SCORE_OUTCOME,
        comment="what happened within the horizon of a score",
    )
    op.create_table(
        "out_track_record", *_OUT_TRACK_RECORD, comment="how right the scores of a month were"
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("out_track_record")
    op.drop_table("out_score_outcome")
