"""Article pages as the world's outlets build them: only the story's own sentences come out."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from features.article import build_article
from features.errors import SkippableError
from features.types import RawItem

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
STORY = (
    "The defence minister of Peru said on Friday that two patrol boats of Bolivia had crossed the"
    " middle of the lake and had turned back after a warning.",
    "Bolivia denied the account and called in the Peruvian ambassador in La Paz, who was handed a"
    " note of protest.",
    "Both governments said that the talks planned for the end of the month would go ahead as"
    " agreed in November.",
    "Chile offered to host a meeting of the three navies in Arica, and Brazil called on its"
    " neighbours to show restraint.",
)
ONE, TWO, THREE, FOUR = STORY
BODY = "".join(f"<p>{line}</p>" for line in STORY)
DATED = '<meta property="article:published_time" content="2026-01-09T10:00:00Z">'


def write_page(body: str, head: str = "", title: str = "Boats cross the lake") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title} | The Example</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def write_linked(**said: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


# name -> page, the moment it states, what else may stand in the text
WHOLE = {
    "inserts, captions, newsletter box, most read": (
        write_page(
            f"""<main><article><h1>Boats cross the lake</h1>
<p class="byline">By <a href="/a">Maria Example</a> and John Sample</p>
<time datetime="2026-01-09T21:15:00-05:00">9 January 2026</time>
<figure><img src=x><figcaption>A patrol boat in 2019. Photo: Ana Sample</figcaption></figure>
<p>LIMA, Jan 9 (Example Wire) - {ONE}</p>
<p><a href="/x">READ MORE: Ten things to know about the lake border</a></p><p>{TWO}</p>
<div class="ad">Advertisement</div>
<p><strong>ALSO READ |</strong> <a href="/y">China and Japan trade blame over islands</a></p>
<p>{THREE}</p><div class="newsletter"><h3>Sign up for the Morning Brief</h3>
<p>Get the day's top stories in your inbox. By signing up you agree to our terms.</p>
<form><input><button>Subscribe</button></form></div><p>{FOUR}</p>
<p><em>Reporting by Maria Example in Lima; Editing by John Sample</em></p>
<p>Our Standards: The Example Trust Principles.</p></article></main>
<aside><h2>Most read</h2><ul><li><a href="/1">Iran fires missiles at Israel</a></li></ul></aside>"""
        ),
        "2026-01-10T02:15",
    ),
    "text in JSON-LD only": (
        write_page(
            '<div id="root"></div><noscript>You need to enable JavaScript.</noscript>',
            write_linked(
                **{"@type": "NewsArticle", "datePublished": "2026-01-09T10:00:00Z"},
                headline="Boats cross the lake",
                articleBody="\n".join(STORY),
            ),
        ),
        "2026-01-09T10:00",
    ),
    "JSON-LD without a date of publication": (
        write_page(
            f"<article>{BODY}</article>",
            write_linked(
                **{"@type": ["NewsArticle"], "publisher": [{"name": "The Example"}]},
                headline="Boats cross the lake",
                dateCreated="2026-01-08T10:00:00+02:00",
                dateModified="2026-01-09T10:00:00Z",
            ),
        ),
        "2026-01-08T08:00",
    ),
    "AMP": (
        f"""<!doctype html><html amp lang="en-GB"><head><title>Boats cross the lake</title>
<link rel="canonical" href="https://news.example/world/lake"><style amp-boilerplate>a{{}}</style>
{write_linked(headline="Boats cross the lake", datePublished="2026-01-09T10:00:00+05:30")}</head>
<body><amp-sidebar><ul><li>World</li><li>Asia</li></ul></amp-sidebar><article>
<h1>Boats cross the lake</h1><amp-img src=x alt="boat"></amp-img>{BODY}<amp-ad></amp-ad>
<amp-social-share type=twitter></amp-social-share></article></body></html>""",
        "2026-01-09T04:30",
    ),
    "cookie banner before the article": (
        write_page(
            "<div id='consent'><p>We use cookies to give you the best experience.</p></div>"
            f"<article><h1>Boats cross the lake</h1>{BODY}</article>",
            DATED,
        ),
        "2026-01-09T10:00",
    ),
    "broadcaster: ago, caption, links between paragraphs": (
        write_page(
            f"""<main><article><h1>Boats cross the lake</h1><div>8 hours ago</div><div>Share</div>
