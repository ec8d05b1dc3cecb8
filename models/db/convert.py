"""Frozen values of the pure layer -> table rows."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from features.types import Article, Event, Reject

Record = dict[str, Any]
_EVENT_RENAMES: Final = {"start": "sentence_start", "end": "sentence_end"}


def event_key(event: Event, extractor_version: str) -> str:
    """Return the id of an event: equal for equal article, sentence, sides, event, version."""
    parts = (
        event.article_id,
        str(event.sentence_index),
        event.source_iso3,
        event.target_iso3,
        event.plover_event,
        extractor_version,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def article_row(article: Article, source_id: str | None = None) -> Record:
    """Return the ``raw_article`` row of an article."""
    return {**asdict(article), "source_id": source_id}


def reject_row(reject: Reject, source_id: str | None = None) -> Record:
    """Return the ``raw_reject`` row of a refused item."""
    return {**asdict(reject), "source_id": source_id}


def event_row(
    event: Event,
    extractor_version: str,
    published_at: datetime,
    story_id: str,
    corpus: str = "news",
    cameo_code: str | None = None,
) -> Record:
    """Return the ``core_event`` row of an event.

    Args:
        event: who did what to whom.
        extractor_version: version of rules, lexicons and coder.
        published_at: publication time of the article, with a time zone.
        story_id: story of the article.
        corpus: stream that the article belongs to.
        cameo_code: code of the source, where it gives one.
    """
    fields = {_EVENT_RENAMES.get(name, name): value for name, value in asdict(event).items()}
    return {
        **fields,
        "event_id": event_key(event, extractor_version),
        "dyad": str(event.dyad),
        "day": published_at.astimezone(UTC).date(),
        "published_at": published_at,
        "story_id": story_id,
        "corpus": corpus,
        "cameo_code": cameo_code,
        "extractor_version": extractor_version,
    }
