"""Create the tables of classifiers, drift, alerts and views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0006"
down_revision = "v0005"
branch_labels = None
depends_on = None

_OUT_CLASSIFIER: tuple[SchemaItem, ...] = (
    sa.Column("classifier_version", sa.Text(), nullable=False, comment="version of the classifier"),
    sa.Column(
        "outcome", sa.Text(), nullable=False, comment="what is predicted: force or escalation"
    ),
    sa.Column("horizon_days", sa.Integer(), nullable=False, comment="days ahead that it predicts"),
    sa.Column("kind", sa.Text(), nullable=False, comment="estimator, such as logistic"),
    sa.Column("status", sa.Text(), nullable=False, comment="champion, challenger or retired"),
    sa.Column("trained_at", sa.DateTime(timezone=True), nullable=True, comment="when fitted, UTC"),
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
        "status IN ('champion', 'challenger', 'retired')", name=conv("ck_out_classifier_status")
    ),
    sa.CheckConstraint("horizon_days > 0", name=conv("ck_out_classifier_horizon_days")),
    sa.PrimaryKeyConstraint(
        "classifier_version", "outcome", "horizon_days", name=conv("pk_out_classifier")
    ),
)
_OUT_DRIFT: tuple[SchemaItem, ...] = (
    sa.Column("as_of_date", sa.Date(), nullable=False, comment="day checked"),
    sa.Column(
        "classifier_version",
        sa.Text(),
        nullable=False,
        comment="classifier whose training data is compared",
    ),
    sa.Column("column_name", sa.Text(), nullable=False, comment="feature column"),
    sa.Column("psi", sa.Float(), nullable=False, comment="population stability index, 0 is none"),
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
        "as_of_date", "classifier_version", "column_name", name=conv("pk_out_drift")
    ),
)
_OUT_ALERT: tuple[SchemaItem, ...] = (
    sa.Column("rule", sa.Text(), nullable=False, comment="name of the rule"),
    sa.Column(
        "subject", sa.Text(), nullable=False, comment="pair, source or run that the alert is about"
    ),
    sa.Column("day", sa.Date(), nullable=False, comment="as_of_date it fired for"),
    sa.Column("kind", sa.Text(), nullable=False, comment="level, jump, stale, late or failed"),
    sa.Column("message", sa.Text(), nullable=False, comment="the sentence that a person reads"),
    sa.Column("outcome", sa.Text(), nullable=True, comment="outcome of the score, if any"),
    sa.Column("horizon_days", sa.Integer(), nullable=True, comment="horizon of the score, days"),
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
    sa.PrimaryKeyConstraint("rule", "subject", "day", name=conv("pk_out_alert")),
)
_META_VIEW: tuple[SchemaItem, ...] = (
    sa.Column("view_name", sa.Text(), nullable=False, comment="name of the view"),
    sa.Column("digest", sa.Text(), nullable=False, comment="hash of the text it was created from"),
    sa.PrimaryKeyConstraint("view_name", name=conv("pk_meta_view")),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "out_classifier",
        *_OUT_CLASSIFIER,
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
        "out_drift", *_OUT_DRIFT, comment="distance of today's features from the training data"
    )
    op.create_table(
        "out_alert", *_OUT_ALERT, comment="alerts that fired, once per rule, subject and day"
    )
    op.create_index(op.f("ix_out_alert_day"), "out_alert", ["day"], unique=False)
    op.create_table("meta_view", *_META_VIEW, comment="views as they were created")


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("meta_view")
    op.drop_table("out_alert")
    op.drop_table("out_drift")
    op.drop_table("out_classifier")
