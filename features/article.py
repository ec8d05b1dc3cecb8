"""Turn one raw item into a cleaned, dated, identified article, or say why not.

Pure: no file, network or clock. The steps live beside this module: markup in
``page``, furniture in ``boilerplate``, days in ``dates`` and ``dateline``,
languages in ``language``, hashes in ``identity``, near-duplicates in ``stories``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import ftfy

from features.boilerplate import clean_lines, is_furniture, split_lines
from features.date_text import parse_date
from features.dateline import Opening, find_dateline
from features.dates import DateHints, DateParams, choose_date, find_date_line
from features.errors import SkippableError
from features.identity import canonicalize_url, describe_reject, hash_text, identify_article
from features.language import identify_language
from features.page import Page, has_markup, is_page, read_page, strip_markup
from features.types import Article, RawItem, Reject

_MOJIBAKE = re.compile(r"[\x80-\x9f\ufffd]|Ã[\x80-\xbf]|â€|[ÂÐÑ]\S")
_ENTITY = re.compile(r"&(?:#\d+|[a-z]{2,8});")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Soft hyphens, zero-width and direction marks split names without being seen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_UNKNOWN_OUTLET = "unknown"
_HEAD_LINES = 8


@dataclass(frozen=True, slots=True)
class ArticleParams:
    """What is accepted as an article.

    Args:
        languages: codes that are kept; all others are refused.
        max_chars: texts longer than this are refused.
        min_chars: cleaned texts shorter than this are refused.
        needs_date: refuse what only the time of the fetch could date.
        needs_known_date: refuse what states a date in a form that is not known, where
            only the time of the fetch could date it.
        excerpt_chars: characters of a refused item that its reject keeps.
        dates: what is believed of a date.
    """

    languages: tuple[str, ...] = ("en",)
    max_chars: int = 1_000_000
    min_chars: int = 20
    needs_date: bool = False
    needs_known_date: bool = False
    excerpt_chars: int = 500
    dates: DateParams = field(default_factory=DateParams)


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """Title and body without furniture, and what the dateline said."""

    title: str
    text: str
    opening: Opening | None
    date_line: str | None


def build_article(
    item: RawItem, params: ArticleParams = ArticleParams(), latest: datetime | None = None
) -> Article:
    r"""Return the cleaned, dated article of one raw item.

    Args:
        item: what a source delivered.
        params: what is accepted.
        latest: no stated date may be later (UTC); by default the fetch.

    Raises:
        SkippableError: the item is refused; ``reason`` is one of ``empty``,
            ``unreadable``, ``too_long``, ``too_short``, ``language``, ``no_date``.

    Example:
        >>> from datetime import UTC, datetime
        >>> body = "LIMA, Jan 09 — Peru and Chile held talks on Friday.\n0\nLEAVE A REPLY"
        >>> article = build_article(RawItem("a.txt", "text", body, datetime(2026, 1, 10)))
        >>> article.text, article.published_at.date().isoformat(), article.date_origin
        ('Peru and Chile held talks on Friday.', '2026-01-09', 'dateline')
    """
    page = _read_item(item, params)
    cleaned = _clean_page(page, item)
    _check_size(item, cleaned, params)
    language = _check_language(item, page, cleaned, params)
    url = canonicalize_url(item.url) or canonicalize_url(page.url)
    published_at, date_origin = _choose_date(item, page, cleaned, url, params, latest)
    outlet = _choose_outlet(item, page, url)
    content_hash = hash_text(cleaned.title, cleaned.text)
    article_id = identify_article(url, content_hash, outlet, published_at, date_origin)
    return Article(
        article_id=article_id,
        url=url,
        outlet=outlet,
        title=cleaned.title,
        text=cleaned.text,
        published_at=published_at,
        date_origin=date_origin,
        language=language,
        content_hash=content_hash,
        story_id=article_id,
        origin=item.origin,
    )


def build_reject(
    item: RawItem, reason: str, detail: str, params: ArticleParams = ArticleParams()
) -> Reject:
    """Return the record of a refused item; the same refusal has the same id."""
    excerpt = _CONTROL.sub("", item.body[: params.excerpt_chars * 4]).strip()
    return describe_reject(
        item.origin, reason, detail, excerpt[: params.excerpt_chars], hash_text(item.body)
    )


def repair_text(text: str) -> str:
    """Return text with broken encodings mended, control and invisible characters gone.

    Example:
        >>> repair_text("BogotÃ¡")
        'Bogotá'
    """
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    if "&" in text and _ENTITY.search(text):
        text = ftfy.fix_text(text, uncurl_quotes=False, unescape_html=True)
    if text.isascii():
        return text
    if _MOJIBAKE.search(text):
        text = ftfy.fix_text(text, uncurl_quotes=False)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _read_item(item: RawItem, params: ArticleParams) -> Page:
    if not item.body.strip():
        raise SkippableError("empty", f"no text in {item.origin!r}")
    if item.kind == "html" or (item.kind == "text" and is_page(item.body)):
        return read_page(item.body)
    if len(item.body) > params.max_chars:
        raise _too_long(item, len(item.body), params)
    body = strip_markup(item.body) if has_markup(item.body) else item.body
    return Page(lines=tuple(body.splitlines()))


def _clean_page(page: Page, item: RawItem) -> _Cleaned:
    lines = split_lines(repair_text("\n".join(page.lines)))
    title = _clean_title(item.title or page.title)
    date_line = None if item.kind == "record" else find_date_line(lines[:_HEAD_LINES])
    if not title and item.kind != "record":
        title, lines = _take_title(lines)
    body = [line for line in clean_lines(lines) if line != title]
    opening = None
    for index, line in enumerate(body[:3]):
        opening = find_dateline(line)
        if opening is not None:
            body[index] = line[opening.end :].strip()
            break
    text = "\n\n".join(line for line in body if line)
    return _Cleaned(title, text, opening, date_line)


def _clean_title(title: str) -> str:
    if not title:
        return ""
    text = strip_markup(title) if has_markup(title) else title
    return " ".join(repair_text(text).split())[:500]


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    """Return the first line that reads like a headline, and the lines after it."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if is_furniture(line):
            continue
        is_head = len(line) <= 200 and not line.endswith((".", "”", '"', ":", ";", ","))
        if is_head and index + 1 < len(lines) and find_dateline(line) is None:
            return line, lines[index + 1 :]
        break
    return "", lines


