"""Create the tables of what came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None

_RAW_SOURCE: tuple[SchemaItem, ...] = (
    sa.Column("source_id", sa.Text(), nullable=False, comment="name of the source"),
    sa.Column("outlet", sa.Text(), nullable=True, comment="publisher"),
    sa.Column("url", sa.Text(), nullable=True, comment="address or path"),
    sa.Column("country_iso3", sa.Text(), nullable=True, comment="country of the publisher"),
    sa.Column("language", sa.Text(), nullable=True, comment="main language code"),
    sa.Column("kind", sa.Text(), nullable=True, comment="feed, folder, file, gdelt ..."),
    sa.Column("etag", sa.Text(), nullable=True, comment="ETag of the last answer"),
    sa.Column(
        "last_modified", sa.Text(), nullable=True, comment="Last-Modified of the last answer"
    ),
    sa.Column("cursor", sa.Text(), nullable=True, comment="where the next read starts"),
    sa.Column(
        "article_count",
        sa.Integer(),
        server_default="0",
        nullable=False,
        comment="articles accepted so far",
    ),
    sa.Column(
        "reject_count",
        sa.Integer(),
        server_default="0",
        nullable=False,
        comment="items refused so far",
    ),
    sa.Column(
        "failure_count",
        sa.Integer(),
        server_default="0",
        nullable=False,
        comment="failures in a row; 0 after a success",
    ),
    sa.Column(
        "latency_seconds", sa.Float(), nullable=True, comment="time of the last read, seconds"
    ),
    sa.Column(
        "last_success_at",
        sa.DateTime(timezone=True),
        nullable=True,
        comment="last read that succeeded, UTC",
    ),
    sa.Column(
        "last_article_at",
        sa.DateTime(timezone=True),
        nullable=True,
        comment="newest publication time seen, UTC",
    ),
    sa.Column(
        "typical_gap_hours",
        sa.Float(),
        nullable=True,
        comment="usual time between two articles, hours",
    ),
    sa.Column("last_error", sa.Text(), nullable=True, comment="message of the last failure"),
    sa.Column(
        "run_id",
        sa.Text(),
        nullable=False,
        comment="id of the run that wrote or last changed the row",
    ),
    sa.Column(
        "checked_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when the row was written, UTC",
    ),
    sa.CheckConstraint(
        "article_count >= 0 AND reject_count >= 0", name=conv("ck_raw_source_counts")
    ),
    sa.CheckConstraint("failure_count >= 0", name=conv("ck_raw_source_failure_count")),
    sa.PrimaryKeyConstraint("source_id", name=conv("pk_raw_source")),
)
_RAW_REJECT: tuple[SchemaItem, ...] = (
    sa.Column("reject_id", sa.Text(), nullable=False, comment="hash of origin and content"),
    sa.Column(
        "origin", sa.Text(), nullable=False, comment="path, URL or path#line it was read from"
    ),
    sa.Column("source_id", sa.Text(), nullable=True, comment="raw_source row that brought it"),
    sa.Column("reason", sa.Text(), nullable=False, comment="short stable code, such as empty"),
    sa.Column("detail", sa.Text(), nullable=False, comment="the sentence that a person reads"),
    sa.Column("excerpt", sa.Text(), nullable=False, comment="start of the item, to recognise it"),
    sa.Column("content_hash", sa.Text(), nullable=False, comment="hash of the item as it came"),
    sa.Column(
        "is_resolved",
        sa.Boolean(),
        server_default=sa.text("false"),
        nullable=False,
        comment="a later run accepted the item",
    ),
    sa.Column(
        "run_id",
        sa.Text(),
        nullable=False,
        comment="id of the run that wrote or last changed the row",
    ),
    sa.Column(
        "rejected_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when the row was written, UTC",
    ),
    sa.PrimaryKeyConstraint("reject_id", name=conv("pk_raw_reject")),
)
_RAW_ARTICLE: tuple[SchemaItem, ...] = (
    sa.Column(
        "article_id",
        sa.Text(),
        nullable=False,
        comment="hash of the canonical URL, or of the content where there is none",
    ),
    sa.Column("url", sa.Text(), nullable=True, comment="canonical URL"),
    sa.Column("outlet", sa.Text(), nullable=False, comment="publisher"),
    sa.Column("title", sa.Text(), nullable=False, comment="headline"),
    sa.Column(
        "published_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when it was published, UTC",
    ),
    sa.Column(
        "date_origin",
        sa.Text(),
        nullable=False,
        comment="where the date came from: feed, metadata, url, dateline or fetched",
    ),
    sa.Column("language", sa.Text(), nullable=False, comment="language code of the text"),
    sa.Column("content_hash", sa.Text(), nullable=False, comment="hash of title and text"),
    sa.Column(
        "story_id",
        sa.Text(),
        nullable=False,
        comment="shared by near-duplicates; the article's own id when alone",
    ),
    sa.Column(
        "origin", sa.Text(), nullable=False, comment="path, URL or path#line first read from"
    ),
    sa.Column("source_id", sa.Text(), nullable=True, comment="raw_source row that brought it"),
    sa.Column(
        "run_id",
        sa.Text(),
        nullable=False,
        comment="id of the run that wrote or last changed the row",
    ),
    sa.Column(
        "ingested_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when the row was written, UTC",
    ),
    sa.Column(
        "text", sa.Text(), nullable=True, comment="cleaned body; NULL once retention dropped it"
    ),
    sa.CheckConstraint("length(article_id) > 0", name=conv("ck_raw_article_article_id")),
    sa.PrimaryKeyConstraint("article_id", name=conv("pk_raw_article")),
)
_RAW_ARTICLE_VERSION: tuple[SchemaItem, ...] = (
    sa.Column(
        "article_id", sa.Text(), nullable=False, comment="article that the version belongs to"
    ),
    sa.Column(
        "content_hash", sa.Text(), nullable=False, comment="hash of the version's title and text"
    ),
    sa.Column("title", sa.Text(), nullable=False, comment="headline of the version"),
    sa.Column(
        "published_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="publication time the version gave, UTC",
    ),
    sa.Column(
        "run_id",
        sa.Text(),
        nullable=False,
        comment="id of the run that wrote or last changed the row",
    ),
    sa.Column(
        "ingested_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when the version was set aside, UTC",
    ),
    sa.Column(
        "text",
        sa.Text(),
        nullable=True,
        comment="body of the version; NULL once retention dropped it",
    ),
    sa.ForeignKeyConstraint(
        ["article_id"],
        ["raw_article.article_id"],
        name=conv("fk_raw_article_version_raw_article"),
        ondelete="CASCADE",
    ),
    sa.PrimaryKeyConstraint("article_id", "content_hash", name=conv("pk_raw_article_version")),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "raw_source",
        *_RAW_SOURCE,
        comment="feeds, folders and tables that are read, and how they fare",
    )
    op.create_table("raw_reject", *_RAW_REJECT, comment="items that were refused, with the reason")
    op.create_index(op.f("ix_raw_reject_reason"), "raw_reject", ["reason"], unique=False)
    op.create_table(
        "raw_article",
        *_RAW_ARTICLE,
        comment="accepted articles, one row each, in their current version",
    )
    op.create_index(
        op.f("ix_raw_article_published_at"), "raw_article", ["published_at"], unique=False
    )
    op.create_index(op.f("ix_raw_article_story_id"), "raw_article", ["story_id"], unique=False)
    op.create_table(
        "raw_article_version",
        *_RAW_ARTICLE_VERSION,
        comment="versions of an article that a later text replaced",
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("raw_article_version")
    op.drop_table("raw_article")
    op.drop_table("raw_reject")
    op.drop_table("raw_source")
