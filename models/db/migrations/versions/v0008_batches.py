"""Create the table of batches that ingest has stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem, conv

revision = "v0008"
down_revision = "v0007"
branch_labels = None
depends_on = None

_META_BATCH: tuple[SchemaItem, ...] = (
    sa.Column(
        "batch_hash",
        sa.Text(),
        nullable=False,
        comment="hash of the items and of what they are cleaned with",
    ),
    sa.Column("item_count", sa.Integer(), nullable=False, comment="items in the batch"),
    sa.Column("counts", sa.Text(), nullable=False, comment="JSON of the refused items by reason"),
    sa.Column(
        "run_id",
        sa.Text(),
        nullable=False,
        comment="id of the run that wrote or last changed the row",
    ),
    sa.Column(
        "stored_at",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when the batch was stored, UTC",
    ),
    sa.PrimaryKeyConstraint("batch_hash", name=conv("pk_meta_batch")),
)


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "meta_batch",
        *_META_BATCH,
        comment="batches of file items stored already; may be emptied",
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("meta_batch")
