"""The same corpus in any order, twice, by two processes or killed gives the same tables."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from flows.ingest import PathOptions, ingest_paths
from flows.settings import Settings
from models.db import store
from models.db.session import exclusive, open_store
from models.db.tables import RAW_ARTICLE
from tests.integration.corpus import FETCHED, write_corpus

ROOT = Path(__file__).parents[2]


def ingest(engine, paths, run_id="r1"):
    return ingest_paths(engine, paths, FETCHED, run_id, Settings(), PathOptions(now=FETCHED))


def digest(engine):
    return {name: value for name, value in store.content_digest(engine).items() if value[0]}


def start(url, paths, pause=0.0):
    command = [sys.executable, "-m", "tests.integration.corpus", url, str(pause), *map(str, paths)]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})


@pytest.fixture
def paths(tmp_path):
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def expected(paths, tmp_path, upgraded_file):
    import shutil

    path = tmp_path / "expected.db"
    shutil.copy(upgraded_file, path)
    engine = open_store(f"sqlite:///{path}")
    ingest(engine, paths)
    found = digest(engine)
    engine.dispose()
    return found


def test_report_and_tables(engine, paths):
    report = ingest(engine, paths)
    assert report.rejected == {"broken_json": 4, "language": 1, "no_text": 1, "empty": 1}
    assert report.read == report.new + report.updated + report.duplicate + report.rejected_count
    counts = store.count_rows(engine)
    assert counts["raw_article"] == report.new == counts["raw_article_band"]
    assert counts["raw_article_version"] == report.updated == 10
    assert counts["raw_reject"] == 7
    with engine.connect() as conn:
        stories = conn.execute(select(RAW_ARTICLE.c.story_id, RAW_ARTICLE.c.article_id)).all()
    assert len({s for s, _ in stories}) < len(stories)
    assert all(min(a for s, a in stories if s == story) == story for story, _ in stories)


def test_twice_is_once(engine, paths, expected):
    ingest(engine, paths)
    with engine.connect() as conn:
        before = conn.execute(select(RAW_ARTICLE).order_by(RAW_ARTICLE.c.article_id)).all()
    again = ingest(engine, paths, "r2")
    assert (again.new, again.updated) == (0, 0)
    with engine.connect() as conn:
        after = conn.execute(select(RAW_ARTICLE).order_by(RAW_ARTICLE.c.article_id)).all()
    assert after == before  # run ids and times of writing too
    assert digest(engine) == expected


@pytest.mark.parametrize("seed", range(4))
def test_any_order(engine, paths, expected, seed):
    random.Random(seed).shuffle(paths)
    for part in (paths[:2], paths[2:5], paths[5:], paths[1:4]):
        ingest(engine, part, f"r{seed}")
    assert digest(engine) == expected


def test_two_processes_at_once(upgraded_url, paths, expected):
    runs = [start(upgraded_url, paths, 0.01), start(upgraded_url, paths[::-1], 0.01)]
    assert [run.wait(240) for run in runs] == [0, 0]
    engine = open_store(upgraded_url)
    assert digest(engine) == expected
    engine.dispose()


def test_a_batch_waits_for_the_one_that_another_process_writes(engine, paths):
    with ThreadPoolExecutor(1) as pool:
        with exclusive(engine, "articles"):
            other = pool.submit(ingest, engine, paths)
            with pytest.raises(TimeoutError):
                other.result(1.0)
        assert other.result(60).new


@pytest.mark.parametrize("articles_before", [1, 30])
def test_killed_and_run_again(upgraded_url, paths, expected, articles_before):
    run = start(upgraded_url, paths, 0.3)
    engine = open_store(upgraded_url)
    deadline = time.monotonic() + 120
    while store.count_rows(engine)["raw_article"] < articles_before:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait(30)
    assert digest(engine) != expected
    ingest(engine, paths)
    assert digest(engine) == expected
    engine.dispose()
