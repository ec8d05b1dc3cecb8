"""What the explorer shows, and where it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from features.errors import ConfigError, DataError
from flows.cookbook import load_cookbook
from flows.explore import build_metadata, database_file, explore_command


def test_metadata_hold_the_dictionary_and_the_cookbook() -> None:
    database = build_metadata("dyadrisk")["databases"]["dyadrisk"]
    assert "probability" in database["tables"]["latest_risk"]["columns"]["prob"]
    assert len(database["queries"]) == len(load_cookbook())
    assert database["tables"]["alembic_version"]["hidden"]


def test_a_query_with_parameters_has_one_click_to_an_answer() -> None:
    queries = build_metadata("dyadrisk")["databases"]["dyadrisk"]["queries"]
    assert 'href="?dyad=COL-USA' in queries["evidence"]["description_html"]
    assert all(bool(q["params"]) == bool(q["description_html"]) for q in queries.values())


def test_explorer_stays_on_this_machine(tmp_path: Path) -> None:
    command = explore_command(tmp_path / "a.db", tmp_path / "m.json", 8001, open_browser=False)
    assert command[command.index("--host") + 1] == "127.0.0.1"


def test_postgresql_points_to_the_dashboard() -> None:
    with pytest.raises(ConfigError, match="Grafana"):
        database_file("postgresql+psycopg://reader@db/risk")


def test_missing_database_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="dyadrisk run"):
        database_file(f"sqlite:///{tmp_path / 'none.db'}")
