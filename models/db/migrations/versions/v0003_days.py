"""Create the tables of daily counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "core_dyad_day",
        sa.Column("dyad", sa.Text(), nullable=False, comment="pair in alphabetical order, COL-USA"),
        sa.Column("day", sa.Date(), nullable=False, comment="UTC day of publication"),
        sa.Column(
            "extractor_version",
            sa.Text(),
            nullable=False,
            comment="version of rules, lexicons and coder",
        ),
        sa.Column(
            "corpus", sa.Text(), nullable=False, comment="stream: news, portal, gdelt or icews"
        ),
        sa.Column(
            "threat_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="threat events, by the first country on the second; stories",
        ),
        sa.Column(
            "diplomacy_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="diplomacy events, by the first country on the second; stories",
        ),
        sa.Column(
            "military_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="military events, by the first country on the second; stories",
        ),
        sa.Column(
            "verbal_conflict_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="verbal conflict events, by the first country on the second; stories",
        ),
        sa.Column(
            "coercion_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="coercion events, by the first country on the second; stories",
        ),
        sa.Column(
            "cooperation_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="cooperation events, by the first country on the second; stories",
        ),
        sa.Column(
            "deescalation_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="deescalation events, by the first country on the second; stories",
        ),
        sa.Column(
            "quad1_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="verbal cooperation events, by the first country on the second; stories",
        ),
        sa.Column(
            "quad2_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="material cooperation events, by the first country on the second; stories",
        ),
        sa.Column(
            "quad3_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="verbal conflict events, by the first country on the second; stories",
        ),
        sa.Column(
            "quad4_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="material conflict events, by the first country on the second; stories",
        ),
        sa.Column(
            "force_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="uses of force between states, by the first country on the second; stories",
        ),
        sa.Column(
            "event_ab_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="all events, by the first country on the second; stories",
        ),
        sa.Column(
            "threat_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="threat events, by the second country on the first; stories",
        ),
        sa.Column(
            "diplomacy_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="diplomacy events, by the second country on the first; stories",
        ),
        sa.Column(
            "military_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="military events, by the second country on the first; stories",
        ),
        sa.Column(
            "verbal_conflict_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="verbal conflict events, by the second country on the first; stories",
        ),
        sa.Column(
            "coercion_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="coercion events, by the second country on the first; stories",
        ),
        sa.Column(
            "cooperation_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="cooperation events, by the second country on the first; stories",
        ),
        sa.Column(
            "deescalation_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="deescalation events, by the second country on the first; stories",
        ),
        sa.Column(
            "quad1_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="verbal cooperation events, by the second country on the first; stories",
        ),
        sa.Column(
            "quad2_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="material cooperation events, by the second country on the first; stories",
        ),
        sa.Column(
            "quad3_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="verbal conflict events, by the second country on the first; stories",
        ),
        sa.Column(
            "quad4_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="material conflict events, by the second country on the first; stories",
        ),
        sa.Column(
            "force_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="uses of force between states, by the second country on the first; stories",
        ),
        sa.Column(
            "event_ba_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="all events, by the second country on the first; stories",
        ),
        sa.Column(
            "goldstein_sum_ab",
            sa.Float(),
            server_default="0",
            nullable=False,
            comment="Goldstein weight, sum, by the first country on the second; -10 to +10 each",
        ),
        sa.Column(
            "goldstein_min_ab",
            sa.Float(),
            server_default="0",
            nullable=False,
            comment="Goldstein weight, min, by the first country on the second; -10 to +10 each",
        ),
        sa.Column(
            "goldstein_sum_ba",
            sa.Float(),
            server_default="0",
            nullable=False,
            comment="Goldstein weight, sum, by the second country on the first; -10 to +10 each",
        ),
        sa.Column(
            "goldstein_min_ba",
            sa.Float(),
            server_default="0",
            nullable=False,
            comment="Goldstein weight, min, by the second country on the first; -10 to +10 each",
        ),
        sa.Column(
            "mention_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="stories that name both countries",
        ),
        sa.Column(
            "reported_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="events that only a party claims",
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
        sa.PrimaryKeyConstraint(
            "dyad", "day", "extractor_version", "corpus", name=op.f("pk_core_dyad_day")
        ),
        comment="events of one pair on one publication day, counted",
    )
    op.create_index(
        op.f("ix_core_dyad_day_day_extractor_version_corpus"),
        "core_dyad_day",
        ["day", "extractor_version", "corpus"],
        unique=False,
    )
    op.create_table(
        "core_day_volume",
        sa.Column("day", sa.Date(), nullable=False, comment="UTC day of publication"),
        sa.Column(
            "extractor_version",
            sa.Text(),
            nullable=False,
            comment="version of rules, lexicons and coder",
        ),
        sa.Column(
            "corpus", sa.Text(), nullable=False, comment="stream: news, portal, gdelt or icews"
        ),
        sa.Column("article_count", sa.Integer(), nullable=False, comment="articles coded"),
        sa.Column("story_count", sa.Integer(), nullable=False, comment="stories among them"),
        sa.Column("event_count", sa.Integer(), nullable=False, comment="events that count as now"),
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
        sa.CheckConstraint(
            "article_count >= 0 AND story_count >= 0 AND event_count >= 0",
            name=op.f("ck_core_day_volume_counts"),
        ),
        sa.PrimaryKeyConstraint(
            "day", "extractor_version", "corpus", name=op.f("pk_core_day_volume")
        ),
        comment="news volume of a day and stream, to normalise counts by",
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("core_day_volume")
    op.drop_table("core_dyad_day")
