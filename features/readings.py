"""Which of several readings of one article counts: the newest, by a total order.

Files are read in any order, so the choice must not depend on who came first;
live sources are read in the order of time, so there the last reading counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from features.types import Article

DATE_ORIGINS = ("feed", "metadata", "url", "dateline", "fetched")
ReadingKey = tuple[bool, float, str, int, str, str]


@dataclass
class Reconciled:
    """What a batch of readings means for the store.

    Args:
        winners: readings to write as the current version.
        losers: readings to keep as superseded versions.
        resigned: ids among the winners whose text or day is new.
        new, updated, duplicate: how the readings count; they add up to all.
    """

    winners: list[Article] = field(default_factory=list)
    losers: list[Article] = field(default_factory=list)
    resigned: set[str] = field(default_factory=set)
    new: int = 0
    updated: int = 0
    duplicate: int = 0


def rank_reading(
    published_at: datetime, date_origin: str, content_hash: str, outlet: str, origin: str
) -> ReadingKey:
    """Return the key by which the greatest reading wins.

    A stated date beats none; then the later publication, or the earlier fetch
    of undated texts; the rest only breaks ties.
    """
    is_stated = date_origin != "fetched"
    moment = published_at.timestamp()
    rank = DATE_ORIGINS.index(date_origin) if date_origin in DATE_ORIGINS else len(DATE_ORIGINS)
    return is_stated, moment if is_stated else -moment, content_hash, -rank, outlet, origin


def rank_article(article: Article) -> ReadingKey:
    """Return the key of a fresh reading."""
    return rank_reading(
        article.published_at,
        article.date_origin,
        article.content_hash,
        article.outlet,
        article.origin,
    )


def rank_head(head: Mapping[str, Any]) -> ReadingKey:
    """Return the key of a stored article."""
    return rank_reading(
        head["published_at"],
        head["date_origin"],
        head["content_hash"],
        head["outlet"],
        head["origin"],
    )


def reconcile_readings(
    articles: Iterable[Article],
    heads: Mapping[str, Mapping[str, Any]],
    superseded: Set[tuple[str, str]],
    is_live: bool,
) -> Reconciled:
    """Return which readings are written, kept as old versions, or known already.

    Args:
        articles: a batch, with any number of readings of one article.
        heads: the stored current version of each known article.
        superseded: article id and content hash of stored old versions.
        is_live: readings come in the order of time (feeds, pages).
    """
    found = Reconciled()
    groups: dict[str, list[Article]] = {}
    for article in articles:
        groups.setdefault(article.article_id, []).append(article)
    for article_id, group in groups.items():
        best = max(group, key=rank_article)
        _settle(best, heads.get(article_id), superseded, is_live, found)
        seen = {best.content_hash}
        for other in sorted(group, key=rank_article, reverse=True)[1:]:
            if other.content_hash in seen:
                found.duplicate += 1
                continue
            seen.add(other.content_hash)
            _set_aside(other, heads.get(article_id), superseded, found)
    return found


def _settle(
    best: Article,
    head: Mapping[str, Any] | None,
    superseded: Set[tuple[str, str]],
    is_live: bool,
    found: Reconciled,
) -> None:
    if head is None:
        found.new += 1
        found.winners.append(best)
        found.resigned.add(best.article_id)
        return
    is_same = head["content_hash"] == best.content_hash
    if is_live:
        best = _inherit_date(best, head)
        is_better = not is_same and (best.article_id, best.content_hash) not in superseded
        is_better = is_better or (is_same and _is_better_dated(best, head))
    else:
        is_better = rank_article(best) > rank_head(head)
    if not is_better:
        _set_aside(best, head, superseded, found)
        return
    found.winners.append(best)
    found.updated += not is_same
    found.duplicate += is_same
    if not is_same or best.published_at.date() != head["published_at"].date():
        found.resigned.add(best.article_id)


def _set_aside(
    article: Article,
    head: Mapping[str, Any] | None,
    superseded: Set[tuple[str, str]],
    found: Reconciled,
) -> None:
    if head is not None and head["content_hash"] == article.content_hash:
        found.duplicate += 1
        return
    is_known = (article.article_id, article.content_hash) in superseded
    found.duplicate += is_known
    found.updated += not is_known
    found.losers.append(article)


def _inherit_date(article: Article, head: Mapping[str, Any]) -> Article:
    """Return a new version without a date of its own under the date of the old one."""
    if article.date_origin != "fetched":
        return article
    return replace(article, published_at=head["published_at"], date_origin=head["date_origin"])


def _is_better_dated(article: Article, head: Mapping[str, Any]) -> bool:
    return head["date_origin"] == "fetched" and article.date_origin != "fetched"
