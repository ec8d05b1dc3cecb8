"""The heads for modality and for non-state ends: which of them hears which countries act."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from features.event_build import WHO
from features.events import SentenceRow, TextStage, code_articles
from features.types import Article
from flows.textstage import build_text_stage
from models.coder.fit import FitParams, fit_manner_heads
from models.coder.labels import parse_event
from models.coder.rows import LabelledRow


def labelled(number: int, event: str, *names: str) -> LabelledRow:
    """Return a row of one pair with one event."""
    label = parse_event(event)
    pair = (label.source_iso3, label.target_iso3)
    row = SentenceRow((), (names,), (pair,))
    return LabelledRow(f"e{number}", 0, row, (pair,), ((label,),), ((names,),))


def test_only_the_question_of_state_or_not_hears_which_countries_they_are() -> None:
    armed, state = f"{WHO}_t=LBN", f"{WHO}_t=IND"
    rows = [
        labelled(k, f"{ends}:ASSAULT:{modality}{ns}", who, f"rule={modality}")
        for k, (ends, ns, who) in enumerate([("ISR>LBN", ":ns", armed), ("PAK>IND", "", state)] * 4)
        for modality in ("asserted", "planned")
    ]
    heads = fit_manner_heads(rows, FitParams())
    scores = heads["nonstate"].scores([(armed,), (state,)])[:, 0]
    assert scores[0] > 0 > scores[1]
    assert not [name for name in heads["modality"].names if name.startswith(WHO)]


@pytest.fixture(scope="module")
def stage() -> TextStage:
    return build_text_stage(None, 0.5)


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("Pakistani jets bomb an air base in India.", ("MIL", "GOV")),
        ("Thai soldiers and Cambodian soldiers exchange fire at the border.", ("MIL", "MIL")),
        ("An Israeli airstrike in southern Lebanon kills two people.", ("GOV", "NSA")),
    ],
)
def test_the_shipped_coder_tells_war_between_states_from_strikes_on_armed_groups(
    stage: TextStage, text: str, sectors: tuple[str, str]
) -> None:
    moment = datetime(2025, 12, 9, tzinfo=UTC)
    article = Article("a", None, "made", "", text, moment, "feed", "en", "a", "a", "made")
    (found,) = code_articles([article], stage)
    forces = [e for e in found.events if e.plover_event == "ASSAULT"]
    assert forces
    assert (forces[0].source_sector, forces[0].target_sector) == sectors


@pytest.mark.parametrize("word", ["possible", "potential"])
def test_force_that_is_called_possible_has_not_happened(stage: TextStage, word: str) -> None:
    told = ("event=ASSAULT", "rule=asserted", "trigger=raid", "word=dead", "word=destroy")
    plain, possible = stage.coder.read_manner([told, (*told, f"child=amod|{word}")])
    assert plain.modality == "asserted"
    assert possible.modality != "asserted"
