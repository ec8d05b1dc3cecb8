"""Create the table of near-duplicate signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0007"
down_revision = "v0006"
branch_labels = None
depends_on = None

_RAW_ARTICLE_BAND: tuple[SchemaItem, ...] = (
    sa.Column("article_id", sa.Text(), nullable=False, comment="article that was signed"),
    sa.Column(
        "day_number",
        sa.Integer(),
        nullable=False,
        comment="publication day, days since 0001-01-01 (that day is 1)",
    ),
    sa.Column(
        "bands",
        sa.LargeBinary(),
        nullable=False,
        comment="hashes of the signature's bands, 8 bytes each",
    ),
    sa.Column("content_hash", sa.Text(), nullable=False, comment="version of the article signed"),
    sa.Column(
        "is_grouped",
        sa.Boolean(),
        server_default=sa.false(),
        nullable=False,
        comment="whether its story has been looked for",
    ),
    sa.Column(
        "run_id",
        sa.Text(),
        nullable=False,
        comment="id of the run that wrote or last changed the row",
    ),
    sa.ForeignKeyConstraint(
        ["article_id"],
        ["raw_article.article_id"],
        name=conv("fk_raw_article_band_raw_article"),
        ondelete="CASCADE",
    ),
    sa.PrimaryKeyConstraint("article_id", name=conv("pk_raw_article_band")),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "raw_article_band",
        *_RAW_ARTICLE_BAND,
        comment="near-duplicate signatures of articles, one row each",
    )
    for name in ("day_number", "is_grouped"):
        op.create_index(
            op.f(f"ix_raw_article_band_{name}"), "raw_article_band", [name], unique=False
        )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("raw_article_band")
