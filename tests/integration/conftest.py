"""A fresh store per test on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from bench.embedded_postgres import load_pgserver
from models.db.migrate import upgrade
from models.db.session import open_store
from tests.integration.deploy_databases import deploy_databases  # noqa: F401

KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
_TEMPLATE = "upgraded_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run one PostgreSQL for the whole session; its address leads to an empty database."""
    pgserver = load_pgserver()
    folder = tempfile.mkdtemp(prefix="pg")
    server = _start(pgserver, Path(folder) / "d")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _run_sql(
        uri,
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET synchronous_commit = off",
        "SELECT pg_reload_conf()",
    )
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _start(pgserver: Any, folder: Path, attempts: int = 3) -> Any:
    """Start the server; on a busy machine it may miss its own time limit once."""
    for attempt in range(attempts):
        try:
            return pgserver.get_server(folder)
        except subprocess.TimeoutExpired:
            if attempt + 1 == attempts:
                raise
    raise AssertionError("unreachable")


def _run_sql(uri: str, *statements: str) -> None:
    engine = create_engine(uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)
    engine.dispose()


def _database(uri: str, name: str) -> str:
    return make_url(uri).set(database=name).render_as_string(hide_password=False)


_numbers = itertools.count()


@pytest.fixture(scope="session")
def new_postgres(postgres_server: str) -> Callable[[str], str]:
    """Return a function that makes a database, as a copy of the named one."""

    def make(template: str) -> str:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        _run_sql(postgres_server, f"CREATE DATABASE {name} TEMPLATE {template}")
        return _database(postgres_server, name)

    return make


