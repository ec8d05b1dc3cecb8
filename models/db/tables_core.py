"""What the text says: extraction marks, events and the daily counts of each pair."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from features.registry import DYAD_DAY_COLUMNS
from models.db.base import RUN_ID_COMMENT, Base, Written, stamp_column
from models.db.column_types import UtcDateTime, WordList
from models.db.words import describe_count


class CoreExtraction(Written, Base):
    """A mark that one version of one article was coded."""

    __tablename__ = "core_extraction"
    __table_args__ = (
        CheckConstraint("sentence_count >= 0 AND event_count >= 0", name="counts"),
        {"comment": "articles already coded, per extractor version"},
    )

    article_id: Mapped[str] = mapped_column(
        ForeignKey("raw_article.article_id", ondelete="CASCADE"),
        primary_key=True,
        comment="article that was coded",
    )
    extractor_version: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="version of rules, lexicons and coder"
    )
    content_hash: Mapped[str] = mapped_column(Text, comment="version of the article that was coded")
    sentence_count: Mapped[int] = mapped_column(Integer, comment="sentences in the article")
    event_count: Mapped[int] = mapped_column(Integer, comment="events found in the article")
    countries: Mapped[tuple[str, ...]] = mapped_column(
        WordList(" "), comment="codes of all countries named, joined by spaces"
    )
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


class CoreEvent(Written, Base):
    """Who did what to whom, as one sentence of one article says."""

    __tablename__ = "core_event"
    __table_args__ = (
        UniqueConstraint(
            "article_id",
            "sentence_index",
            "source_iso3",
            "target_iso3",
            "plover_event",
            "extractor_version",
            name="uq_core_event_natural",
        ),
        Index(None, "dyad", "day"),
        Index(None, "day", "extractor_version", "corpus"),
        Index(None, "story_id"),
        CheckConstraint("quad_class BETWEEN 1 AND 4", name="quad_class"),
        CheckConstraint("goldstein BETWEEN -10 AND 10", name="goldstein"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        CheckConstraint("source_iso3 <> target_iso3", name="two_countries"),
        {"comment": "directed events between two countries, with their sentence"},
    )

    event_id: Mapped[str] = mapped_column(
        Text,
        primary_key=True,
        comment="hash of article, sentence, source, target, event and extractor version",
    )
    article_id: Mapped[str] = mapped_column(Text, comment="article that says so")
    story_id: Mapped[str] = mapped_column(Text, comment="story of the article")
    corpus: Mapped[str] = mapped_column(Text, comment="stream: news, portal, gdelt or icews")
    extractor_version: Mapped[str] = mapped_column(
        Text, comment="version of rules, lexicons and coder"
    )
    day: Mapped[date] = mapped_column(Date, comment="UTC day of publication")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="publication time, UTC")
    event_date: Mapped[date] = mapped_column(Date, comment="day the event happened")
    dyad: Mapped[str] = mapped_column(Text, comment="pair in alphabetical order, COL-USA")
    source_iso3: Mapped[str] = mapped_column(Text, comment="country that acts")
    target_iso3: Mapped[str] = mapped_column(Text, comment="country acted upon")
    source_actor: Mapped[str] = mapped_column(Text, comment="words for the acting side")
    target_actor: Mapped[str] = mapped_column(Text, comment="words for the other side")
    source_sector: Mapped[str] = mapped_column(Text, comment="GOV, MIL, CVL, NSA or IGO")
    target_sector: Mapped[str] = mapped_column(Text, comment="GOV, MIL, CVL, NSA or IGO")
    plover_event: Mapped[str] = mapped_column(Text, comment="PLOVER event such as THREATEN")
    cameo_code: Mapped[str | None] = mapped_column(Text, comment="CAMEO code, leading zeros kept")
    quad_class: Mapped[int] = mapped_column(
        Integer, comment="1 verbal and 2 material cooperation, 3 verbal and 4 material conflict"
    )
    goldstein: Mapped[float] = mapped_column(
        Float, comment="-10 (conflict) to +10 (cooperation), Goldstein scale"
    )
    families: Mapped[tuple[str, ...]] = mapped_column(
        WordList(","), comment="families, sorted, joined by commas"
    )
    modality: Mapped[str] = mapped_column(
        Text, comment="asserted, planned, hypothetical, negated, historical or reported"
    )
    confidence: Mapped[float] = mapped_column(Float, comment="coder's probability, 0 to 1")
    trigger: Mapped[str] = mapped_column(Text, comment="words that carried the event")
    direction: Mapped[str] = mapped_column(Text, comment="syntactic route of the direction")
    sentence_index: Mapped[int] = mapped_column(
        Integer, comment="position of the sentence, title is 0"
    )
    sentence: Mapped[str] = mapped_column(Text, comment="the sentence itself")
    sentence_start: Mapped[int] = mapped_column(
        Integer, comment="first character of the sentence in title + blank line + text"
    )
    sentence_end: Mapped[int] = mapped_column(
        Integer, comment="character after the sentence in title + blank line + text"
    )
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")


def _value_columns() -> list[Column[Any]]:
    return [
        Column(
            name,
            Integer if name.endswith("_count") else Float,
            nullable=False,
            server_default="0",
            comment=describe_count(name),
        )
        for name in DYAD_DAY_COLUMNS
    ]


class CoreDyadDay(Base):
    """Counts of one pair on one publication day in one stream."""

    __table__ = Table(
        "core_dyad_day",
        Base.metadata,
        Column("dyad", Text, comment="pair in alphabetical order, COL-USA"),
        Column("day", Date, comment="UTC day of publication"),
        Column("extractor_version", Text, comment="version of rules, lexicons and coder"),
        Column("corpus", Text, comment="stream: news, portal, gdelt or icews"),
        *_value_columns(),
        Column("run_id", Text, nullable=False, comment=RUN_ID_COMMENT, info={"audit": True}),
        Column(
            "written_at",
            UtcDateTime,
            nullable=False,
            comment="when the row was written, UTC",
            info={"audit": True, "stamp": True},
        ),
        PrimaryKeyConstraint("dyad", "day", "extractor_version", "corpus"),
        Index(None, "day", "extractor_version", "corpus"),
        comment="events of one pair on one publication day, counted",
    )


class CoreDayVolume(Written, Base):
    """How much news one stream brought on one day."""

    __tablename__ = "core_day_volume"
    __table_args__ = (
        CheckConstraint(
            "article_count >= 0 AND story_count >= 0 AND event_count >= 0", name="counts"
        ),
        {"comment": "news volume of a day and stream, to normalise counts by"},
    )

    day: Mapped[date] = mapped_column(Date, primary_key=True, comment="UTC day of publication")
    extractor_version: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="version of rules, lexicons and coder"
    )
    corpus: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="stream: news, portal, gdelt or icews"
    )
    article_count: Mapped[int] = mapped_column(Integer, comment="articles coded")
    story_count: Mapped[int] = mapped_column(Integer, comment="stories among them")
    event_count: Mapped[int] = mapped_column(Integer, comment="events that count as now")
    written_at: Mapped[datetime] = stamp_column("when the row was written, UTC")
