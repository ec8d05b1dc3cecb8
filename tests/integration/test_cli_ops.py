"""The operator's commands against real stores."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.cli import main
from flows.cli_ops import opened
from models.db import store
from tests.integration.seed import AS_OF, fill_store


def call(*argv: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(argv))
    return int(ended.value.code or 0)


@pytest.fixture
def url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text('[[rules]]\nname = "any-move"\nkind = "jump"\npoints = 0.01\ndays = 1\n')
    monkeypatch.setenv("DYADRISK_ALERTS_FILE", str(path))


def test_alerts_check_shows_and_a_dry_run_stores_nothing(
    engine: Engine, url: str, rules: None, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_store(engine)
    day = str(AS_OF)
    assert call("alerts", "check", "--as-of", day, "--dry-run", "--json", "--db", url) == 0
    found = json.loads(capsys.readouterr().out)
    assert {alert["rule"] for alert in found} == {"any-move"}
    assert store.read_alerts(engine) == []
    assert call("alerts", "check", "--as-of", day, "--db", url) == 0
    assert len(store.read_alerts(engine)) == len(found)


def test_alerts_without_rules_or_scores_say_so(
    engine: Engine, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DYADRISK_ALERTS_FILE", raising=False)
    assert call("alerts", "check", "--db", url) == 2
    assert "alerts_file" in capsys.readouterr().err


def test_alerts_test_needs_a_channel(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DYADRISK_CHANNEL_DESK", "nonsense")
    assert call("alerts", "test", "desk") == 1
    assert "not sent" in capsys.readouterr().err


def test_database_check_vacuum_and_downgrade(
    engine: Engine, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.dispose()
    assert call("db", "check", "--db", url) == 0
    assert call("db", "vacuum", "--db", url) == 0
    assert call("db", "downgrade", "base", "--db", url) == 2
    assert call("db", "downgrade", "base", "--yes", "--db", url) == 0
    assert call("db", "check", "--db", url) == 1
    assert "revision is None" in capsys.readouterr().out
    assert call("db", "upgrade", "--db", url) == 0
    assert call("db", "check", "--db", url) == 0


@pytest.mark.postgres
def test_a_store_moves_to_postgres_and_back(
    engine: Engine, url: str, new_postgres: Callable[[str], str], tmp_path: Path
) -> None:
    fill_store(engine)
    there, back = new_postgres("template0"), f"sqlite:///{tmp_path / 'back.db'}"
    assert call("db", "export", "--db", url, "--to", there) == 0
    assert call("db", "export", "--db", there, "--to", back) == 0
    with opened(back) as moved:
        assert store.content_digest(moved) == store.content_digest(engine)
    assert call("db", "export", "--db", url, "--to", back) == 1
