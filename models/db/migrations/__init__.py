"""Alembic environment and revisions; models/db/migrate.py runs them."""
