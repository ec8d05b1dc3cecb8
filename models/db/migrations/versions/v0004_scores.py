"""Create the tables of scores and their evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None

_OUT_RISK_SERIES: tuple[SchemaItem, ...] = (
    sa.Column("dyad", sa.Text(), nullable=False, comment="pair in alphabetical order, COL-USA"),
    sa.Column(
        "outcome", sa.Text(), nullable=False, comment="what is predicted: force or escalation"
    ),
    sa.Column(
        "horizon_days", sa.Integer(), nullable=False, comment="days ahead that the score covers"
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
    sa.PrimaryKeyConstraint("dyad", "outcome", "horizon_days", name=conv("pk_out_risk_series")),
)
_OUT_RISK_SCORE: tuple[SchemaItem, ...] = (
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
    sa.Column("country_a_iso3", sa.Text(), nullable=False, comment="first country, alphabetically"),
    sa.Column("country_b_iso3", sa.Text(), nullable=False, comment="second country"),
    sa.Column(
        "prob",
        sa.Float(),
        nullable=False,
        comment="probability of the outcome within the horizon, 0 to 1",
    ),
    sa.Column("prob_low", sa.Float(), nullable=False, comment="lower end of the interval, 0 to 1"),
    sa.Column("prob_high", sa.Float(), nullable=False, comment="upper end of the interval, 0 to 1"),
    sa.Column("level", sa.Text(), nullable=False, comment="LOW, GUARDED, ELEVATED, HIGH or SEVERE"),
    sa.Column(
        "tension",
        sa.Float(),
        nullable=False,
        comment="descriptive index of recent events, -10 (conflict) to +10 (cooperation)",
    ),
    sa.Column(
        "coverage",
        sa.Float(),
        nullable=False,
        comment="how well the news covers the pair, 0 (blind) to 1",
    ),
    sa.Column(
        "run_id",
        sa.Text(),
        nullable=False,
        comment="id of the run that wrote or last changed the row",
    ),
    sa.Column(
        "scored_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when the row was written, UTC",
    ),
    sa.Column(
        "drivers",
        sa.Text(),
        nullable=False,
        comment="JSON list of {feature, value, contribution, words}, strongest first",
    ),
    sa.CheckConstraint(
        "level IN ('LOW', 'GUARDED', 'ELEVATED', 'HIGH', 'SEVERE')",
        name=conv("ck_out_risk_score_level"),
    ),
    sa.CheckConstraint(
        "country_a_iso3 < country_b_iso3", name=conv("ck_out_risk_score_pair_order")
    ),
    sa.CheckConstraint("coverage BETWEEN 0 AND 1", name=conv("ck_out_risk_score_coverage")),
    sa.CheckConstraint("horizon_days > 0", name=conv("ck_out_risk_score_horizon_days")),
    sa.CheckConstraint("prob BETWEEN 0 AND 1", name=conv("ck_out_risk_score_prob")),
    sa.CheckConstraint(
        "prob_low >= 0 AND prob_low <= prob_high AND prob_high <= 1",
        name=conv("ck_out_risk_score_range"),
    ),
    sa.CheckConstraint("tension BETWEEN -10 AND 10", name=conv("ck_out_risk_score_tension")),
    sa.PrimaryKeyConstraint(
        "dyad",
        "outcome",
        "horizon_days",
        "as_of_date",
        "classifier_version",
        name=conv("pk_out_risk_score"),
    ),
)
_OUT_SCORE_EVIDENCE: tuple[SchemaItem, ...] = (
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
    sa.Column("rank", sa.Integer(), nullable=False, comment="1 is the strongest"),
    sa.Column("event_id", sa.Text(), nullable=True, comment="core_event row"),
    sa.Column("sentence", sa.Text(), nullable=False, comment="the sentence itself"),
    sa.Column("outlet", sa.Text(), nullable=True, comment="publisher"),
    sa.Column("url", sa.Text(), nullable=True, comment="where to read it"),
    sa.Column(
        "published_at", sa.DateTime(timezone=True), nullable=True, comment="publication time, UTC"
    ),
    sa.Column("weight", sa.Float(), nullable=False, comment="how much it counts, larger is more"),
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
    sa.CheckConstraint("rank >= 1", name=conv("ck_out_score_evidence_rank")),
    sa.ForeignKeyConstraint(
        ["dyad", "outcome", "horizon_days", "as_of_date", "classifier_version"],
        [
            "out_risk_score.dyad",
            "out_risk_score.outcome",
            "out_risk_score.horizon_days",
            "out_risk_score.as_of_date",
            "out_risk_score.classifier_version",
        ],
        name=conv("fk_out_score_evidence_out_risk_score"),
        ondelete="CASCADE",
    ),
    sa.PrimaryKeyConstraint(
        "dyad",
        "outcome",
        "horizon_days",
        "as_of_date",
        "classifier_version",
        "rank",
        name=conv("pk_out_score_evidence"),
    ),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "out_risk_series",
        *_OUT_RISK_SERIES,
        comment="pairs, outcomes and horizons that were ever scored",
    )
    op.create_table(
        "out_risk_score", *_OUT_RISK_SCORE, comment="the calibrated risk of a pair on a day"
    )
    op.create_index(
        "ix_out_risk_score_day",
        "out_risk_score",
        ["as_of_date", "outcome", "horizon_days", "classifier_version"],
        unique=False,
    )
    op.create_table(
        "out_score_evidence",
        *_OUT_SCORE_EVIDENCE,
        comment="the sentences behind a score, strongest first",
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("out_score_evidence")
    op.drop_table("out_risk_score")
    op.drop_table("out_risk_series")
