"""What ``settings``, ``version`` and ``db upgrade`` print."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import SecretStr

from features.errors import DyadriskError
from flows.cli_tables import inert, make_console, make_table, write_json
from flows.settings import Settings
from models.db import store


def print_settings(settings: Settings, json: bool = False) -> int:
    """Print every setting with its value; secrets are hidden."""
    values = {name: _shown(getattr(settings, name)) for name in Settings.model_fields}
    if json:
        write_json(values)
        return 0
    table = make_table("Settings in force (DYADRISK_<NAME> or dyadrisk.toml)", ("name", "value"))
    table.add_column("meaning")
    for name, field in Settings.model_fields.items():
        table.add_row(name, inert(str(values[name])), field.description or "")
    make_console().print(table)
    return 0


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return str(value)
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def print_version(settings: Settings, json: bool = False) -> int:
    """Print the versions that make a score what it is."""
    values = {"dyadrisk": program_version(), **_stage_versions(settings)}
    if json:
        write_json(values)
        return 0
    table = make_table(None, ("part", "version"))
    for part, text in values.items():
        table.add_row(part, inert(text))
    make_console().print(table)
    return 0


def program_version() -> str:
    """Return the installed version of the program."""
    try:
        return version("dyadrisk")
    except PackageNotFoundError:  # run from a tree that was never installed
        return "not installed"


def _stage_versions(settings: Settings) -> dict[str, str]:
    from flows.stages import champions
    from flows.textstage import extractor_version

    try:
        found = {"extractor": extractor_version(settings)}
        for item in champions():
            found[f"{item.outcome} {item.horizon_days} days"] = item.version
    except (DyadriskError, OSError) as err:
        return {"extractor": f"unknown: {err}"}
    return found


def upgrade_database(settings: Settings) -> int:
    """Bring the database to the current schema and say what was done."""
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = store.open_store(settings.database_url)
    is_changed = store.upgrade(engine)
    revision = store.current_revision(engine)
    make_console().print(
        f"database {'brought' if is_changed else 'already'} at revision {revision}"
    )
    return 0
