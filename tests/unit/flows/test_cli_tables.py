"""Values as the terminal shows them."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from flows.cli_tables import (
    arrow_points,
    inert,
    make_console,
    make_evidence,
    make_table,
    write_csv,
)

HOSTILE = "[bold]x[/bold]\x1b[31m\x1b]8;;https://e\x07\u202e\n=1"


@pytest.mark.parametrize(
    ("change", "shown"),
    [(0.05, "▲ +5.0"), (-0.05, "▼ -5.0"), (0.0001, "=  0.0"), (None, "–")],
)
def test_points(change: float | None, shown: str) -> None:
    assert arrow_points(change).plain == shown


def test_hostile_cell_prints_as_text() -> None:
    out = io.StringIO()
    table = make_table(None, ("a",))
    table.add_row(inert(HOSTILE))
    Console(file=out, force_terminal=True, width=200).print(table)
    assert "[bold]x[/bold][31m]8;;https://e =1" in out.getvalue()
    assert "\u202e" not in out.getvalue()


def test_csv_guards_text_and_keeps_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    write_csv([{"a": "=1", "b": -0.25, "c": HOSTILE}], ["a", "b", "c"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("'=1,-0.25,[bold]")
    assert len(lines) == 2


def test_a_sentence_stands_indented_above_its_origin(capsys: pytest.CaptureFixture[str]) -> None:
    row = {
        "rank": 1,
        "sentence": "Trump warned Petro. " * 12,
        "published_at": datetime(2026, 1, 9, tzinfo=UTC),
        "source_iso3": "USA",
        "target_iso3": "COL",
        "plover_event": "THREATEN",
        "modality": "planned",
        "outlet": "unknown",
        "url": "javascript:alert(1)",
    }
    make_console().print(make_evidence([row]))
    lines = capsys.readouterr().out.rstrip().splitlines()
    assert lines[0].startswith("1. Trump") and all(line.startswith("   ") for line in lines[1:])
    assert lines[-1].strip() == "2026-01-09, USA→COL THREATEN (planned), outlet not named"
