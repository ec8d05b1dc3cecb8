"""Lessons: templates written out, and what the shipped coder has learnt from them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from features.events import TextStage, code_articles
from features.types import Article
from flows.textstage import build_text_stage
from models.coder.lessons import PLAIN, WIRE, expand, read_lessons


@pytest.fixture(scope="module")
def stage() -> TextStage:
    return build_text_stage(None, 0.5)


def code(stage: TextStage, text: str) -> set[tuple[str, str, str, str]]:
    moment = datetime(2026, 1, 9, tzinfo=UTC)
    article = Article("a", None, "made", "", text, moment, "feed", "en", "a", "a", "made")
    (found,) = code_articles([article], stage)
    return {(e.source_iso3, e.target_iso3, e.plover_event, e.modality) for e in found.events}


def test_lists_of_a_template_run_side_by_side() -> None:
    assert expand("[a|b] and [c|d|e]") == ["a and c", "b and d", "a and e"]
    assert expand("none") == ["none"]


def test_lessons_name_their_countries_and_have_no_slot_left() -> None:
    lessons = [*read_lessons(PLAIN), *read_lessons(WIRE)]
    assert len(lessons) > 7000
    assert len({lesson.entry.entry_id for lesson in lessons}) == len(lessons)
    assert not [lesson.entry.text for lesson in lessons if set(lesson.entry.text) & set("{}[]|")]
    for lesson in lessons:
        for event in lesson.label.events:
            assert event.source_iso3 != event.target_iso3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Manila's president floated air strikes on Malaysia.",
            ("PHL", "MYS", "THREATEN", "asserted"),
            id="floated",
        ),
        pytest.param(
            "Burma is weighing the use of force against Laos.",
            ("MMR", "LAO", "THREATEN", "asserted"),
            id="weighing",
        ),
        pytest.param(
            "The Algerian leader raised military action against Mali in a speech.",
            ("DZA", "MLI", "THREATEN", "asserted"),
            id="raised",
        ),
        pytest.param(
            "Bolivia is preparing a military operation in Paraguay.",
            ("BOL", "PRY", "ASSAULT", "planned"),
            id="preparing",
        ),
        pytest.param(
            "Nigeria did not bomb Niger.", ("NGA", "NER", "ASSAULT", "negated"), id="negated"
        ),
        pytest.param(
            "Portugal invaded Angola in 1961.",
            ("PRT", "AGO", "ASSAULT", "historical"),
            id="historical",
        ),
        pytest.param(
            "Finland might impose sanctions on Belarus.",
            ("FIN", "BLR", "SANCTION", "hypothetical"),
            id="hypothetical",
        ),
        pytest.param(
            "Jakarta says Australia shelled an Indonesian island.",
            ("AUS", "IDN", "ASSAULT", "reported"),
            id="reported",
        ),
    ],
)
def test_frames_and_modality_carry_over_to_other_countries(
    stage: TextStage, text: str, expected: tuple[str, str, str, str]
) -> None:
    assert expected in code(stage, text)
    assert (expected[1], expected[0], *expected[2:]) not in code(stage, text)


def test_capture_of_a_president_is_an_assault_by_the_captors_alone(stage: TextStage) -> None:
    found = code(stage, "The Chadian president was captured by French forces in a night raid.")
    assert {event[:3] for event in found} == {("FRA", "TCD", "ASSAULT")}


def test_families_never_name_a_mask(stage: TextStage) -> None:
    moment = datetime(2026, 1, 9, tzinfo=UTC)
    text = "Ghana and Togo signed a peace treaty and struck a deal on Monday."
    article = Article("a", None, "made", "", text, moment, "feed", "en", "a", "a", "made")
    (found,) = code_articles([article], stage)
    families = {family for event in found.events for family in event.families}
    assert "diplomacy" in families
    assert "mask" not in families
