"""The explorer: Datasette answers every recipe, shows the dictionary, writes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from flows.cookbook import load_cookbook
from flows.explore import build_metadata
from models.db import store
from tests.integration.seed import fill_store


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return Datasette on a filled store."""
    app = pytest.importorskip("datasette.app")
    path: Path = tmp_path_factory.mktemp("explore") / "dyadrisk.db"
    engine = store.open_store(f"sqlite:///{path}")
    fill_store(engine)
    engine.dispose()
    return app.Datasette([str(path)], metadata=build_metadata("dyadrisk"))


def get(served: Any, path: str) -> Any:
    return asyncio.run(served.client.get(path))


@pytest.mark.filterwarnings("ignore")
def test_every_recipe_answers(served: Any) -> None:
    for recipe in load_cookbook():
        asked = "&".join(f"{name}={value}" for name, value in recipe.params.items())
        answer = get(served, f"/dyadrisk/{recipe.name}.json?_shape=array&{asked}")
        assert answer.status_code == 200 and answer.json(), recipe.name


@pytest.mark.filterwarnings("ignore")
def test_home_names_the_questions_and_the_columns(served: Any) -> None:
    assert "Which pairs stand highest now?" in get(served, "/dyadrisk").text
    assert "probability of the outcome" in get(served, "/dyadrisk/latest_risk").text


@pytest.mark.filterwarnings("ignore")
def test_nothing_can_be_written(served: Any) -> None:
    answer = get(served, "/dyadrisk.json?sql=delete+from+out_risk_score")
    assert answer.status_code == 400
