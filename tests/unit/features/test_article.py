from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from features.article import ArticleParams, build_article, build_reject, repair_text
from features.errors import SkippableError
from features.types import RawItem

FETCHED = datetime(2026, 1, 10, tzinfo=UTC)
WIRE = """Peru's president to receive his Bolivian counterpart in March

0
5

LIMA, Jan 09 — Peru's president said on Friday that he would receive the president of Bolivia
in the first week of March, after months of quarrels over the lake border.

The two leaders spoke by telephone on Wednesday. Relations between Lima and La Paz have been
strained since a patrol boat was seized on January 3, 2026, near the town of Puno.

Earlier this week the Peruvian leader had said that sending the navy “sounds good”.

LEAVE A REPLY

Please enter your comment!
Please enter your name here"""
SENTENCE = "The foreign ministers of Chile and Peru met in Santiago to sign a fishing treaty."


def make(body: str, kind: str = "text", **fields) -> RawItem:
    return RawItem(fields.pop("origin", "a.txt"), kind, body, FETCHED, **fields)


def test_wire_story_with_counters_dateline_and_comment_form():
    article = build_article(make(WIRE))
    assert article.title == "Peru's president to receive his Bolivian counterpart in March"
    assert article.text.startswith("Peru's president said on Friday")
    assert article.text.endswith("“sounds good”.")
    assert article.published_at == datetime(2026, 1, 9, tzinfo=UTC)
    assert article.date_origin == "dateline"
    assert article.language == "en"
    assert article.story_id == article.article_id
    for furniture in ("\n0\n", "\n5\n", "LEAVE A REPLY", "enter your", "LIMA, Jan"):
        assert furniture not in f"\n{article.text}\n"


@pytest.mark.realdata
def test_the_given_article():
    folder = os.environ.get("DYADRISK_DATA")
    if not folder:
        pytest.skip("DYADRISK_DATA is not set")
    body = (Path(folder).parent / "seed" / "article.txt").read_text("utf-8")
    article = build_article(make(body))
    lines = article.text.splitlines()
    assert article.published_at == datetime(2026, 1, 9, tzinfo=UTC)
    assert article.date_origin == "dateline"
    assert not {"0", "5", "LEAVE A REPLY"} & set(lines)
    assert "Please enter" not in article.text
    assert article.text.startswith("U.S. President Donald Trump announced")
    assert article.text.rstrip().endswith("once-escalating crisis.")


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        pytest.param(make(" \n "), "empty", id="blank"),
        pytest.param(make("0\n5\nShare\nTweet"), "empty", id="furniture only"),
        pytest.param(make("Yes, no."), "too_short", id="two words"),
        pytest.param(make("a " * 600_000), "too_long", id="over a megabyte"),
        pytest.param(
            make("Le ministre des Affaires étrangères se rendra à Lima vendredi prochain."),
            "language",
            id="French",
        ),
        pytest.param(make("<html><body></body></html>", "html"), "empty", id="empty page"),
    ],
)
def test_refusals(item, reason):
    with pytest.raises(SkippableError) as caught:
        build_article(item)
    assert caught.value.reason == reason


def test_undated_items_can_be_refused():
    with pytest.raises(SkippableError) as caught:
        build_article(make(SENTENCE), ArticleParams(needs_date=True))
    assert caught.value.reason == "no_date"


@pytest.mark.parametrize(
    ("published", "url", "reason"),
    [("05/01/2026", None, "no_date"), ("05/01/2026", "https://a.example/2026/01/05/x", None),
     ("2027-05-05", None, None), ("", None, None)],
)  # fmt: skip
def test_a_stated_date_that_cannot_be_read_may_be_refused(published, url, reason):
    item = make(SENTENCE, "record", published=published, url=url)
    if reason is None:
        assert build_article(item, ArticleParams(needs_known_date=True)).text == SENTENCE
        return
    with pytest.raises(SkippableError) as caught:
        build_article(item, ArticleParams(needs_known_date=True))
    assert caught.value.reason == reason
    assert build_article(item).date_origin == "fetched"


def test_record_without_title_or_url():
    article = build_article(make(SENTENCE, "record", published="2026-01-05", outlet="Example"))
    assert (article.title, article.text, article.outlet) == ("", SENTENCE, "Example")
    assert article.published_at == datetime(2026, 1, 5, tzinfo=UTC)
    assert article.date_origin == "feed"


def test_same_url_same_id_other_content_other_hash():
    url = "https://example.org/a"
    first = build_article(make(SENTENCE, "record", url=url))
    second = build_article(make(SENTENCE + " It was late.", "record", url=url + "?utm_source=x"))
    assert first.article_id == second.article_id
    assert first.content_hash != second.content_hash


def test_without_url_the_stated_day_and_outlet_tell_items_apart():
    one = build_article(make(SENTENCE, "record", published="2026-01-05"))
    same = build_article(make(SENTENCE, "record", published="2026-01-05", origin="b"))
    other = build_article(make(SENTENCE, "record", published="2026-01-06"))
    assert one.article_id == same.article_id != other.article_id


def test_undated_text_keeps_its_id_whenever_it_is_read():
    early = build_article(make(SENTENCE))
    late = build_article(RawItem("x", "text", SENTENCE, datetime(2026, 5, 1, tzinfo=UTC)))
    assert early.article_id == late.article_id


def test_outlet_from_the_url():
    article = build_article(make(SENTENCE, url="https://www.example.org/a"))
    assert article.outlet == "example.org"


def test_markup_inside_a_record_is_stripped():
    body = f"<p>{SENTENCE}</p><p>It was &quot;late&quot;.</p><img src=x>"
    assert build_article(make(body, "record")).text == f'{SENTENCE}\n\nIt was "late".'


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("BogotÃ¡ and MedellÃ­n", "Bogotá and Medellín"),
        ("he said â€œnoâ€\x9d", "he said “no”"),
        ("a\x00b\x1fc", "abc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("Bogota\u0301", "Bogotá"),
        ("Co\u00adlom\u200bbia\u2060 and \u202eGhana\u202c\ufeff", "Colombia and Ghana"),
    ],
)
def test_repair_text(broken, mended):
    assert repair_text(broken) == mended


def test_reject_keeps_a_short_excerpt():
    reject = build_reject(make("x\x00" * 5000), "binary", "why")
    assert len(reject.excerpt) <= 500
    assert "\x00" not in reject.excerpt
    assert reject.reason == "binary"