<div>Save</div><figure><figcaption>Image caption, The lake is high up</figcaption></figure>
<p><b>{ONE}</b></p><p>{TWO}</p><ul><li><a href=a>Why Guyana and Venezuela quarrel</a></li>
<li><a href=b>US strikes boat off Venezuela</a></li></ul><p>{THREE}</p><p>{FOUR}</p></article>
</main>""",
            DATED,
        ),
        "2026-01-09T10:00",
    ),
    "American agency: time before the date, credits at the end": (
        write_page(
            f"""<article><h1>Boats cross the lake</h1><div>By MARIA EXAMPLE</div>
<div>Updated 9:24 PM GMT-5, January 9, 2026</div><p>LIMA, Peru (AP) — {ONE}</p><p>{TWO}</p>
<p>___</p><p>{THREE}</p><p>{FOUR}</p><p>___</p>
<p>Example Press writer John Sample in La Paz contributed to this report.</p>
<p>Follow our coverage of Latin America at https://news.example/latin-america</p></article>"""
        ),
        "2026-01-10T02:24",
    ),
    "French agency": (
        write_page(
            f"""<article><h1>Boats cross the lake</h1><p>Lima (Peru) (AFP) – {ONE}</p><p>{TWO}</p>
<p>Issued on: 09/01/2026 - 21:14</p><p>{THREE}</p><p>{FOUR}</p><p>© 2026 AFP</p></article>""",
            '<meta name="date" content="09.01.2026 21:14">',
        ),
        "2026-01-09T21:14",
    ),
    "no paragraphs at all": (
        write_page(f"<div><h1>Boats cross the lake</h1>{'<br><br>'.join(STORY)}</div>", DATED),
        "2026-01-09T10:00",
    ),
}


@pytest.mark.parametrize(("page", "moment"), WHOLE.values(), ids=list(WHOLE))
def test_the_story_and_nothing_else(page, moment):
    article = build_article(RawItem("o", "html", page, NOW, url="https://news.example/a"))
    assert article.text.split("\n\n") == list(STORY)
    assert article.title == "Boats cross the lake"
    assert f"{article.published_at:%Y-%m-%dT%H:%M}" == moment


def test_a_live_blog_keeps_its_entries():
    posts = "".join(
        f"<article><h2>Entry {n}</h2><time>1{n}:00</time><p>{line}</p></article>"
        for n, line in enumerate(STORY)
    )
    linked = write_linked(
        **{"@type": "LiveBlogPosting"}, headline="Lake live", datePublished="2026-01-09T15:00:00Z"
    )
    page = write_page(f"<main><h1>Lake live</h1>{posts}</main>", linked)
    article = build_article(RawItem("o", "html", page, NOW))
    assert set(STORY) <= set(article.text.split("\n\n"))
    assert article.published_at == datetime(2026, 1, 9, 15, tzinfo=UTC)


def test_a_paywall_leaves_what_may_be_read():
    page = write_page(
        f"""<article><h1>Boats cross the lake</h1><p>{ONE}</p><div class="paywall">
<h2>Subscribe to read the full story</h2><p>Already a subscriber? Log in</p>
<p>Unlimited digital access for $1 a week. Cancel anytime.</p>
<p>This article is for subscribers only.</p></div></article>""",
        DATED,
    )
    assert build_article(RawItem("o", "html", page, NOW)).text == ONE


NO_NEWS = {
    "cookie wall": "<h1>Before you continue</h1><p>We and our 842 partners store and/or access"
    " information on a device, such as unique identifiers in cookies.</p><p>Accept all</p>",
    "check for robots": "<h1>Just a moment...</h1><p>Checking your browser before accessing the"
    " site. This process is automatic.</p><p>Enable JavaScript and cookies to continue</p>",
    "access denied": "<h1>Access Denied</h1><p>You don't have permission to access this page on"
    " this server.</p><p>Reference #18.2d351ab8.1557333295.a4e16ab</p>",
    "not found, said with status 200": "<h1>Page not found</h1><p>Sorry, the page you are looking"
    " for does not exist or has been moved.</p>",
    "frames": "<frameset cols=50,50><frame src=a><frame src=b></frameset>",
    "video": "<h1>Boats on the lake</h1><p>Watch: boats cross the lake</p><p>01:23</p>",
}


@pytest.mark.parametrize("body", NO_NEWS.values(), ids=list(NO_NEWS))
def test_a_page_without_news_is_refused(body):
    with pytest.raises(SkippableError) as caught:
        build_article(RawItem("o", "html", write_page(body), NOW))
    assert caught.value.reason in {"empty", "too_short"}
