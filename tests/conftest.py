"""Shared by all tests: an isolated environment, one Prefect server, a small clock."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Before Prefect is imported anywhere: its home is a throw-away folder, its logs are quiet.
_HOME = tempfile.mkdtemp(prefix="dyadrisk-tests-")
os.environ["PREFECT_HOME"] = str(Path(_HOME) / "prefect")
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "600"
os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
os.environ["PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW"] = "ignore"
os.environ["DO_NOT_TRACK"] = "1"
os.environ.pop("PREFECT_API_URL", None)
for _name in [name for name in os.environ if name.startswith("DYADRISK_")]:
    if _name not in ("DYADRISK_DATA", "DYADRISK_FUZZ_CASES"):
        del os.environ[_name]

# A busy machine makes an example slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def isolated_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a home of its own and no configuration file."""
    monkeypatch.setenv("DYADRISK_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("DYADRISK_CONFIG", raising=False)


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """Run one temporary Prefect server for all tests that need one."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=600):
        yield


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder of the public corpora, or skip."""
    folder = os.environ.get("DYADRISK_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("set DYADRISK_DATA to the folder of the public corpora")
    return Path(folder)
