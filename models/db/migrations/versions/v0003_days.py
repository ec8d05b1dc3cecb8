"""Create the tables of daily counts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None

_VALUES = (
    ("threat_ab_count", "threat events, by the first country on the second; once a story"),
    ("diplomacy_ab_count", "diplomacy events, by the first country on the second; once a story"),
    ("military_ab_count", "military events, by the first country on the second; once a story"),
    (
        "verbal_conflict_ab_count",
        "verbal conflict events, by the first country on the second; once a story",
    ),
    ("coercion_ab_count", "coercion events, by the first country on the second; once a story"),
    (
        "cooperation_ab_count",
        "cooperation events, by the first country on the second; once a story",
    ),
    (
        "deescalation_ab_count",
        "deescalation events, by the first country on the second; once a story",
    ),
    (
        "quad1_ab_count",
        "verbal cooperation events, by the first country on the second; once a story",
    ),
    (
        "quad2_ab_count",
        "material cooperation events, by the first country on the second; once a story",
    ),
    ("quad3_ab_count", "verbal conflict events, by the first country on the second; once a story"),
    (
        "quad4_ab_count",
        "material conflict events, by the first country on the second; once a story",
    ),
    (
        "force_ab_count",
        "uses of force between states, by the first country on the second; once a story",
    ),
    ("event_ab_count", "all events, by the first country on the second; once a story"),
    ("threat_ba_count", "threat events, by the second country on the first; once a story"),
    ("diplomacy_ba_count", "diplomacy events, by the second country on the first; once a story"),
    ("military_ba_count", "military events, by the second country on the first; once a story"),
    (
        "verbal_conflict_ba_count",
        "verbal conflict events, by the second country on the first; once a story",
    ),
    ("coercion_ba_count", "coercion events, by the second country on the first; once a story"),
    (
        "cooperation_ba_count",
        "cooperation events, by the second country on the first; once a story",
    ),
    (
        "deescalation_ba_count",
        "deescalation events, by the second country on the first; once a story",
    ),
    (
        "quad1_ba_count",
        "verbal cooperation events, by the second country on the first; once a story",
    ),
    (
        "quad2_ba_count",
        "material cooperation events, by the second country on the first; once a story",
    ),
    ("quad3_ba_count", "verbal conflict events, by the second country on the first; once a story"),
    (
        "quad4_ba_count",
        "material conflict events, by the second country on the first; once a story",
    ),
    (
        "force_ba_count",
        "uses of force between states, by the second country on the first; once a story",
    ),
    ("event_ba_count", "all events, by the second country on the first; once a story"),
    (
        "goldstein_sum_ab",
        "Goldstein weight, sum, by the first country on the second; -10 to +10 each",
    ),
    (
        "goldstein_min_ab",
        "Goldstein weight, min, by the first country on the second; -10 to +10 each",
    ),
    (
        "goldstein_sum_ba",
        "Goldstein weight, sum, by the second country on the first; -10 to +10 each",
    ),
    (
        "goldstein_min_ba",
        "Goldstein weight, min, by the second country on the first; -10 to +10 each",
    ),
    ("mention_count", "stories that name both countries"),
    ("reported_count", "events that only a party claims"),
)


def _value_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column(
            name,
            sa.Integer() if name.endswith("_count") else sa.Float(),
            server_default="0",
            nullable=False,
            comment=comment,
        )
        for name, comment in _VALUES
    ]


_CORE_DYAD_DAY: tuple[SchemaItem, ...] = (
    sa.Column("dyad", sa.Text(), nullable=False, comment="pair in alphabetical order, COL-USA"),
    sa.Column("day", sa.Date(), nullable=False, comment="UTC day of publication"),
    sa.Column(
        "extractor_version",
        sa.Text(),
        nullable=False,
        comment="version of rules, lexicons and coder",
    ),
    sa.Column("corpus", sa.Text(), nullable=False, comment="stream: news, portal, gdelt or icews"),
    *_value_columns(),
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
        "dyad", "day", "extractor_version", "corpus", name=conv("pk_core_dyad_day")
    ),
)
_CORE_DAY_VOLUME: tuple[SchemaItem, ...] = (
    sa.Column("day", sa.Date(), nullable=False, comment="UTC day of publication"),
    sa.Column(
        "extractor_version",
        sa.Text(),
        nullable=False,
        comment="version of rules, lexicons and coder",
    ),
    sa.Column("corpus", sa.Text(), nullable=False, comment="stream: news, portal, gdelt or icews"),
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
        name=conv("ck_core_day_volume_counts"),
    ),
    sa.PrimaryKeyConstraint("day", "extractor_version", "corpus", name=conv("pk_core_day_volume")),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "core_dyad_day",
        *_CORE_DYAD_DAY,
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
        *_CORE_DAY_VOLUME,
        comment="news volume of a day and stream, to normalise counts by",
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("core_day_volume")
    op.drop_table("core_dyad_day")
