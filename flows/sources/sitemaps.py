"""Sitemaps and news sitemaps to lists of page addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from features.date_text import parse_date
from features.errors import SkippableError

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_MAX_URLS = 50_000


@dataclass(frozen=True, slots=True)
class SitemapLink:
    """A page, or another sitemap when ``is_index``, with what is said of it."""

    url: str
    published: str | None = None
    title: str | None = None
    is_index: bool = False
    updated: str | None = None


def read_sitemap(data: bytes) -> list[SitemapLink]:
    """Return the links of a sitemap, newest first where dates are given.

    Raises:
        SkippableError: ``empty``, ``entity``, ``broken_xml`` or ``not_a_sitemap``.

    Example:
        >>> read_sitemap(b"<urlset><url><loc>https://a.example/1</loc></url></urlset>")[0].url
        'https://a.example/1'
    """
    if not data.strip():
        raise SkippableError("empty", "expected a sitemap, got nothing")
    if _ENTITY.search(data):
        raise SkippableError("entity", "the sitemap declares entities of its own")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as err:
        raise SkippableError("broken_xml", f"not a sitemap: {err}") from err
    kind = _local(root)
    if kind not in ("urlset", "sitemapindex"):
        raise SkippableError("not_a_sitemap", f"expected a urlset, got <{kind}>")
    links = [_read_link(node, kind == "sitemapindex") for node in root[:_MAX_URLS]]
    found = [link for link in links if link is not None]
    return sorted(found, key=_age_key, reverse=True)


def _local(node: Any) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _read_link(node: Any, is_index: bool) -> SitemapLink | None:
    said: dict[str, str] = {}
    for child in node.iter():
        if child.text and child.text.strip():
            said.setdefault(_local(child), child.text.strip())
    url = said.get("loc", "")
    if not url.startswith(("http://", "https://")):
        return None
    updated = said.get("lastmod")
    published = said.get("publication_date") or updated
    return SitemapLink(url, published, said.get("title"), is_index, updated)


def _age_key(link: SitemapLink) -> str:
    moment = parse_date(link.published) if link.published else None
    return moment.isoformat() if moment else ""
