"""Explicit frames and the lexicon as tie-breaker."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from features.actors import load_gazetteer
from features.frames import choose_class, has_explicit_frame
from features.nlp import build_nlp
from features.pairs import PairView, find_pairs, read_sentence


def views_of(text: str) -> dict[tuple[str, str], PairView]:
    doc = build_nlp()(text)
    mentions = load_gazetteer().find(text, date(2026, 1, 9))
    views = find_pairs(read_sentence(doc, mentions))
    return {(view.source.iso3, view.target.iso3): view for view in views}


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        pytest.param("Russia attacked Ukraine.", ("RUS", "UKR"), id="active"),
        pytest.param("Ukraine was attacked by Russia.", ("RUS", "UKR"), id="passive"),
    ],
)
def test_agent_and_patient_of_one_verb_are_an_explicit_frame(
    text: str, pair: tuple[str, str]
) -> None:
    views = views_of(text)
    assert has_explicit_frame(views[pair])
    assert not has_explicit_frame(views[pair[::-1]])


def test_an_undecided_coder_listens_to_the_lexicon() -> None:
    view = views_of("Russia attacked Ukraine.")[("RUS", "UKR")]
    classes = ("ASSAULT", "CONSULT", "NONE")
    best, is_firm = choose_class(view, np.array([0.15, 0.25, 0.1]), classes)
    assert classes[best] == "ASSAULT"
    assert is_firm


def test_a_decided_coder_does_not() -> None:
    view = views_of("Russia attacked Ukraine.")[("RUS", "UKR")]
    best, _ = choose_class(view, np.array([0.2, 0.6, 0.2]), ("ASSAULT", "CONSULT", "NONE"))
    assert best == 1
