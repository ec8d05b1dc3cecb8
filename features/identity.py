"""Stable names of articles, contents and refusals: hashes and canonical URLs."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from courlan import normalize_url

from features.types import Reject

_ID_BYTES = 12
# A day that only a dateline or the fetch gave may be resolved otherwise next time.
_STABLE_ORIGINS = ("feed", "metadata", "url")
# Nothing in such a URL is noise: lower-case host, plain path, no query.
_CLEAN = re.compile(r"https?://[a-z0-9.-]+/(?!.*(?:\.\.|//))[\w/.-]*", re.ASCII)
_SCHEME = re.compile(r"^https?://(?:www\.)?")


def hash_text(*parts: str) -> str:
    """Return 24 hex digits that stand for the parts and their order.

    Example:
        >>> hash_text("a", "b") == hash_text("ab")
        False
    """
    digest = blake2b(digest_size=_ID_BYTES)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\x1f")
    return digest.hexdigest()


def canonicalize_url(url: str | None) -> str | None:
    """Return a URL without tracking, fragment and letter-case noise, or None.

    Example:
        >>> canonicalize_url("HTTPS://Example.org/a/?utm_source=x#top")
        'https://example.org/a/'
    """
    if not url or len(url) > 4000:
        return None
    if _CLEAN.fullmatch(url):
        return url
    try:
        parts = urlsplit(url.strip())
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
        return str(normalize_url(parts._replace(fragment="")))
    except ValueError:
        return None


def key_of_url(url: str) -> str:
    """Return what makes two canonical URLs the same page: no scheme, www or end slash.

    Example:
        >>> key_of_url("http://www.example.org/a/") == key_of_url("https://example.org/a")
        True
    """
    return _SCHEME.sub("", url).rstrip("/")


def identify_article(
    url: str | None, content_hash: str, outlet: str, published_at: datetime, date_origin: str
) -> str:
    """Return the id: of the canonical URL, else of content, outlet and stated day.

    A day that only a dateline or the fetch gave stays out of the id, because a
    later reading of the same text may resolve it differently.
    """
    if url:
        return hash_text("url", key_of_url(url))
    is_stated = date_origin in _STABLE_ORIGINS
    day = published_at.date().isoformat() if is_stated else ""
    return hash_text("content", content_hash, outlet.casefold(), day)


def describe_reject(
    origin: str, reason: str, detail: str, excerpt: str = "", content_hash: str = ""
) -> Reject:
    """Return a reject; its id stands for origin, reason and content."""
    return Reject(
        reject_id=hash_text("reject", origin, reason, content_hash),
        origin=origin,
        reason=reason,
        detail=detail[:1000],
        excerpt=excerpt,
        content_hash=content_hash,
    )