@pytest.fixture(params=KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty store: SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    make: Callable[[str], str] = request.getfixturevalue("new_postgres")
    return make("template0")


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an upgraded SQLite file to copy from."""
    path = tmp_path_factory.mktemp("store") / "upgraded.db"
    engine = open_store(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as conn:
        conn.exec_driver_sql("SELECT 1")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_server: str) -> str:
    """Return the name of an upgraded PostgreSQL database to copy from."""
    _run_sql(postgres_server, f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
    engine = open_store(_database(postgres_server, _TEMPLATE))
    upgrade(engine)
    engine.dispose()
    return _TEMPLATE


@pytest.fixture(params=KINDS)
def upgraded_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an upgraded, empty store: SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("upgraded_file"), path)
        return f"sqlite:///{path}"
    make: Callable[[str], str] = request.getfixturevalue("new_postgres")
    return make(request.getfixturevalue("upgraded_postgres"))


@pytest.fixture
def engine(upgraded_url: str) -> Iterator[Engine]:
    """Open an upgraded, empty store: SQLite, then PostgreSQL."""
    found = open_store(upgraded_url)
    yield found
    found.dispose()


class Rows:
    """Builders of small valid rows; keyword arguments override columns."""

    from datetime import UTC, date, datetime, timedelta

    @classmethod
    def article(cls, key: str = "a1", **over: Any) -> dict[str, Any]:
        return {
            "article_id": key,
            "url": f"https://news.example/{key}",
            "outlet": "Example Times",
            "title": f"Title {key}",
            "text": f"Text of {key}.",
            "published_at": cls.datetime(2026, 1, 9, 12, 30, tzinfo=cls.UTC),
            "date_origin": "feed",
            "language": "en",
            "content_hash": f"hash-{key}",
            "story_id": key,
            "origin": f"feed.xml#{key}",
            "source_id": None,
        } | over

    @classmethod
    def event(cls, key: str = "e1", **over: Any) -> dict[str, Any]:
        return {
            "event_id": key,
            "article_id": "a1",
            "story_id": "a1",
            "corpus": "news",
            "extractor_version": "x1",
            "day": cls.date(2026, 1, 9),
            "published_at": cls.datetime(2026, 1, 9, 12, 30, tzinfo=cls.UTC),
            "event_date": cls.date(2026, 1, 8),
            "dyad": "COL-USA",
            "source_iso3": "USA",
            "target_iso3": "COL",
            "source_actor": "Washington",
            "target_actor": "Colombia",
            "source_sector": "GOV",
            "target_sector": "GOV",
            "plover_event": "THREATEN",
            "cameo_code": "0138",
            "quad_class": 3,
            "goldstein": -6.0,
            "families": ("military", "threat"),
            "modality": "asserted",
            "confidence": 0.9,
            "trigger": "threatened",
            "direction": "nsubj <- threaten -> obj",
            "sentence_index": 1,
            "sentence": f"Washington threatened Colombia ({key}).",
            "sentence_start": 10,
            "sentence_end": 50,
        } | over

    @classmethod
    def extraction(cls, key: str = "a1", **over: Any) -> dict[str, Any]:
        return {
            "article_id": key,
            "extractor_version": "x1",
            "content_hash": f"hash-{key}",
            "sentence_count": 4,
            "event_count": 1,
            "countries": ("COL", "USA"),
        } | over

    @classmethod
    def dyad_day(cls, dyad: str = "COL-USA", **over: Any) -> dict[str, Any]:
        from features.registry import DYAD_DAY_COLUMNS

        return {
            "dyad": dyad,
            "day": cls.date(2026, 1, 9),
            "extractor_version": "x1",
            "corpus": "news",
            **dict.fromkeys(DYAD_DAY_COLUMNS, 0),
        } | over

    @classmethod
    def volume(cls, **over: Any) -> dict[str, Any]:
        return {
            "day": cls.date(2026, 1, 9),
            "extractor_version": "x1",
            "corpus": "news",
            "article_count": 3,
            "story_count": 2,
            "event_count": 1,
        } | over

    @classmethod
    def score(cls, dyad: str = "COL-USA", **over: Any) -> dict[str, Any]:
        return {
            "dyad": dyad,
            "as_of_date": cls.date(2026, 1, 10),
            "outcome": "force",
            "horizon_days": 30,
            "classifier_version": "c1",
            "prob": 0.25,
            "prob_low": 0.0625,
            "prob_high": 0.5,
            "level": "ELEVATED",
            "tension": -3.5,
            "coverage": 0.75,
            "drivers": [
                {"feature": "threat", "value": 3, "contribution": 0.5, "words": "more threats"}
            ],
        } | over

    @classmethod
    def evidence(cls, dyad: str = "COL-USA", **over: Any) -> dict[str, Any]:
        return {
            "dyad": dyad,
            "as_of_date": cls.date(2026, 1, 10),
            "outcome": "force",
            "horizon_days": 30,
            "classifier_version": "c1",
            "rank": 1,
            "event_id": "e1",
            "sentence": "Washington threatened Colombia.",
            "outlet": "Example Times",
            "url": "https://news.example/a1",
            "published_at": cls.datetime(2026, 1, 9, 12, 30, tzinfo=cls.UTC),
            "weight": 0.5,
        } | over

    @classmethod
    def classifier(cls, version: str = "c1", **over: Any) -> dict[str, Any]:
        return {
            "classifier_version": version,
            "outcome": "force",
            "horizon_days": 30,
            "kind": "logistic",
            "status": "champion",
            "trained_at": cls.datetime(2026, 1, 1, tzinfo=cls.UTC),
        } | over

    @classmethod
    def source(cls, key: str = "s1", **over: Any) -> dict[str, Any]:
        return {"source_id": key, "outlet": "Example Times", "kind": "feed"} | over

    @classmethod
    def reject(cls, key: str = "r1", **over: Any) -> dict[str, Any]:
        return {
            "reject_id": key,
            "origin": f"folder/{key}.html",
            "source_id": None,
            "reason": "empty",
            "detail": "no text left after cleaning",
            "excerpt": "",
            "content_hash": "h",
        } | over

    @classmethod
    def days_ago(cls, count: int) -> Any:
        """Return the day ``count`` days before the scores' as_of_date."""
        return cls.date(2026, 1, 10) - cls.timedelta(days=count)


@pytest.fixture
def rows() -> type[Rows]:
    """Return the builders of small valid rows."""
    return Rows
