"""A hostile file name or text cannot speak through the logs or the error line."""

from __future__ import annotations

import logging

import pytest

from flows.cli import main, set_up_logging
from flows.text import InertFilter
from tests.integration.seed import HOSTILE


def test_logged_text_is_one_harmless_line() -> None:
    record = logging.LogRecord(
        "flows.ingest", logging.INFO, __file__, 1, "%s refused: %s", (HOSTILE, 3), None
    )
    assert InertFilter().filter(record)
    message = logging.Formatter().format(record)
    assert "<script>" in message and message.endswith("refused: 3")
    assert not [char for char in message if ord(char) < 32 or char in "\u202e\u2066"]


def test_command_line_logs_are_inert(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    try:
        set_up_logging()
        assert any(isinstance(f, InertFilter) for f in root.handlers[0].filters)
    finally:
        root.handlers = before


def test_error_line_is_inert(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["show", "--db", "sqlite:////nowhere/\x1b[31m\u202e.db"])
    err = capsys.readouterr().err
    assert "\x1b[31m" not in err and "\u202e" not in err and err.startswith("dyadrisk: ")
