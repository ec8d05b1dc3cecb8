from __future__ import annotations

import pytest

from features.identity import canonicalize_url, describe_reject, hash_text, key_of_url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.org/a?utm_source=x&id=3", "https://example.org/a?id=3"),
        ("https://Example.ORG/a#top", "https://example.org/a"),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("mailto:a@example.org", None),
        ("http://", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
        ("https://example.org/" + "a" * 5000, None),
    ],
)
def test_canonicalize_url(url, canonical):
    assert canonicalize_url(url) == canonical


def test_same_page_same_key():
    urls = ("http://www.example.org/a/", "https://example.org/a")
    assert len({key_of_url(url) for url in urls}) == 1


def test_hash_keeps_the_borders_of_its_parts():
    assert hash_text("a", "bc") != hash_text("ab", "c")
    assert hash_text("\ud800") == hash_text("\ud800")


def test_same_refusal_same_id():
    assert describe_reject("a", "empty", "x") == describe_reject("a", "empty", "x")
