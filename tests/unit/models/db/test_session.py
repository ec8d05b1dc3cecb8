from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from features.errors import ConfigError, FatalError, RetriableError
from models.db.session import lock_key, open_store, parse_store_url, reading, writing


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///a.db", "sqlite"),
        ("sqlite://", "sqlite"),
        ("postgres://u@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h:5433/d?sslmode=require", "postgresql+psycopg"),
        (" postgresql+psycopg://h/d ", "postgresql+psycopg"),
    ],
)
def test_urls_get_the_driver_of_the_store(url, driver):
    assert parse_store_url(url).drivername == driver


@pytest.mark.parametrize("url", ["", "a.db", "mysql://h/d", "postgresql+psycopg2://h/d", "http:"])
def test_other_urls_are_config_errors(url):
    with pytest.raises(ConfigError, match="expected"):
        parse_store_url(url)


def test_a_broken_url_never_shows_its_password():
    with pytest.raises(ConfigError) as caught:
        parse_store_url("postgresql//ana:secret@host/x")
    assert "secret" not in str(caught.value)


def test_lock_keys_are_stable_and_differ():
    assert lock_key("aggregate") == lock_key("aggregate")
    assert lock_key("aggregate") != lock_key("score")
    assert 0 < lock_key("aggregate") < 2**63


def raise_inside(manager, engine, error):
    with manager(engine):
        raise error


@pytest.mark.parametrize("manager", [reading, writing])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("q", {}, Exception("database is locked")), RetriableError),
        (OperationalError("q", {}, Exception("deadlock detected")), RetriableError),
        (OperationalError("q", {}, Exception("database or disk is full")), FatalError),
        (
            DBAPIError("q", {}, Exception("server closed"), connection_invalidated=True),
            RetriableError,
        ),
        (ProgrammingError("q", {}, Exception("syntax error")), ProgrammingError),
        (KeyError("own fault"), KeyError),
    ],
    ids=["locked", "deadlock", "disk full", "lost connection", "wrong query", "not ours"],
)
def test_faults_of_the_database_are_told_apart(memory, manager, error, expected):
    with pytest.raises(expected):
        raise_inside(manager, memory, error)


def test_messages_hold_no_parameters():
    engine = open_store("sqlite://")
    with pytest.raises(FatalError) as caught, reading(engine) as conn:
        conn.exec_driver_sql("SELECT * FROM nowhere WHERE x = ?", ("secret",))
    assert "secret" not in str(caught.value) + str(caught.value.__cause__)
    engine.dispose()
