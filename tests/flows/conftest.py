"""Flow tests use the same stores as the integration tests, and the session's server."""

import pytest

from tests.integration.conftest import (  # noqa: F401
    deploy_databases,
    new_postgres,
    postgres_server,
    store_url,
)

# Real servers, workers and clusters: minutes each, so `make test` leaves them to `make test-slow`.
SLOW_MODULES = frozenset(
    {
        "test_serve.py",
        "test_deploy_worker.py",
        "test_scale.py",
        "test_killed_run.py",
        "test_documented_training.py",
    }
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow modules."""
    for item in items:
        if item.path.name in SLOW_MODULES:
            item.add_marker(pytest.mark.slow)
