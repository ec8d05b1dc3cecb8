"""What README and docs hold: code blocks, and the commands that they tell people to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md"))),
]
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)

# Commands that read a store, run in test_docs.py on the made-up store.
READING = (
    "show", "explain", "movers", "history", "export", "report", "settings", "version",
    "models list", "models promote", "db check", "db upgrade", "db vacuum", "sources list",
    "alerts check",
)  # fmt: skip
# Commands that make something, run in tests/flows/test_documented_runs.py on a few articles.
MAKING = ("run --articles", "backfill", "code", "ingest", "sources check")
# The rest needs minutes, processes or a second database: the test that does what the page says.
ELSEWHERE = {
    "run --runner dask": "tests/flows/test_scale.py::"
    "test_a_cluster_writes_the_same_rows_and_loses_no_shard_with_a_worker",
    "serve": "tests/flows/test_serve.py::"
    "test_serve_runs_the_schedule_survives_kills_and_stops_cleanly",
    "explore": "tests/integration/test_explore.py::test_every_recipe_answers",
    "alerts test": "tests/integration/test_cli_ops.py::test_alerts_test_needs_a_channel",
    "db grant": "tests/flows/test_deploy_worker.py::"
    "test_a_worker_runs_the_schedule_and_scores_the_intended_day",
    "db export": "tests/integration/test_cli_ops.py::test_a_store_moves_to_postgres_and_back",
    "train": "tests/flows/test_documented_training.py::test_train_registers_a_challenger",
    "backtest": "tests/integration/test_cli_backtest.py::test_backtest_runs_as_documented",
}


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield page and text of every code block in one language."""
    for page in PAGES:
        for _, found, body in BLOCK.findall(page.read_text("utf-8")):
            if found == language:
                yield f"{page.relative_to(ROOT)}", body


def console_lines() -> list[tuple[str, str]]:
    """Return page and line of every console block but those of the generated reference."""
    return [
        (page, line.strip().removeprefix("$ "))
        for page, body in blocks("console")
        if "reference" not in page
        for line in body.splitlines()
        if line.strip()
    ]


def commands() -> list[tuple[str, str]]:
    """Return page and line of every ``dyadrisk`` command, each once."""
    lines = [(page, line.removeprefix(".venv/bin/")) for page, line in console_lines()]
    return list(dict.fromkeys(item for item in lines if item[1].startswith("dyadrisk ")))


def words_of(line: str) -> list[str]:
    """Return the arguments of a ``dyadrisk`` line without its comment."""
    return shlex.split(line, comments=True)[1:]


def is_one_of(line: str, starts: tuple[str, ...]) -> bool:
    """Return whether the command of the line starts with one of the given words."""
    command = " ".join(words_of(line)) + " "
    return any(command.startswith(f"{start} ") for start in starts)
