"""The small network: it joins names that a sum of weights cannot."""

from __future__ import annotations

import numpy as np
import pytest

from models.coder.net import NetHead, NetParams, fit_net

# Neither word alone tells; both or none of them do.
EITHER = [
    *[(("a",), "YES"), (("b",), "YES"), (("a", "b"), "NO"), (("c",), "NO"), (("d",), "NONE")] * 100
]
PARAMS = NetParams(width=16, alpha=1e-4, epochs=60, batch_size=10, min_count=2)


@pytest.fixture(scope="module")
def head() -> NetHead:
    """Return a network that learnt an exclusive or."""
    return fit()


def fit() -> NetHead:
    """Fit it."""
    return fit_net([names for names, _ in EITHER], [label for _, label in EITHER], PARAMS)


def test_joins_names(head: NetHead) -> None:
    found = head.scores([("a",), ("b",), ("a", "b"), ("d",)]).argmax(axis=1)
    assert [head.classes[k] for k in found] == ["YES", "YES", "NO", "NONE"]


def test_rare_and_unknown_names_are_left_out(head: NetHead) -> None:
    rare = fit_net([("a",), ("a", "once"), ("b",)] * 1 + [("a", "b")] * 2, list("XYZXX"), PARAMS)
    assert rare.names == ("a", "b")
    assert np.allclose(head.scores([("a", "never seen")]), head.scores([("a",)]))


def test_same_seed_same_network(head: NetHead) -> None:
    assert np.array_equal(head.inner, fit().inner)


def test_parts_are_stored_at_half_precision(head: NetHead) -> None:
    again = NetHead.from_parts(head.to_parts())
    assert (again.names, again.classes) == (head.names, head.classes)
    assert np.allclose(again.scores([("a",)]), head.scores([("a",)]), atol=0.02)


def test_no_rows_no_scores(head: NetHead) -> None:
    assert head.scores([]).shape == (0, 3)
