from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from features.errors import ConfigError, FatalError, RetriableError
from models.db import session, store
from models.db.tables import RAW_SOURCE

ROOT = Path(__file__).parents[2]


def test_an_unreachable_server_is_fatal_and_hides_the_password():
    url = "postgresql://ana:secret@127.0.0.1:1/nowhere"
    with pytest.raises(FatalError) as caught:
        store.open_store(url)
    assert "secret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


@pytest.mark.postgres
def test_an_unknown_database_is_fatal(postgres_server):
    with pytest.raises(FatalError, match="does not exist"):
        store.open_store(postgres_server.replace("/postgres?", "/nowhere?"))


def test_a_file_that_is_no_database_is_fatal(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database, only some text" * 50)
    with pytest.raises(FatalError, match="not a database"):
        store.open_store(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_fatal(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FatalError, match="may be written"):
        store.open_store(f"sqlite:///{tmp_path / 'file' / 'store.db'}")


def test_a_wrong_url_is_a_config_error():
    for url in ("", "store.db", "mysql://db/x", "sqlite:/x:y:z"):
        with pytest.raises(ConfigError, match="expected"):
            store.open_store(url)


def test_an_empty_store_says_to_upgrade(store_url):
    engine = store.open_store(store_url)
    with pytest.raises(FatalError, match="dyadrisk db upgrade"):
        store.read_sources(engine)
    engine.dispose()


def test_read_only_reads_and_never_writes(engine, upgraded_url, rows):
    store.upsert_sources(engine, [rows.source()], "r1")
    reader = store.open_store(upgraded_url, read_only=True)
    assert len(store.read_sources(reader)) == 1
    with pytest.raises((FatalError, DBAPIError)):
        store.upsert_sources(reader, [rows.source("s2")], "r1")
    reader.dispose()
    assert len(store.read_sources(engine)) == 1


def test_read_only_makes_no_file(tmp_path):
    with pytest.raises(FatalError, match="found none"):
        store.open_store(f"sqlite:///{tmp_path / 'none.db'}", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_sqlite_runs_in_wal_with_foreign_keys(tmp_path):
    engine = store.open_store(f"sqlite:///{tmp_path / 'deep' / 'store.db'}")
    with engine.connect() as conn:
        asked = [
            conn.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "foreign_keys")
        ]
        assert asked == ["wal", 1]
        assert conn.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 30_000
    engine.dispose()


@pytest.mark.postgres
def test_postgres_sessions_run_in_utc(new_postgres):
    engine = store.open_store(new_postgres("template0"))
    with engine.connect() as conn:
        assert conn.execute(text("SHOW timezone")).scalar() == "UTC"
    engine.dispose()


def test_holders_of_one_name_wait_for_each_other(engine):
    inside, overlaps = [], []
    ready = threading.Barrier(3)

    def work(number: int) -> None:
        ready.wait()
        with store.exclusive(engine, "aggregate"):
            overlaps.append(len(inside))
            inside.append(number)
            time.sleep(0.1)
            inside.remove(number)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert overlaps == [0, 0, 0]


def test_counting_up_in_parallel_loses_nothing(engine, rows):
    store.upsert_sources(engine, [rows.source(article_count=0)], "r1")

    def work(_number: int) -> None:
        for _ in range(5):
            with store.exclusive(engine, "count") as conn:
                found = store.read_source(conn, "s1")
                count = found["article_count"] + 1
                store.upsert_sources(conn, [{"source_id": "s1", "article_count": count}], "r2")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert store.read_source(engine, "s1")["article_count"] == 20


def test_parallel_writers_of_the_same_rows_agree(engine, rows):
    events = [rows.event(f"e{i}", sentence_index=i) for i in range(300)]

    def work(number: int) -> int:
        order = events if number % 2 else events[::-1]
        with store.exclusive(engine, "events") as conn:
            return store.upsert_events(conn, order, f"r{number}")

    with ThreadPoolExecutor(4) as pool:
        changed = list(pool.map(work, range(4)))
    assert sum(changed) == 300
    assert store.count_rows(engine)["core_event"] == 300


def test_writers_in_opposite_order_do_not_block_each_other(engine, rows):
    events = [rows.event(f"e{i}", sentence_index=i) for i in range(150)]

    def work(number: int) -> int:
        order = events if number % 2 else events[::-1]
        own = [event | {"confidence": number / 8} for event in order]
        return store.upsert_events(engine, own, f"r{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    assert len({event["confidence"] for event in store.read_events(engine)}) == 1


def test_readers_see_one_state_while_a_writer_works(engine, rows):
    store.upsert_sources(engine, [rows.source()], "r1")
    with store.writing(engine) as conn:
        store.upsert_sources(conn, [rows.source("s2")], "r1")
        assert len(store.read_sources(engine)) == 1
    assert len(store.read_sources(engine)) == 2


_KILLED = """
import os, sys, time
from models.db import store
engine = store.open_store(sys.argv[1])
with store.writing(engine) as conn:
    store.upsert_sources(conn, [{"source_id": f"s{i}"} for i in range(500)], "killed")
    print("wrote", flush=True)
    time.sleep(60)
"""


def test_a_writer_killed_in_the_middle_leaves_nothing(engine, upgraded_url, rows):
    command = [sys.executable, "-c", _KILLED, upgraded_url]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout.readline() == "wrote\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert store.read_sources(engine) == []
    assert store.upsert_sources(engine, [rows.source()], "r1") == 1


@pytest.mark.postgres
def test_a_lost_connection_may_be_tried_again(new_postgres, upgraded_postgres, rows):
    engine = store.open_store(new_postgres(upgraded_postgres))
    with pytest.raises(RetriableError, match="lost"), store.writing(engine) as conn:
        store.upsert_sources(conn, [rows.source()], "r1")
        pid = conn.connection.dbapi_connection.info.backend_pid
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        store.upsert_sources(conn, [rows.source("s2")], "r1")
    assert store.read_sources(engine) == []
    assert store.upsert_sources(engine, [rows.source()], "r2") == 1
    engine.dispose()


def test_a_server_that_is_away_may_come_back():
    url = session.parse_store_url("postgresql://ana:secret@127.0.0.1:1/nowhere")
    engine = session._postgres_engine(url, read_only=False)
    with pytest.raises(RetriableError, match="once the server runs"), store.writing(engine):
        pass


def test_a_full_disk_is_fatal_and_writes_nothing(upgraded_file, tmp_path, rows):
    shutil.copy(upgraded_file, tmp_path / "store.db")
    engine = store.open_store(f"sqlite:///{tmp_path / 'store.db'}")
    long = [rows.article(f"a{i}", text="x" * 4000) for i in range(2000)]
    with engine.connect() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()

    @event.listens_for(engine, "begin")
    def limit(conn):
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 50}")

    with pytest.raises(FatalError, match="full"):
        store.upsert_articles(engine, long, "r1")
    assert store.read_articles(engine) == []
    engine.dispose()


def test_vacuum_keeps_the_content(engine, rows):
    store.upsert_articles(engine, [rows.article(f"a{i}") for i in range(300)], "r1")
    before = store.content_digest(engine)
    store.vacuum(engine)
    assert store.content_digest(engine) == before


def test_sessions_map_rows_to_objects(engine, rows):
    from models.db.tables_raw import RawSource

    store.upsert_sources(engine, [rows.source()], "r1")
    with store.session_factory(engine)() as session:
        (found,) = session.scalars(select(RawSource)).all()
    assert found.outlet == "Example Times"
    assert RAW_SOURCE.name == "raw_source"
