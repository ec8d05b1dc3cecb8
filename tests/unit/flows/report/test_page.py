"""Small words of the page."""

from __future__ import annotations

import base64
import hashlib

import pytest

from flows.report.page import content_policy, make_environment, percent, points


@pytest.mark.parametrize(
    ("prob", "shown"), [(0.0312, "3.1 %"), (0.0996, "10 %"), (0.0001, "<0.1 %"), (None, "–")]
)
def test_percent(prob: float | None, shown: str) -> None:
    assert percent(prob).replace("\u00a0", " ") == shown


def test_change_uses_a_minus_sign_and_no_negative_zero() -> None:
    assert [points(value) for value in (-0.0004, 0.0, -0.02)] == ["0.0", "0.0", "−2.0"]


def test_policy_names_exactly_the_given_scripts() -> None:
    digest = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
    assert f"script-src 'sha256-{digest}';" in content_policy("run()")


def test_templates_escape_by_default() -> None:
    page = make_environment().from_string("{{ text|inert }}").render(text="<b>\x1b[1m&")
    assert page == "&lt;b&gt;[1m&amp;"
