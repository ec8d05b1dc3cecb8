"""How figures are written."""

from __future__ import annotations

import pytest

from flows.figures import log_odds, percent, percent_range, points, unlisted_effect


@pytest.mark.parametrize(
    ("prob", "shown"),
    [
        pytest.param(0.0, "<0.1 %", id="nothing is ever impossible"),
        pytest.param(0.0005, "0.1 %", id="first figure that rounds up"),
        pytest.param(0.0312, "3.1 %", id="small with a decimal"),
        pytest.param(0.0996, "10 %", id="never 10.0"),
        pytest.param(0.1, "10 %", id="large without"),
        pytest.param(0.999, "100 %", id="rounded"),
        pytest.param(None, "–", id="unknown"),
    ],
)
def test_percent(prob: float | None, shown: str) -> None:
    assert percent(prob) == shown


def test_range_names_the_unit_once() -> None:
    assert percent_range(0.01, 0.5) == "1.0 – 50 %"
    assert percent_range(0.0, 0.0) == "<0.1 – <0.1 %"


@pytest.mark.parametrize(
    ("change", "shown"),
    [(0.05, "+5.0"), (-0.05, "-5.0"), (-0.0004, "0.0"), (0.0, "0.0"), (None, "–")],
)
def test_points(change: float | None, shown: str) -> None:
    assert points(change) == shown


def test_listed_drivers_and_the_rest_add_up_to_the_score() -> None:
    drivers = [{"contribution": 1.25}, {"contribution": -0.5}]
    assert unlisted_effect(0.2, drivers) + 0.75 == pytest.approx(log_odds(0.2))
