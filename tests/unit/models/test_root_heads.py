"""Which PLOVER event it is: the pair speaks, the words of the sentence are heard beside it."""

from __future__ import annotations

import numpy as np

from features.events import SentenceRow
from models.coder.artifact import EventCoder, mix_roots
from models.coder.fit import FitParams, fit_root_heads
from models.coder.labels import parse_event
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
    coder = EventCoder(heads, np.zeros(1), {})
    probs = coder.root_probs([SentenceRow(("tariff",), ((), ()), (("A", "B"), ("B", "A")))])
    assert probs.shape == (2, 3)
    assert [heads["root"].classes[k] for k in probs.argmax(axis=1)] == ["SANCTION", "SANCTION"]


def test_the_pair_outweighs_the_words() -> None:
    mixed = mix_roots(np.array([[2.0, 0.0]]), np.array([[0.0, 2.0]]))
    assert mixed[0, 0] > mixed[0, 1]
    assert np.isclose(mixed.sum(), 1.0)
