from __future__ import annotations

import pytest

from features.errors import SkippableError
from features.page import has_markup, is_page, read_page, strip_markup

BODY = "".join(
    f"<p>On day {n} the two governments exchanged notes on the border and set a new date.</p>"
    for n in range(6)
)
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Talks - Example</title>
<meta property="og:title" content="Talks resume in Lima">
<meta property="article:published_time" content="2026-01-09T10:00:00Z">
<meta property="og:site_name" content="Example News">
<link rel="canonical" href="https://example.org/talks">
<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle",
"datePublished": "2026-01-09T09:00:00Z", "headline": "Talks resume", "publisher":
{{"name": "Example"}}}}]}}</script></head>
<body><nav><a href="/">Home</a><a href="/world">World</a></nav><article><h1>Talks resume</h1>
{BODY}</article><footer>© 2026 Example</footer></body></html>"""


def test_read_page():
    page = read_page(PAGE)
    assert page.title == "Talks resume"
    assert page.outlet == "Example News"
    assert page.url == "https://example.org/talks"
    assert page.language == "en-GB"
    assert page.dates == ("2026-01-09T10:00:00Z", "2026-01-09T09:00:00Z")
    text = "\n".join(page.lines)
    assert "On day 5" in text
    assert "World" not in text


@pytest.mark.parametrize("markup", ["", "<!-- -->", "<html></html>", "<p></p>"])
def test_page_without_text_is_refused(markup):
    with pytest.raises(SkippableError) as caught:
        read_page(markup)
    assert caught.value.reason in {"empty", "unreadable"}


@pytest.mark.parametrize(
    "linked",
    [
        "{",
        "[]",
        "[[1]]",
        '{"datePublished": 5}',
        '{"datePublished": "x", "publisher": "y"}',
        "null",
    ],
)
def test_odd_linked_data_does_no_harm(linked):
    page = read_page(PAGE.replace('{"@graph"', linked + "</script><script>{", 1))
    assert page.lines


def test_deep_nesting_is_no_crash():
    deep = "<div>" * 20_000 + "text of a page that is nested far too deep" + "</div>" * 20_000
    try:
        read_page(deep)
    except SkippableError as err:
        assert err.reason in {"empty", "unreadable"}


def test_fragments():
    assert strip_markup("<p>A &lt; B</p><script>x</script><br>C") == "A < B\nC"
    assert not has_markup("a < b > c")
    assert is_page("<!DOCTYPE html><p>")
    assert not is_page("<p>fragment</p>")
