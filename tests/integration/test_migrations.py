from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from features.errors import DataError
from models.db import store
from models.db.migrate import MIGRATIONS, alembic_config, head_revision
from models.db.views import VIEWS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(store_url):
    found = store.open_store(store_url)
    yield found
    found.dispose()


def revisions() -> list[str]:
    from alembic.script import ScriptDirectory

    walked = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return [item.revision for item in walked][::-1]


def seed(engine, rows) -> None:
    store.upsert_articles(engine, [rows.article()], "r")
    store.upsert_articles(engine, [rows.article(text="New.", content_hash="2")], "r")
    store.store_extraction(engine, "x1", [rows.extraction()], [rows.event()], "r")
    store.upsert_dyad_days(engine, [rows.dyad_day()], "r")
    store.upsert_classifiers(engine, [rows.classifier()], "r")
    store.upsert_scores(engine, [rows.score()], "r")
    store.upsert_evidence(engine, [rows.evidence()], "r")


def test_an_empty_database_comes_up_equal_to_the_code(empty):
    assert store.current_revision(empty) is None
    assert store.upgrade(empty) is True
    assert store.current_revision(empty) == head_revision()
    assert store.check(empty) == []
    assert set(inspect(empty).get_view_names()) == set(VIEWS)


def test_a_second_upgrade_changes_nothing(empty):
    store.upgrade(empty)
    assert store.upgrade(empty) is False


def test_every_revision_goes_up_and_down(empty):
    for revision in revisions():
        store.upgrade(empty, revision)
        assert store.current_revision(empty) == revision
    for revision in [*revisions()[-2::-1], "base"]:
        store.downgrade(empty, revision)
    left = set(inspect(empty).get_table_names()) - {"alembic_version"}
    assert left == set()
    assert inspect(empty).get_view_names() == []
    store.upgrade(empty)
    assert store.check(empty) == []


def test_a_seeded_database_goes_down_and_up(empty, rows):
    store.upgrade(empty)
    seed(empty, rows)
    for revision in [*revisions()[-2::-1], "base"]:
        store.downgrade(empty, revision)
    store.upgrade(empty)
    assert store.check(empty) == []
    assert set(store.count_rows(empty).values()) == {0}
    seed(empty, rows)
    assert len(store.read_latest(empty)) == 1


def test_rows_survive_a_step_down_and_up(empty, rows):
    store.upgrade(empty)
    seed(empty, rows)
    before = store.content_digest(empty)
    kept = [name for name in before if name.startswith("raw_")]
    store.downgrade(empty, "v0002")
    store.upgrade(empty)
    after = store.content_digest(empty)
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert before["raw_article_version"][0] == 1


def test_a_changed_view_is_seen_and_made_anew(empty):
    store.upgrade(empty)
    with empty.begin() as conn:
        conn.execute(text("DROP VIEW latest_risk"))
        conn.execute(text("UPDATE meta_view SET digest = 'old' WHERE view_name = 'risk_movers'"))
    assert store.check(empty) == [
        "view latest_risk differs or is missing",
        "view risk_movers differs or is missing",
    ]
    assert store.upgrade(empty) is True
    assert store.check(empty) == []


def test_a_view_that_left_the_code_is_dropped(empty):
    store.upgrade(empty)
    with empty.begin() as conn:
        conn.execute(text("CREATE VIEW bygone AS SELECT 1 AS one"))
        conn.execute(text("INSERT INTO meta_view VALUES ('bygone', 'old')"))
        conn.execute(text("CREATE VIEW of_the_user AS SELECT 2 AS two"))
    store.upgrade(empty)
    assert set(inspect(empty).get_view_names()) == {*VIEWS, "of_the_user"}


def test_check_sees_a_missing_column(empty):
    store.upgrade(empty)
    with empty.begin() as conn:
        conn.execute(text("ALTER TABLE raw_reject DROP COLUMN excerpt"))
    assert any("excerpt" in line for line in store.check(empty))


def test_a_newer_database_is_refused(empty):
    store.upgrade(empty)
    with empty.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
    with pytest.raises(DataError, match="newer version"):
        store.upgrade(empty)
    assert "v9999" in store.check(empty)[0]


def test_many_processes_may_upgrade_at_once(empty, store_url):
    def work(_number: int) -> bool:
        own = store.open_store(store_url)
        try:
            return store.upgrade(own)
        finally:
            own.dispose()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    assert sum(done) == 1
    assert store.check(empty) == []


def test_a_failing_migration_leaves_the_old_state(empty, rows, monkeypatch):
    store.upgrade(empty, "v0003")
    store.upsert_articles(empty, [rows.article()], "r")

    def broken(_conn):
        raise RuntimeError("power cut")

    monkeypatch.setattr("models.db.migrate.create_views", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        store.upgrade(empty)
    monkeypatch.undo()
    assert store.current_revision(empty) == "v0003"
    assert "out_risk_score" not in inspect(empty).get_table_names()
    assert store.upgrade(empty) is True
    assert len(store.read_articles(empty)) == 1


def test_foreign_keys_hold_after_an_upgrade(empty, rows):
    store.upgrade(empty)
    with pytest.raises(DataError):
        store.upsert_evidence(empty, [rows.evidence()], "r")


def test_it_works_from_another_folder(tmp_path):
    code = (
        "from models.db import store;"
        "e = store.open_store('sqlite:///one.db');"
        "assert store.upgrade(e); assert store.check(e) == []"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, check=True)
    assert (tmp_path / "one.db").is_file()


def test_everything_that_migrations_need_is_packaged():
    from setuptools import find_packages

    packages = find_packages(str(ROOT), include=["models*"])
    assert "models.db.migrations" in packages
    assert "models.db.migrations.versions" in packages
    assert {path.suffix for path in MIGRATIONS.iterdir() if path.is_file()} == {".py", ".mako"}
