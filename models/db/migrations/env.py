"""What Alembic runs around the revisions; the connection comes from the caller."""

from __future__ import annotations

from alembic import context

from models.db.tables import METADATA


def _run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
