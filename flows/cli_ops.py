"""Commands of the operator: serve, alerts, looking after the database."""

from __future__ import annotations

import sys

from cyclopts import App

from flows.settings import Settings, load_settings, prepare_prefect, put_in_force


def say(text: str) -> None:
    """Print a line to stderr at once."""
    print(text, file=sys.stderr, flush=True)


def use_database(db: str | None) -> Settings:
    """Put ``--db`` in force for this process and its children; return the settings."""
    settings = load_settings() if db is None else put_in_force("db_url", db)
    prepare_prefect(settings.home)
    return settings


def serve(*, db: str | None = None) -> int:
    """Run Prefect's server with its UI and the daily schedule until stopped.

    Args:
        db: database URL; by default that of the settings.
    """
    settings = use_database(db)
    from flows.serve import serve as serve_until_stopped

    serve_until_stopped(settings, say)
    return 0


def mount(app: App, db_app: App) -> None:
    """Add the operator's commands to the command line."""
    app.command(serve)
    del db_app
