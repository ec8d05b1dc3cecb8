"""Hostile text through the whole text stage: bounded memory, never a crash.

Time is measured by ``bench/text_speed.py``; a text that took more than linear time would
not let these tests end.
"""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.countries import load_countries
from features.events import Extraction, TextStage, code_articles
from features.ontology import MODALITIES, PLOVER_EVENTS
from features.types import Article
from flows.textstage import build_text_stage

NAMES = [country.name for country in load_countries().values()]
MEMORY_LIMIT = 600 * 2**20

SNIPPETS = st.sampled_from(
    [
        *NAMES[:60],
        "threatened",
        "bombed",
        "met",
        "the president of",
        " \u202e",
        "Gha\u00adna",
        "To\u200bgo",
        "Co\u0302te d'Ivoire",
        "Gh\u0430na",
        "\u0301" * 50,
        "🇬🇭",
        "“‘",
        "’”",
        "\x00\x1b[31m",
        "\ufeff",
        "Россия напала на",
        "中国警告日本。",
        "إسرائيل",
        "🚀",
        "\n\n",
        "...",
        '"',
        "(((",
        "'s",
        " ",
    ]
)
WILD = st.lists(st.one_of(SNIPPETS, st.text(max_size=20)), max_size=40).map(" ".join)


@pytest.fixture(scope="module")
def stage() -> TextStage:
    return build_text_stage(None, 0.5)


def code(stage: TextStage, text: str) -> Extraction:
    moment = datetime(2026, 1, 9, tzinfo=UTC)
    article = Article("a", None, "made", "", text, moment, "feed", "en", "a", "a", "made")
    (found,) = code_articles([article], stage)
    return found


def check(found: Extraction, text: str) -> None:
    """Assert that every event is a valid one and points at its sentence."""
    for event, detail in zip(found.events, found.details, strict=True):
        assert event.source_iso3 != event.target_iso3
        assert {event.source_iso3, event.target_iso3} <= set(found.countries)
        assert event.plover_event in PLOVER_EVENTS
        assert event.modality in MODALITIES
        assert 0.0 <= event.confidence <= 1.0
        assert 0 <= event.start < event.end <= len(text)
        assert text[event.start : event.end].rstrip() == event.sentence
        assert sum(detail.probs.values()) == pytest.approx(1.0, abs=0.01)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=WILD)
def test_wild_text_gives_valid_events_or_none(text: str) -> None:
    check(code(build_text_stage(None, 0.5), text), text)


@settings(max_examples=20, deadline=None)
@given(text=WILD)
def test_the_same_text_gives_the_same_events(text: str) -> None:
    stage = build_text_stage(None, 0.5)
    assert code(stage, text).events == code(stage, text).events


MILLION = 10**6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ghana bombed Togo and " * 20_000, id="no sentence end"),
        pytest.param(
            "Ghana bombed Togo and " * (5 * MILLION // 22),
            id="5 MB, no sentence end",
            marks=pytest.mark.slow,
        ),
        pytest.param("x" * (5 * MILLION) + " Ghana bombed Togo.", id="5 MB word"),
        pytest.param(" ".join(NAMES[k % len(NAMES)] for k in range(10_000)), id="10,000 names"),
        pytest.param(
            ", ".join(NAMES[k % len(NAMES)] for k in range(10_000)) + ".", id="10,000 in a list"
        ),
        pytest.param("Ghana\x00 bombed\x1b Togo\x07. " * 2_000, id="control characters"),
        pytest.param("Ghana (" * 20_000 + "Togo" + ")" * 20_000, id="nested brackets"),
        pytest.param('"“Ghana said ' * 5_000 + "bombed Togo." + '”"' * 5_000, id="nested quotes"),
        pytest.param("GhanaTogo" * (MILLION // 9), id="1 MB without a space"),
        pytest.param("Ghana.Togo," * (MILLION // 11), id="1 MB of names and stops"),
        pytest.param("Ghana-Togo-" * (MILLION // 11), id="1 MB of names and hyphens"),
        pytest.param("U.S." * (MILLION // 4) + " Ghana", id="1 MB of abbreviations"),
        pytest.param("of the " * (MILLION // 7) + "Ghana and Togo.", id="1 MB of small words"),
        pytest.param("Ghana" + "\u0301" * MILLION + " bombed Togo.", id="a million accents"),
        pytest.param("🇬🇭 bombed 🇹🇬. " * 5_000, id="flags"),
        pytest.param("Putin said. " + "he " * (MILLION // 3) + "Togo.", id="1 MB of pronouns"),
        pytest.param("." * MILLION + "Ghana bombed Togo.", id="a million ends"),
        pytest.param("\n" * MILLION + "Ghana bombed Togo.", id="a million lines"),
        pytest.param("Ghana met Togo. " * 200, id="one event 200 times"),
    ],
)
def test_huge_text_is_read_in_bounded_memory(stage: TextStage, text: str) -> None:
    tracemalloc.start()
    try:
        found = code(stage, text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY_LIMIT
    check(found, text)


def test_a_stretch_too_long_to_be_a_sentence_is_left_out_and_the_rest_is_read(
    stage: TextStage,
) -> None:
    long = "Ghana bombed Togo and " * 2_000
    assert not code(stage, long).events
    mixed = code(stage, f"{long}\nGhana threatened Togo with war.")
    assert {event.plover_event for event in mixed.events} == {"THREATEN"}


def test_control_characters_do_not_hide_an_event(stage: TextStage) -> None:
    found = code(stage, "Ghana threatened\x07 Togo with war.")
    assert {(e.source_iso3, e.target_iso3) for e in found.events} == {("GHA", "TGO")}
