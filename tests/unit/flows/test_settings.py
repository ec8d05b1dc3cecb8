"""Settings that are refused, in words."""

from __future__ import annotations

import pytest

from features.errors import ConfigError
from flows.settings import load_settings, prefect_login


@pytest.mark.parametrize("cron", ["every morning", "61 25 * * *", ""])
def test_a_schedule_that_is_none_is_refused_before_anything_starts(cron: str) -> None:
    with pytest.raises(ConfigError, match=r"schedule_cron.*'0 6 \* \* \*'"):
        load_settings(schedule_cron=cron)


def test_the_login_of_the_server_may_hold_colons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "ops:a:b")
    assert prefect_login() == ("ops", "a:b")
    monkeypatch.delenv("PREFECT_API_AUTH_STRING")
    assert prefect_login() is None
