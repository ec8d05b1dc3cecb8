"""Explicit frames and the lexicon as tie-breaker."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from features.actors import load_gazetteer
from features.frames import (
    choose_class,
    has_explicit_frame,
    turned_on_each_other,
    weigh_classes,
)
from features.nlp import build_nlp
from features.pair_features import trigger_index
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
    classes = ("ASSAULT", "CONSULT", "AID", "NONE")
    best, is_firm = choose_class(view, np.array([0.25, 0.33, 0.3, 0.12]), classes)
    assert classes[best] == "ASSAULT"
    assert is_firm


def test_a_decided_coder_does_not() -> None:
    view = views_of("Russia attacked Ukraine.")[("RUS", "UKR")]
    best, _ = choose_class(view, np.array([0.2, 0.6, 0.2]), ("ASSAULT", "CONSULT", "NONE"))
    assert best == 1


def test_a_long_pattern_outweighs_a_single_word_where_the_coder_is_undecided() -> None:
    text = "Amid pressure at home, Ghana's leader suggested military action against Togo."
    view = views_of(text)[("GHA", "TGO")]
    classes = ("REQUEST", "SANCTION", "THREATEN", "NONE")
    prob = np.array([0.25, 0.3, 0.25, 0.2])
    weighed = weigh_classes(view, prob, classes)
    assert classes[int(weighed.argmax())] == "THREATEN"
    assert weighed.sum() == pytest.approx(1.0)
    assert weighed[3] == 0.2
    assert classes[choose_class(view, prob, classes)[0]] == "THREATEN"


def test_what_no_pattern_speaks_for_is_kept_only_when_probable() -> None:
    view = views_of("The weather in Ghana and Togo stayed dry.")[("GHA", "TGO")]
    classes = ("AID", "CONSULT", "NONE")
    assert choose_class(view, np.array([0.3, 0.5, 0.2]), classes) == (1, True)
    assert choose_class(view, np.array([0.1, 0.15, 0.75]), classes) == (1, False)


def act(text: str, source: str, target: str, event: str) -> SimpleNamespace:
    view = views_of(text)[(source, target)]
    return SimpleNamespace(view=view, plover_event=event, trigger=trigger_index(view, event))


def test_allies_in_an_attack_do_not_attack_each_other() -> None:
    text = "Ghana and Togo launched an attack on Benin."
    between = act(text, "TGO", "GHA", "ASSAULT")
    assert turned_on_each_other(between, [between, act(text, "GHA", "BEN", "ASSAULT")])


def test_two_that_fight_each_other_stay_so_beside_a_third() -> None:
    text = "Ghana and Togo clashed, and Benin condemned Togo."
    between = act(text, "GHA", "TGO", "ASSAULT")
    assert not turned_on_each_other(between, [between, act(text, "BEN", "TGO", "ACCUSE")])


def test_allies_may_meet() -> None:
    text = "Ghana and Togo met before they attacked Benin."
    between = act(text, "GHA", "TGO", "CONSULT")
    assert not turned_on_each_other(between, [between, act(text, "GHA", "BEN", "ASSAULT")])
