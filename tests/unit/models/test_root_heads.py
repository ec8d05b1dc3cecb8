"""Which PLOVER event it is: pair and network speak, the words of the sentence beside them."""

from __future__ import annotations

import numpy as np

from features.events import SentenceRow
from features.ontology import NO_EVENT
from models.coder.artifact import EventCoder, mix_roots, split_net
from models.coder.fit import FitParams, fit_pair_net, fit_root_heads
from models.coder.labels import parse_event
from models.coder.net import NetParams
from models.coder.rows import LabelledRow


def labelled(number: int, plover_event: str, pair: str, word: str) -> LabelledRow:
    """Return a row of one pair with one event."""
    row = SentenceRow((word,), ((pair,),), (("FRA", "DEU"),))
    label = parse_event(f"FRA>DEU:{plover_event}:asserted")
    return LabelledRow(f"e{number}", 0, row, row.ends, ((label,),), ((),))


def test_words_decide_where_the_pair_says_nothing() -> None:
    rows = [
        labelled(k, event, f"verb={event}", word)
        for k, (event, word) in enumerate(
            [("CONSULT", "summit"), ("ASSAULT", "shell"), ("SANCTION", "tariff")] * 4
        )
    ]
    heads = fit_root_heads(rows, FitParams())
    silent = LabelledRow("none", 0, rows[0].row, rows[0].pairs, ((),), ((),))
    net = fit_pair_net([*rows, silent], FitParams(net=NetParams(min_count=1)))
    coder = EventCoder(heads, net, np.zeros(1), {})
    probs = coder.root_probs([SentenceRow(("tariff",), ((), ()), (("A", "B"), ("B", "A")))])
    assert probs.shape == (2, 3)
    assert [heads["root"].classes[k] for k in probs.argmax(axis=1)] == ["SANCTION", "SANCTION"]


def test_the_pair_outweighs_the_words() -> None:
    mixed = mix_roots(np.array([[2.0, 0.0]]), np.array([[0.0, 2.0]]), np.zeros((1, 2)))
    assert mixed[0, 0] > mixed[0, 1]
    assert np.isclose(mixed.sum(), 1.0)


def test_the_network_speaks_of_the_events_and_of_none() -> None:
    scores = np.log(np.array([[0.6, 0.2, 0.2]]))
    events, odds = split_net(scores, ("AGREE", NO_EVENT, "YIELD"))
    assert np.allclose(np.exp(events), [[0.6, 0.2]])
    assert np.allclose(odds, np.log(0.8 / 0.2))
