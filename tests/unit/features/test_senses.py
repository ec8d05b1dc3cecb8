"""Words of force in another sense are no force."""

from __future__ import annotations

from datetime import date

import pytest

from features.actors import load_gazetteer
from features.nlp import build_nlp
from features.pairs import ParsedSentence, read_sentence
from features.senses import is_other_sense


def read(text: str) -> ParsedSentence:
    return read_sentence(build_nlp()(text), load_gazetteer().find(text, date(2026, 1, 9)))


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        pytest.param("Brazil launched a charm offensive in China.", "launched", id="charm"),
        pytest.param("The American film bombed at the box office in China.", "bombed", id="film"),
        pytest.param("Italy fired a diplomat over leaks to Iran.", "fired", id="dismissal"),
        pytest.param("India launched a satellite for Brazil.", "launched", id="satellite"),
        pytest.param("Cuba fights coronavirus with Italy.", "fights", id="health"),
        pytest.param("Argentina clash with Brazil in the semifinal.", "clash", id="sport"),
        pytest.param("India beat Pakistan by six wickets.", "beat", id="cricket"),
        pytest.param("A pilot strike grounds Spanish flights to Peru.", "strike", id="labour"),
    ],
)
def test_another_sense_is_seen(text: str, trigger: str) -> None:
    sentence = read(text)
    assert is_other_sense(sentence, sentence.tree.words.index(trigger), "ASSAULT")


@pytest.mark.parametrize(
    ("text", "trigger", "event"),
    [
        pytest.param("India beat Pakistan at the border.", "beat", "ASSAULT", id="no sport"),
        pytest.param("Russia bombed a football pitch in Kyiv.", "bombed", "ASSAULT", id="target"),
        pytest.param("Iran fired missiles at Israel.", "fired", "ASSAULT", id="missiles"),
        pytest.param("Syrian troops came under fire from Iraq.", "came", "ASSAULT", id="fire"),
        pytest.param("Brazil launched a charm offensive.", "launched", "CONSULT", id="visit"),
    ],
)
def test_force_and_other_events_are_left_alone(text: str, trigger: str, event: str) -> None:
    sentence = read(text)
    assert not is_other_sense(sentence, sentence.tree.words.index(trigger), event)
