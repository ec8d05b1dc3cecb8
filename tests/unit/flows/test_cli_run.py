"""What is said after a run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flows.cli_run import program_name, shell_query
from flows.settings import Settings


def test_a_program_that_the_shell_does_not_know_is_named_by_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / ".venv" / "bin" / "dyadrisk")])
    assert program_name() == ".venv/bin/dyadrisk"


def test_a_program_on_the_path_is_named_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "dyadrisk"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(program)])
    assert program_name() == "dyadrisk"


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("sqlite:///var/x.db", "sqlite3 var/x.db 'SELECT "),
        ("postgresql://me:secret@host:5/risk", "psql postgresql://me@host:5/risk -c 'SELECT "),
    ],
)
def test_query_is_for_the_shell_of_the_database(url: str, start: str) -> None:
    assert shell_query(Settings(db_url=url)).startswith(start)
