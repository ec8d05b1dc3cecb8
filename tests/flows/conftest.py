"""Flow tests use the same stores as the integration tests, and the session's server."""

from tests.integration.conftest import (  # noqa: F401
    deploy_databases,
    new_postgres,
    postgres_server,
    store_url,
)
