"""What came in: articles, their superseded versions, refused items and sources."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from models.db.base import Base, Written, stamp_column
from models.db.column_types import UtcDateTime

VOLATILE = {"volatile": True}
# SQLite walks through a long value to reach the columns behind it: long ones come last.
LAST = 1000


class RawArticle(Written, Base):
    """The current version of every accepted article."""

    __tablename__ = "raw_article"
    __table_args__ = (
        Index(None, "published_at"),
        Index(None, "story_id"),
        CheckConstraint("length(article_id) > 0", name="article_id"),
        {"comment": "accepted articles, one row each, in their current version"},
    )

    article_id: Mapped[str] = mapped_column(
        Text,
        primary_key=True,
        comment="hash of the canonical URL, or of the content where there is none",
    )
    url: Mapped[str | None] = mapped_column(Text, comment="canonical URL")
    outlet: Mapped[str] = mapped_column(Text, comment="publisher")
    title: Mapped[str] = mapped_column(Text, comment="headline")
    text: Mapped[str | None] = mapped_column(
        Text, comment="cleaned body; NULL once retention dropped it", sort_order=LAST
    )
    published_at: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="when it was published, UTC"
    )
    date_origin: Mapped[str] = mapped_column(
        Text, comment="where the date came from: feed, metadata, url, dateline or fetched"
    )
    language: Mapped[str] = mapped_column(Text, comment="language code of the text")
    content_hash: Mapped[str] = mapped_column(Text, comment="hash of title and text")
    story_id: Mapped[str] = mapped_column(
        Text, comment="shared by near-duplicates; the article's own id when alone"
    )
    origin: Mapped[str] = mapped_column(Text, comment="path, URL or path#line first read from")
    source_id: Mapped[str | None] = mapped_column(Text, comment="raw_source row that brought it")
    ingested_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class RawArticleVersion(Written, Base):
    """A superseded version of an article."""

    __tablename__ = "raw_article_version"
    __table_args__ = ({"comment": "versions of an article that a later text replaced"},)

    article_id: Mapped[str] = mapped_column(
        ForeignKey("raw_article.article_id", ondelete="CASCADE"),
        primary_key=True,
        comment="article that the version belongs to",
    )
    content_hash: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="hash of the version's title and text"
    )
    title: Mapped[str] = mapped_column(Text, comment="headline of the version")
    text: Mapped[str | None] = mapped_column(
        Text, comment="body of the version; NULL once retention dropped it", sort_order=LAST
    )
    published_at: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="publication time the version gave, UTC"
    )
    ingested_at: Mapped[datetime] = stamp_column("when the version was set aside, UTC")


class RawReject(Written, Base):
    """An item that was refused, and why: nothing vanishes."""

    __tablename__ = "raw_reject"
    __table_args__ = (
        Index(None, "reason"),
        {"comment": "items that were refused, with the reason"},
    )

    reject_id: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="hash of origin and content"
    )
    origin: Mapped[str] = mapped_column(Text, comment="path, URL or path#line it was read from")
    source_id: Mapped[str | None] = mapped_column(Text, comment="raw_source row that brought it")
    reason: Mapped[str] = mapped_column(Text, comment="short stable code, such as empty")
    detail: Mapped[str] = mapped_column(Text, comment="the sentence that a person reads")
    excerpt: Mapped[str] = mapped_column(Text, comment="start of the item, to recognise it")
    content_hash: Mapped[str] = mapped_column(Text, comment="hash of the item as it came")
    is_resolved: Mapped[bool] = mapped_column(
        Boolean, server_default=false(), comment="a later run accepted the item"
    )
    rejected_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class RawSource(Written, Base):
    """A feed, folder or table that articles come from, and how it fares."""

    __tablename__ = "raw_source"
    __table_args__ = (
        CheckConstraint("article_count >= 0 AND reject_count >= 0", name="counts"),
        CheckConstraint("failure_count >= 0", name="failure_count"),
        {"comment": "feeds, folders and tables that are read, and how they fare"},
    )

    source_id: Mapped[str] = mapped_column(Text, primary_key=True, comment="name of the source")
    outlet: Mapped[str | None] = mapped_column(Text, comment="publisher")
    url: Mapped[str | None] = mapped_column(Text, comment="address or path")
    country_iso3: Mapped[str | None] = mapped_column(Text, comment="country of the publisher")
    language: Mapped[str | None] = mapped_column(Text, comment="main language code")
    kind: Mapped[str | None] = mapped_column(Text, comment="feed, folder, file, gdelt ...")
    etag: Mapped[str | None] = mapped_column(Text, comment="ETag of the last answer", info=VOLATILE)
    last_modified: Mapped[str | None] = mapped_column(
        Text, comment="Last-Modified of the last answer", info=VOLATILE
    )
    cursor: Mapped[str | None] = mapped_column(Text, comment="where the next read starts")
    article_count: Mapped[int] = mapped_column(
        Integer, server_default="0", comment="articles accepted so far"
    )
    reject_count: Mapped[int] = mapped_column(
        Integer, server_default="0", comment="items refused so far"
    )
    failure_count: Mapped[int] = mapped_column(
        Integer, server_default="0", comment="failures in a row; 0 after a success"
    )
    latency_seconds: Mapped[float | None] = mapped_column(
        Float, comment="time of the last read, seconds", info=VOLATILE
    )
    last_success_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="last read that succeeded, UTC", info=VOLATILE
    )
    last_article_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="newest publication time seen, UTC"
    )
    typical_gap_hours: Mapped[float | None] = mapped_column(
        Float, comment="usual time between two articles, hours"
    )
    last_error: Mapped[str | None] = mapped_column(
        Text, comment="message of the last failure", info=VOLATILE
    )
    checked_at: Mapped[datetime] = stamp_column("when the row was written, UTC")
