"""How many articles are read at a time changes no event; nor does a text that comes twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from features import events
from features.events import TextStage, code_articles
from features.types import Article
from flows.textstage import build_text_stage

TEXTS = (
    "Russia bombed Ukraine on Monday. France condemned Russia over the attack.",
    "Rain fell in the hills.",
    "Iran threatened Israel with missiles. Rain fell.",
    "Russia bombed Ukraine on Monday. France condemned Russia over the attack.",
    "China and Japan signed a trade agreement in Beijing.",
    "Leaders of France, Germany, Italy, Spain, Poland, Sweden, Norway, Denmark, Japan, China and"
    " India met in Geneva.",
)
ARTICLES = [
    Article(f"a{k}", None, "", "", text, datetime(2024, 5, 1, tzinfo=UTC), "feed", "en", "", "", "")
    for k, text in enumerate(TEXTS)
]


@pytest.fixture(scope="module")
def stage() -> TextStage:
    return build_text_stage(None, 0.5)


def test_events_do_not_depend_on_how_many_are_read_at_a_time(
    stage: TextStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = list(code_articles(ARTICLES, stage))
    monkeypatch.setattr(events, "STEP_ARTICLES", 1)
    monkeypatch.setattr(events, "CHUNK_SENTENCES", 1)
    assert list(code_articles(ARTICLES, stage)) == together
    assert [found.article for found in together] == ARTICLES


def test_same_text_has_the_same_events_in_every_article(stage: TextStage) -> None:
    found = list(code_articles(ARTICLES, stage))
    first, again = found[0].events, found[3].events
    assert first
    assert [e.article_id for e in again] == ["a3"] * len(first)
    assert [(e.source_iso3, e.target_iso3, e.plover_event, e.start) for e in again] == [
        (e.source_iso3, e.target_iso3, e.plover_event, e.start) for e in first
    ]


def test_no_article_is_no_extraction(stage: TextStage) -> None:
    assert not list(code_articles([], stage))
