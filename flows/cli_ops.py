"""Commands of the operator: serve, alerts, looking after the database."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from features.errors import ConfigError, DataError
from flows.cli_options import AsOf, DbUrl, Json
from flows.settings import Settings, load_settings, prepare_prefect, put_in_force

DryRun = Annotated[
    bool, Parameter(name="--dry-run", negative="", help="Show what would fire; store, send none.")
]


@Parameter(name="*")
@dataclass(frozen=True)
class Scale:
    """Where batches run.

    Args:
        runner: local, or dask.
        dask_address: scheduler such as tcp://host:8786; without it a cluster of this machine.
        dask_workers: processes of that cluster.
    """

    runner: Literal["local", "dask"] | None = None
    dask_address: str | None = None
    dask_workers: int | None = None

    def put_in_force(self) -> None:
        """Set what was given for this process and its children."""
        for name, value in vars(self).items():
            if value is not None:
                put_in_force(name, str(value))


alerts_app = App(name="alerts", help="Check alert rules and try channels.")


def say(text: str) -> None:
    """Print a line to stderr at once."""
    print(text, file=sys.stderr, flush=True)


def use_database(db: str | None) -> Settings:
    """Put ``--db`` in force for this process and its children; return the settings."""
    settings = load_settings() if db is None else put_in_force("db_url", db)
    prepare_prefect(settings.home)
    return settings


def serve(*, db: DbUrl = None) -> int:
    """Run Prefect's server with its UI and the daily schedule until stopped."""
    settings = use_database(db)
    from flows.serve import serve as serve_until_stopped

    serve_until_stopped(settings, say)
    return 0


@alerts_app.command
def check(
    *, as_of: AsOf = None, dry_run: DryRun = False, db: DbUrl = None, json: Json = False
) -> int:
    """Check the rules against the newest scores, or those of --as-of."""
    settings = use_database(db)
    from flows.alert_rules import read_rules
    from flows.alerts import find_alerts, find_late, raise_alerts

    rules = read_rules(settings.alerts_file)
    if not rules:
        raise ConfigError("expected alert rules, got none; set alerts_file to a TOML file")
    with opened(settings.database_url) as engine:
        found = find_alerts(engine, rules, as_of or _newest_day(engine))
        if as_of is None:
            found += find_late(engine, rules, settings, datetime.now(UTC))
        if not dry_run:
            report = raise_alerts(engine, rules, found, "cli", emit=_has_server())
            say(f"{report.fired} fired, {report.new} new, {report.sent} sent")
    _print_alerts(found, json)
    return 0


@alerts_app.command(name="test")
def send_test(channel: str) -> int:
    """Send a test message to a channel, such as ``desk`` (DYADRISK_CHANNEL_DESK)."""
    prepare_prefect(load_settings().home)
    from flows.alert_delivery import send
    from flows.alert_rules import Outbox

    sent = send(Outbox(channel, "dyadrisk: test", "If you read this, the channel works.", ()))
    say(f"{channel}: {'sent' if sent else 'not sent'}")
    return 0 if sent else 1


def check_database(*, db: DbUrl = None) -> int:
    """Compare the database's schema with the code; exit 1 when they differ."""
    from models.db import store

    with opened(use_database(db).database_url) as engine:
        differences = store.check(engine)
    for line in differences:
        print(line)
    say("the schema differs: run `dyadrisk db upgrade`" if differences else "the schema is current")
    return 1 if differences else 0


def vacuum(*, db: DbUrl = None) -> int:
    """Give free space back and refresh the statistics of query plans."""
    from models.db import store

    with opened(use_database(db).database_url) as engine:
        store.vacuum(engine)
    return 0


def downgrade(
    revision: str,
    *,
    yes: Annotated[bool, Parameter(negative="", help="Really: newer tables lose their rows.")],
    db: DbUrl = None,
) -> int:
    """Take the schema back to a revision, such as v0004, or base to remove all tables."""
    from models.db import store

    if not yes:
        raise ConfigError("expected --yes: a downgrade drops tables and their rows")
    with opened(use_database(db).database_url) as engine:
        store.downgrade(engine, revision)
    say(f"the schema is at {revision}")
    return 0


def export(
    *,
    to: Annotated[str, Parameter(help="URL of an empty database, such as a PostgreSQL one.")],
    db: DbUrl = None,
) -> int:
    """Copy the whole store into another, empty database and compare the two."""
    from models.db import store
    from models.db.transfer import copy_store

    with opened(use_database(db).database_url) as source, opened(to) as target:
        store.upgrade(source)
        store.upgrade(target)
        copied = copy_store(source, target)
        if store.content_digest(source) != store.content_digest(target):
            raise DataError("expected equal content after the copy, got a difference; copy again")
    say(f"{sum(copied.values())} rows copied, content compared and equal")
    return 0


def grant(role: str, *, db: DbUrl = None) -> int:
    """Let a PostgreSQL role read the views; needed again after each `db upgrade`."""
    from models.db import store

    with opened(use_database(db).database_url) as engine, store.writing(engine) as conn:
        if conn.dialect.name != "postgresql":
            raise ConfigError("expected a PostgreSQL database, SQLite has no roles")
        for statement in store.view_grants(role):
            conn.exec_driver_sql(statement)
    say(f"{role} may read the views")
    return 0


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """Yield an engine on the store and let go of it at the end."""
    from models.db import store

    engine = store.open_store(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _newest_day(engine: Any) -> date:
    from models.db import store

    days = store.read_scored_days(engine)
    if not days:
        raise DataError("expected scores to check, got an empty store; run the daily flow first")
    return days[-1]


def _has_server() -> bool:
    from flows.settings import own_server

    return own_server() is not None


def _print_alerts(found: list[dict[str, Any]], json: bool) -> None:
    if json:
        print(json_format.dumps(found, default=str, indent=2))
        return
    for alert in found:
        print(f"{alert['day']}  {alert['rule']:<20}  {alert['message']}")
    if not found:
        say("nothing fires")


def mount(app: App, db_app: App) -> None:
    """Add the operator's commands to the command line."""
    app.command(serve)
    app.command(alerts_app)
    db_app.command(check_database, name="check")
    db_app.command(vacuum)
    db_app.command(downgrade)
    db_app.command(export)
    db_app.command(grant)
