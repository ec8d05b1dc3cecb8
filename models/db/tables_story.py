"""What ingest remembers: signatures of articles, and batches already stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from models.db.base import Base, Written, stamp_column
from models.db.column_types import JsonText


class RawArticleBand(Written, Base):
    """The MinHash bands of an article's current text."""

    __tablename__ = "raw_article_band"
    __table_args__ = (
        Index(None, "day_number"),
        Index(None, "is_grouped"),
        {"comment": "near-duplicate signatures of articles, one row each"},
    )

    article_id: Mapped[str] = mapped_column(
        ForeignKey("raw_article.article_id", ondelete="CASCADE"),
        primary_key=True,
        comment="article that was signed",
    )
    day_number: Mapped[int] = mapped_column(
        Integer, comment="publication day, days since 0001-01-01 (that day is 1)"
    )
    bands: Mapped[bytes] = mapped_column(
        LargeBinary,
        comment="hashes of the signature's bands, 8 bytes each",
        info={"volatile": True},
    )
    content_hash: Mapped[str] = mapped_column(Text, comment="version of the article signed")
    is_grouped: Mapped[bool] = mapped_column(
        Boolean, server_default=false(), comment="whether its story has been looked for"
    )


class MetaBatch(Written, Base):
    """A batch of raw items that was stored as a whole: met again, it is skipped."""

    __tablename__ = "meta_batch"
    __table_args__ = ({"comment": "batches of file items stored already; may be emptied"},)

    batch_hash: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="hash of the items and of what they are cleaned with"
    )
    item_count: Mapped[int] = mapped_column(Integer, comment="items in the batch")
    counts: Mapped[str] = mapped_column(JsonText, comment="JSON of the refused items by reason")
    stored_at: Mapped[datetime] = stamp_column("when the batch was stored, UTC")