def _check_size(item: RawItem, cleaned: _Cleaned, params: ArticleParams) -> None:
    size = len(cleaned.text)
    if size > params.max_chars:
        raise _too_long(item, size, params)
    if not size and not cleaned.title:
        raise SkippableError("empty", f"only page furniture in {item.origin!r}")
    if size < params.min_chars:
        raise SkippableError(
            "too_short", f"expected {params.min_chars} characters of text, got {size}"
        )


def _too_long(item: RawItem, size: int, params: ArticleParams) -> SkippableError:
    return SkippableError(
        "too_long", f"expected at most {params.max_chars} characters, got {size} ({item.origin!r})"
    )


def _check_language(item: RawItem, page: Page, cleaned: _Cleaned, params: ArticleParams) -> str:
    sample = f"{cleaned.title}\n{cleaned.text[:4000]}"
    language = identify_language(sample, item.language or page.language)
    if language not in params.languages:
        expected = ", ".join(params.languages)
        raise SkippableError("language", f"expected {expected}, got a text in {language!r}")
    return language


def _choose_date(
    item: RawItem,
    page: Page,
    cleaned: _Cleaned,
    url: str | None,
    params: ArticleParams,
    latest: datetime | None,
) -> tuple[datetime, str]:
    printed = (cleaned.date_line,) if cleaned.date_line else ()
    hints = DateHints(
        published=item.published,
        metadata=(*page.dates, *printed),
        url=url,
        dateline=cleaned.opening.dateline if cleaned.opening else None,
        text=cleaned.text,
    )
    fetched_at = item.fetched_at.replace(tzinfo=item.fetched_at.tzinfo or UTC).astimezone(UTC)
    found, origin = choose_date(hints, fetched_at, params.dates, latest)
    if origin == "fetched":
        _check_dated(item, params)
    return found, origin


def _check_dated(item: RawItem, params: ArticleParams) -> None:
    if params.needs_date:
        raise SkippableError("no_date", f"nothing dates {item.origin!r}")
    stated = (item.published or "").strip()
    if params.needs_known_date and stated and parse_date(stated) is None:
        raise SkippableError(
            "no_date",
            f"expected a date that can be read one way only, got {stated[:60]!r};"
            " name its form as date_format among the columns of a source of kind files",
        )


def _choose_outlet(item: RawItem, page: Page, url: str | None) -> str:
    if item.outlet or page.outlet:
        return " ".join((item.outlet or page.outlet or "").split())[:200]
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else _UNKNOWN_OUTLET
