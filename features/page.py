"""What an HTML page says of itself and the lines of text that it holds.

Markup only: which lines are furniture is decided in ``features.boilerplate``,
which date is believed in ``features.dates``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import orjson
import trafilatura
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from features.errors import SkippableError

_TAG = re.compile(r"<(?:/?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?|!--.*?--)>", re.DOTALL)
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|blockquote|tr|table|section|article|figure)\b[^<>]*>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<(script|style|noscript|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_LOOKS_LIKE_PAGE = re.compile(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_META_TITLE = ("og:title", "twitter:title", "dc.title", "title")
_META_DATE = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "og:published_time",
)
_META_OUTLET = ("og:site_name", "application-name", "dc.publisher", "publisher")
_MAX_JSON = 400_000


@dataclass(frozen=True, slots=True)
class Page:
    """The text lines and the self-description of one page."""

    lines: tuple[str, ...]
    title: str = ""
    dates: tuple[str, ...] = ()
    outlet: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(slots=True)
class _Linked:
    """What a page's JSON-LD adds."""

    dates: list[str] = field(default_factory=list)
    title: str = ""
    outlet: str = ""
    body: str = ""


def has_markup(text: str) -> bool:
    """Return whether a text holds HTML tags.

    Example:
        >>> has_markup("<p>Talks</p>"), has_markup("losses < 5 and > 3")
        (True, False)
    """
    return "<" in text and _TAG.search(text) is not None


def is_page(text: str) -> bool:
    """Return whether a text is a whole HTML page, not a fragment."""
    return _LOOKS_LIKE_PAGE.search(text[:4096]) is not None


def strip_markup(fragment: str) -> str:
    r"""Return the text of an HTML fragment, one line per block.

    Example:
        >>> strip_markup("<p>Talks &amp; <b>more</b> talks</p><p>End</p>").split("\n")
        ['Talks & more talks', 'End']
    """
    text = _HIDDEN.sub(" ", fragment)
    text = _BLOCK.sub("\n", text)
    text = unescape(_TAG.sub("", text))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def read_page(markup: str) -> Page:
    """Return a page's title, dates, outlet, URL, language and text lines.

    Raises:
        SkippableError: ``unreadable`` when the markup has no tree,
            ``empty`` when the page holds no text.
    """
    tree = _build_tree(markup)
    meta = _read_meta(tree)
    linked = _read_linked(tree)
    dates = [meta[name] for name in _META_DATE if name in meta]
    times = tree.xpath("//time/@datetime")[:1]
    page = Page(
        lines=(),
        title=_choose_title(tree, meta, linked),
        dates=tuple(str(d) for d in (*dates, *linked.dates, *times)),
        outlet=_first(meta, _META_OUTLET) or linked.outlet or None,
        url=_find_canonical(tree, meta),
        language=tree.get("lang") or meta.get("og:locale"),
    )
    # Last, because the extraction takes the tree apart.
    text = _extract_text(tree, markup)
    return replace(page, lines=tuple(_restore_lines(text, linked.body).splitlines()))


def _restore_lines(text: str, body: str) -> str:
    """Return the JSON-LD text with its own lines where it is all that was extracted."""
    return body if text.split() == body.split() else text


def _build_tree(markup: str) -> Any:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as err:
        raise SkippableError("unreadable", f"expected an HTML page, got {err}") from err
    return tree


def _extract_text(tree: Any, markup: str) -> str:
    try:
        text = trafilatura.extract(tree, include_comments=False, include_tables=False, fast=True)
    except (RecursionError, ValueError, AttributeError, KeyError, TypeError) as err:
        raise SkippableError("unreadable", f"the page broke the text extraction: {err}") from err
    if not text:  # the tree is spent by now
        text = "\n".join(_paragraphs(_build_tree(markup)))
    if not text:
        raise SkippableError("empty", f"no text in a page of {len(markup)} characters")
    return str(text)


def _paragraphs(tree: Any) -> Iterator[str]:
    for node in tree.iter("p", "h1"):
        text = " ".join(node.text_content().split())
        if text:
            yield text


def _read_meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        content = node.get("content")
        if name and content:
            found.setdefault(name.lower(), content.strip())
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if meta.get(name)), "")


def _choose_title(tree: Any, meta: dict[str, str], linked: _Linked) -> str:
    headings = [" ".join(h.text_content().split()) for h in tree.xpath("//h1")[:3]]
    single = [h for h in headings if h]
    head = tree.findtext(".//title") or ""
    choices = (linked.title, _first(meta, _META_TITLE), *single[:1], " ".join(head.split()))
    return next((choice for choice in choices if choice), "")


def _find_canonical(tree: Any, meta: dict[str, str]) -> str | None:
    links = tree.xpath("//link[@rel='canonical']/@href")
    url = str(links[0]) if links else meta.get("og:url", "")
    return url if url.startswith(("http://", "https://")) else None


def _read_linked(tree: Any) -> _Linked:
    found = _Linked()
    for script in tree.xpath("//script[@type='application/ld+json']/text()")[:10]:
        if len(script) > _MAX_JSON:
            continue
        try:
            data = orjson.loads(str(script))
        except orjson.JSONDecodeError:
            continue
        for node in _walk_linked(data):
            _take_linked(node, found)
    return found


def _walk_linked(data: Any) -> Iterator[dict[str, Any]]:
    nodes = data if isinstance(data, list) else [data]
    for node in nodes[:50]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            if isinstance(graph, list):
                yield from (item for item in graph[:50] if isinstance(item, dict))


def _take_linked(node: dict[str, Any], found: _Linked) -> None:
    published = node.get("datePublished") or node.get("dateCreated")
    if not isinstance(published, str):
        return
    found.dates.append(published)
    headline, publisher = node.get("headline"), node.get("publisher")
    if isinstance(node.get("articleBody"), str):
        found.body = found.body or node["articleBody"]
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    if isinstance(headline, str) and not found.title:
        found.title = headline.strip()
    if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
        found.outlet = found.outlet or publisher["name"].strip()
