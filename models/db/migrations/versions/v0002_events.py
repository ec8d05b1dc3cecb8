"""Create the tables of coding marks and events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None

_CORE_EXTRACTION: tuple[SchemaItem, ...] = (
    sa.Column("article_id", sa.Text(), nullable=False, comment="article that was coded"),
    sa.Column(
        "extractor_version",
        sa.Text(),
        nullable=False,
        comment="version of rules, lexicons and coder",
    ),
    sa.Column(
        "content_hash", sa.Text(), nullable=False, comment="version of the article that was coded"
    ),
    sa.Column("sentence_count", sa.Integer(), nullable=False, comment="sentences in the article"),
    sa.Column("event_count", sa.Integer(), nullable=False, comment="events found in the article"),
    sa.Column(
        "countries",
        sa.Text(),
        nullable=False,
        comment="codes of all countries named, joined by spaces",
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
    sa.CheckConstraint(
        "sentence_count >= 0 AND event_count >= 0", name=conv("ck_core_extraction_counts")
    ),
    sa.ForeignKeyConstraint(
        ["article_id"],
        ["raw_article.article_id"],
        name=conv("fk_core_extraction_raw_article"),
        ondelete="CASCADE",
    ),
    sa.PrimaryKeyConstraint("article_id", "extractor_version", name=conv("pk_core_extraction")),
)
_CORE_EVENT: tuple[SchemaItem, ...] = (
    sa.Column(
        "event_id",
        sa.Text(),
        nullable=False,
        comment="hash of article, sentence, source, target, event and extractor version",
    ),
    sa.Column("article_id", sa.Text(), nullable=False, comment="article that says so"),
    sa.Column("story_id", sa.Text(), nullable=False, comment="story of the article"),
    sa.Column("corpus", sa.Text(), nullable=False, comment="stream: news, portal, gdelt or icews"),
    sa.Column(
        "extractor_version",
        sa.Text(),
        nullable=False,
        comment="version of rules, lexicons and coder",
    ),
    sa.Column("day", sa.Date(), nullable=False, comment="UTC day of publication"),
    sa.Column(
        "published_at", sa.DateTime(timezone=True), nullable=False, comment="publication time, UTC"
    ),
    sa.Column("event_date", sa.Date(), nullable=False, comment="day the event happened"),
    sa.Column("dyad", sa.Text(), nullable=False, comment="pair in alphabetical order, COL-USA"),
    sa.Column("source_iso3", sa.Text(), nullable=False, comment="country that acts"),
    sa.Column("target_iso3", sa.Text(), nullable=False, comment="country acted upon"),
    sa.Column("source_actor", sa.Text(), nullable=False, comment="words for the acting side"),
    sa.Column("target_actor", sa.Text(), nullable=False, comment="words for the other side"),
    sa.Column("source_sector", sa.Text(), nullable=False, comment="GOV, MIL, CVL, NSA or IGO"),
    sa.Column("target_sector", sa.Text(), nullable=False, comment="GOV, MIL, CVL, NSA or IGO"),
    sa.Column("plover_event", sa.Text(), nullable=False, comment="PLOVER event such as THREATEN"),
    sa.Column("cameo_code", sa.Text(), nullable=True, comment="CAMEO code, leading zeros kept"),
    sa.Column(
        "quad_class",
        sa.Integer(),
        nullable=False,
        comment="1 verbal and 2 material cooperation, 3 verbal and 4 material conflict",
    ),
    sa.Column(
        "goldstein",
        sa.Float(),
        nullable=False,
        comment="-10 (conflict) to +10 (cooperation), Goldstein scale",
    ),
    sa.Column("families", sa.Text(), nullable=False, comment="families, sorted, joined by commas"),
    sa.Column(
        "modality",
        sa.Text(),
        nullable=False,
        comment="asserted, planned, hypothetical, negated, historical or reported",
    ),
    sa.Column("confidence", sa.Float(), nullable=False, comment="coder's probability, 0 to 1"),
    sa.Column("trigger", sa.Text(), nullable=False, comment="words that carried the event"),
    sa.Column("direction", sa.Text(), nullable=False, comment="syntactic route of the direction"),
    sa.Column(
        "sentence_index",
        sa.Integer(),
        nullable=False,
        comment="position of the sentence, title is 0",
    ),
    sa.Column("sentence", sa.Text(), nullable=False, comment="the sentence itself"),
    sa.Column(
        "sentence_start",
        sa.Integer(),
        nullable=False,
        comment="first character of the sentence in title + blank line + text",
    ),
    sa.Column(
        "sentence_end",
        sa.Integer(),
        nullable=False,
        comment="character after the sentence in title + blank line + text",
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
    sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=conv("ck_core_event_confidence")),
    sa.CheckConstraint("goldstein BETWEEN -10 AND 10", name=conv("ck_core_event_goldstein")),
    sa.CheckConstraint("quad_class BETWEEN 1 AND 4", name=conv("ck_core_event_quad_class")),
    sa.CheckConstraint("source_iso3 <> target_iso3", name=conv("ck_core_event_two_countries")),
    sa.PrimaryKeyConstraint("event_id", name=conv("pk_core_event")),
    sa.UniqueConstraint(
        "article_id",
        "sentence_index",
        "source_iso3",
        "target_iso3",
        "plover_event",
        "extractor_version",
        name="uq_core_event_natural",
    ),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "core_extraction",
        *_CORE_EXTRACTION,
        comment="articles already coded, per extractor version",
    )
    op.create_table(
        "core_event",
        *_CORE_EVENT,
        comment="directed events between two countries, with their sentence",
    )
    op.create_index(
        op.f("ix_core_event_day_extractor_version_corpus"),
        "core_event",
        ["day", "extractor_version", "corpus"],
        unique=False,
    )
    op.create_index(op.f("ix_core_event_dyad_day"), "core_event", ["dyad", "day"], unique=False)
    op.create_index(op.f("ix_core_event_story_id"), "core_event", ["story_id"], unique=False)


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("core_event")
    op.drop_table("core_extraction")
