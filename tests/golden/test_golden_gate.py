"""The golden sentences are well-formed and unchanged since their floors were pinned."""

from __future__ import annotations

import json

import pytest

from bench.golden_gate import FLOORS, HALVES, GoldSentence, digest, read_golden
from features.countries import is_known_code
from features.ontology import FAMILIES, MODALITIES, PLOVER_EVENTS

SENTENCES = read_golden()


def test_there_are_enough_sentences_in_each_half() -> None:
    assert len(SENTENCES) >= 800
    assert min(sum(s.half == half for s in SENTENCES) for half in HALVES) >= 200


def test_ids_and_texts_are_unique() -> None:
    assert len({s.sentence_id for s in SENTENCES}) == len({s.text for s in SENTENCES})
    assert len({s.text for s in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.sentence_id)
def test_expected_events_use_known_codes(sentence: GoldSentence) -> None:
    for event in sentence.events:
        assert is_known_code(event.source)
        assert is_known_code(event.target)
        assert event.source != event.target
        assert event.event in PLOVER_EVENTS
        assert event.modality in MODALITIES
        assert event.families <= set(FAMILIES)


def test_floors_belong_to_these_sentences() -> None:
    assert json.loads(FLOORS.read_text("utf-8"))["digest"] == digest()
