"""A run killed at every commit and run again leaves the rows of an undisturbed run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from flows.cli_ops import opened
from models.db import store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")
AS_OF = date(2026, 1, 10)
STORIES = (
    "Peru's president met the president of Chile for talks on trade.",
    "Ecuador threatened Colombia with new tariffs.",
    "Russian missiles struck the Ukrainian city of Kharkiv.",
    "The foreign ministers of Ghana and Togo signed an agreement on fishing.",
)


@pytest.fixture
def articles(tmp_path: Path) -> str:
    path = tmp_path / "news.jsonl"
    lines = [
        {"id": str(n), "date": f"2026-01-0{2 * n + 1}", "outlet": "Example Wire", "text": text}
        for n, text in enumerate(STORIES)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return str(path)


def call(module: str, folder: Path, *arguments: str, **over: str) -> str:
    environment = os.environ | {
        "DYADRISK_HOME": str(folder),
        "DYADRISK_REPORT": "false",
        "DYADRISK_PORTAL_HISTORY": "false",
        "PREFECT_HOME": str(folder / "prefect"),
        "OMP_NUM_THREADS": "1",
        **over,
    }
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def undisturbed(folder: Path, articles: str) -> dict[str, tuple[int, str]]:
    """Return the digest of every table after one run that nobody killed."""
    url = f"sqlite:///{folder / 'whole.db'}"
    code = (
        "import sys; from datetime import date; from tests.flows import killed_runs as k;"
        " k.without_server(); k.program.daily.fn(date.fromisoformat(sys.argv[1]), (sys.argv[2],))"
    )
    environment = os.environ | {
        "DYADRISK_HOME": str(folder),
        "DYADRISK_DB_URL": url,
        "DYADRISK_PORTAL_HISTORY": "false",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-c", code, AS_OF.isoformat(), articles]
    subprocess.run(command, cwd=Path(__file__).parents[2], env=environment, check=True)
    with opened(url) as engine:
        return store.content_digest(engine)


@pytest.mark.timeout(1500)
def test_killed_in_every_stage_and_run_again_the_tables_are_equal(
    store_url: str, tmp_path: Path, articles: str
) -> None:
    said = call("tests.flows.killed_runs", tmp_path / "var", store_url, AS_OF.isoformat(), articles)
    killed = json.loads(said)
    assert {"upgrade", "prepare", "ingest", "extract", "aggregate", "score"} <= set(killed)
    whole = undisturbed(tmp_path, articles)
    with opened(store_url) as engine:
        assert store.content_digest(engine) == whole
    assert whole["raw_article"][0] == len(STORIES)
    assert whole["core_event"][0] >= len(STORIES)
    assert whole["out_risk_score"][0] > 0
