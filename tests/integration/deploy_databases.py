"""The databases and roles of deploy/postgres on the session's PostgreSQL."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from bench.embedded_postgres import load_pgserver

# Of every role; distinct, so that a test can look for it where no secret may be.
PASSWORD = "only-in-the-environment"
SQL = Path(__file__).parents[2] / "deploy" / "postgres"


@dataclass(frozen=True)
class DeployDatabases:
    """Addresses: the program's database, Prefect's own, and the analyst's view of the first."""

    app: str
    prefect: str
    analyst: str


def run_psql(server: URL, *arguments: str) -> str:
    """Run PostgreSQL's own client against a database and return what it printed."""
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    client = next(Path(load_pgserver().__file__).parent.rglob("bin/psql"))
    command = [client, address, "--set", "ON_ERROR_STOP=1"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def deploy_databases(postgres_server: str) -> Iterator[DeployDatabases]:
    """Make roles and databases with deploy/postgres/roles.sql."""
    server = make_url(postgres_server)
    passwords = [
        part for name in ("app", "prefect", "analyst") for part in ("--set", f"{name}={PASSWORD}")
    ]
    run_psql(server, *passwords, "--file", str(SQL / "roles.sql"))

    def address(role: str, database: str, driver: str) -> str:
        url = server.set(drivername=driver, username=role, password=PASSWORD, database=database)
        return url.render_as_string(hide_password=False)

    yield DeployDatabases(
        address("dyadrisk", "dyadrisk", "postgresql"),
        address("prefect", "prefect", "postgresql+asyncpg"),
        address("dyadrisk_analyst", "dyadrisk", "postgresql"),
    )
