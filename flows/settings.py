"""The only reader of the environment: settings from dyadrisk.toml and DYADRISK_*.

Precedence: command-line argument, environment variable, dyadrisk.toml in the
working folder (or the file named by DYADRISK_CONFIG), default.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from cronsim import CronSim, CronSimError
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from features.errors import ConfigError

log = logging.getLogger(__name__)

CONFIG_NAME = "dyadrisk.toml"
_OTHER_VARIABLES = frozenset({"DYADRISK_CONFIG", "DYADRISK_DATA", "DYADRISK_FUZZ_CASES"})

_CHANNEL_PREFIX = "DYADRISK_CHANNEL_"

# Prefect's own settings that dyadrisk needs; a value that the user has set wins.
PREFECT_DEFAULTS = {
    # The temporary server takes 12 to 34 s to start; Prefect's limit is 20 s.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    # Prefect's own SQLite database waits this long for another writer, in seconds.
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    # Kept in memory, the slots of a killed server's runs would stay taken for ever.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
        "prefect.server.concurrency.lease_storage.filesystem"
    ),
}


class Settings(BaseSettings):
    """Everything that can be set, with its default and unit.

    Each field can be given as ``DYADRISK_<NAME>`` or as a key of dyadrisk.toml.
    """

    model_config = SettingsConfigDict(
        env_prefix="DYADRISK_", extra="forbid", toml_file=CONFIG_NAME, frozen=True
    )

    home: Path = Field(Path("var"), description="folder of the database, report and Prefect data")
    db_url: SecretStr | None = Field(
        None, description="database URL; default: SQLite file in the home folder"
    )
    articles: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="files or folders read by every daily run; default: the sample corpus"
    )
    sources_file: Path | None = Field(
        None, description="TOML file of news sources; default: none is fetched"
    )
    fetch_sources: bool = Field(False, description="whether the daily run fetches the sources")
    spacy_pipeline: str | None = Field(
        None, description="an installed spaCy pipeline to use in place of the shipped parser"
    )
    min_event_prob: float = Field(
        0.5, ge=0, le=1, description="an event is kept from this probability on"
    )
    portal_history: bool = Field(
        True, description="whether a new database starts with the shipped pair history"
    )
    max_article_chars: int = Field(1_000_000, gt=0, description="longer texts are refused")
    max_file_bytes: int = Field(
        2_000_000_000, gt=0, description="bulk files (jsonl, csv, parquet) above this are refused"
    )
    max_document_bytes: int = Field(
        20_000_000, gt=0, description="single documents (txt, html, feeds) above this are refused"
    )
    keep_text_days: int | None = Field(
        None, ge=0, description="article text is dropped after this many days; default: kept"
    )
    report: bool = Field(True, description="whether the daily run writes the HTML report")
    contact: str = Field(
        "", description="address in the User-Agent of web requests, e.g. an e-mail"
    )
    allow_private_hosts: bool = Field(
        False, description="whether sources on private or loopback addresses may be fetched"
    )
    alerts_file: Path | None = Field(None, description="TOML file of alert rules")
    runner: Literal["local", "dask"] = Field(
        "local", description="where batches run: one after the other here, or on a Dask cluster"
    )
    dask_address: str | None = Field(
        None, description="scheduler such as tcp://host:8786; default: a cluster of this machine"
    )
    dask_workers: int = Field(2, gt=0, description="processes of a cluster of this machine")
    schedule_cron: str = Field("0 6 * * *", description="when the daily run is due, UTC")
    catch_up_days: int = Field(
        14, ge=0, description="missed daily runs are made good up to this many days back"
    )
    ui_host: str = Field("127.0.0.1", description="address that the Prefect server binds to")
    ui_port: int = Field(4200, gt=0, lt=65536, description="port of the Prefect server")

    @field_validator("articles", mode="before")
    @classmethod
    def _split_paths(cls, value: Any) -> Any:
        return value.split(os.pathsep) if isinstance(value, str) else value

    @field_validator("schedule_cron")
    @classmethod
    def _check_cron(cls, value: str) -> str:
        try:
            CronSim(value, datetime(2026, 1, 1, tzinfo=UTC))
        except CronSimError as err:
            raise ValueError("expected a cron expression such as '0 6 * * *'") from err
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read, in order: arguments, environment, the TOML file."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=_config_file())
        return init_settings, env_settings, toml

    @property
    def database_url(self) -> str:
        """Return the database URL in force, secrets included: never log it."""
        if self.db_url is not None:
            return self.db_url.get_secret_value()
        return f"sqlite:///{self.home / 'dyadrisk.db'}"


def _config_file() -> Path:
    named = os.environ.get("DYADRISK_CONFIG")
    if named and not Path(named).is_file():
        raise ConfigError(
            f"expected DYADRISK_CONFIG to name a file, got {named!r};"
            " create it or unset the variable"
        )
    return Path(named or CONFIG_NAME)


def load_settings(**overrides: Any) -> Settings:
    """Return the settings in force; arguments that are None do not override.

    Raises:
        ConfigError: a value is out of range or a key is unknown.
    """
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigError(_unknown(where)) from err
        raise ConfigError(
            f"setting {where!r}: {first['msg']}, got {first.get('input')!r};"
            " `dyadrisk settings` lists all settings"
        ) from err
    except ValueError as err:
        raise ConfigError(
            f"expected TOML such as `ui_port = 4200` in {str(_config_file())!r}, got {str(err)!r};"
            " correct the line"
        ) from err


def _unknown(name: str) -> str:
    """Return the complaint about a setting that does not exist, with the nearest that does."""
    near = get_close_matches(name, Settings.model_fields, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"expected a setting, got {name!r}; {hint}`dyadrisk settings` lists all of them"


def put_in_force(name: str, value: str) -> Settings:
    """Set one setting for this process and the tasks that it starts; return the settings."""
    os.environ[f"DYADRISK_{name.upper()}"] = value
    return load_settings()


def warn_of_unknown_variables() -> None:
    """Log DYADRISK_* variables that no setting answers to: most are misspelt."""
    known = {f"DYADRISK_{name.upper()}" for name in Settings.model_fields} | _OTHER_VARIABLES
    for name in sorted(set(os.environ) - known):
        if name.startswith("DYADRISK_") and not name.startswith(_CHANNEL_PREFIX):
            log.warning("%s is no setting; `dyadrisk settings` lists all of them", name)


@cache
def prepare_prefect(home: Path) -> None:
    """Set Prefect's environment before it is first imported; the user's values win."""
    for name, value in PREFECT_DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str((home / "prefect").resolve()))
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "features,models,flows")
    # Lines logged outside a run go to stderr only; Prefect would warn of each.
    os.environ.setdefault("PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW", "ignore")


def prefect_home() -> Path:
    """Return the folder of Prefect's own data; known once Prefect is prepared."""
    return Path(os.environ["PREFECT_HOME"])


def prefect_login() -> tuple[str, str] | None:
    """Return user and password for Prefect's server, or None where it asks for none."""
    user, _, password = os.environ.get("PREFECT_API_AUTH_STRING", "").partition(":")
    return (user, password) if user else None


def own_server() -> str | None:
    """Return the address of the Prefect API that the user has chosen, or None."""
    return os.environ.get("PREFECT_API_URL") or None


def child_environment(settings: Settings, **over: str) -> dict[str, str]:
    """Return the environment of a child process: ours, made independent of its folder."""
    config = _config_file()
    fixed = {"DYADRISK_HOME": str(settings.home.resolve())}
    if config.is_file():
        fixed["DYADRISK_CONFIG"] = str(config.resolve())
    return {**os.environ, **fixed, **over}


def channel_address(name: str) -> str | None:
    """Return the secret address of an alert channel, from DYADRISK_CHANNEL_<NAME>."""
    return os.environ.get(f"{_CHANNEL_PREFIX}{name.upper().replace('-', '_')}") or None
