"""The command line ``dyadrisk``. Data go to stdout, progress and logs to stderr."""

from __future__ import annotations

import logging
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from features.errors import ConfigError, DyadriskError
from flows import cli_explain, cli_ops, cli_read, cli_risk, cli_show, cli_sources
from flows.cli_options import AsOf, Csv, DbUrl, Json, Limit, day_option
from flows.settings import (
    Settings,
    load_settings,
    prepare_prefect,
    put_in_force,
    warn_of_unknown_variables,
)
from flows.text import InertFilter, plain

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2
NO_SCALE = cli_ops.Scale()

app = App(
    name="dyadrisk",
    help="A daily, open, auditable risk score for every pair of countries, made from the news.",
    version_flags=[],
    suppress_keyboard_interrupt=False,  # main says what to do next
)
db_app = App(name="db", help="Look after the database.")
app.command(db_app)

Articles = Annotated[
    tuple[Path, ...] | None,
    Parameter(name="--articles", negative="", help="File or folder of articles; may be repeated."),
]


def use_database(db: str | None) -> Settings:
    """Put ``--db`` in force for this process and its tasks; return the settings."""
    settings = load_settings() if db is None else put_in_force("db_url", db)
    prepare_prefect(settings.home)
    return settings


@app.command
def run(
    *,
    as_of: AsOf = None,
    articles: Articles = None,
    db: DbUrl = None,
    json: Json = False,
    scale: cli_ops.Scale = NO_SCALE,
) -> int:
    """Run the daily flow: ingest, extract, aggregate, score, publish."""
    settings = use_database(db)
    scale.put_in_force()
    from flows.cli_run import run_daily

    return run_daily(settings, as_of, check_paths(articles), json)


@app.command
def backfill(
    *,
    start: Annotated[date, day_option("--from", "First day to score.")],
    end: Annotated[date, day_option("--to", "Last day to score.")],
    articles: Articles = None,
    db: DbUrl = None,
    json: Json = False,
    scale: cli_ops.Scale = NO_SCALE,
) -> int:
    """Ingest articles and score every day from --from to --to."""
    settings = use_database(db)
    scale.put_in_force()
    if start > end:
        raise ConfigError(f"expected --from not after --to, got {start} and {end}; swap them")
    from flows.cli_run import run_backfill

    return run_backfill(settings, start, end, check_paths(articles), json)


def check_paths(paths: tuple[Path, ...] | None) -> tuple[Path, ...]:
    """Return the paths; a missing one is an error of usage.

    Raises:
        ConfigError: a path does not exist.
    """
    for path in paths or ():
        if not path.exists():
            raise ConfigError(
                f"expected an existing file or folder, got {str(path)!r}; check the spelling"
            )
    return paths or ()


@app.command
def code(
    *,
    source: Annotated[Path, Parameter(name="--in", help="JSONL of {id, date, text[, title]}.")],
    target: Annotated[Path, Parameter(name="--out", help="JSONL of events to write.")],
    explain: Annotated[
        bool, Parameter(negative="", help="Add actors, trigger, path and class probabilities.")
    ] = False,
    page: Annotated[
        Path | None, Parameter(name="--html", help="Draw actors and parses into this HTML file.")
    ] = None,
) -> int:
    """Turn text into events, without a database."""
    from flows.code import code_file

    check_paths((source,))
    report = code_file(load_settings(), source, target, explain=explain, page=page)
    print(
        f"{report.read} texts, {report.refused} refused, {report.event_count} events",
        file=sys.stderr,
    )
    return EXIT_FAILED if report.read and report.refused == report.read else EXIT_OK


@app.command
def show(
    dyad: str | None = None,
    *,
    as_of: AsOf = None,
    limit: Limit = 20,
    db: DbUrl = None,
    json: Json = False,
    csv: Csv = False,
) -> int:
    """Print the ranked pairs, or one pair's scores of all outcomes and horizons."""
    return cli_show.show(use_database(db), dyad, as_of, limit, json, csv)


@app.command
def explain(dyad: str, *, as_of: AsOf = None, db: DbUrl = None, json: Json = False) -> int:
    """Print why a pair stands where it is: drivers, change and sentences."""
    return cli_explain.explain(use_database(db), dyad, as_of, json)


@app.command
def movers(
    *,
    as_of: AsOf = None,
    limit: Limit = 20,
    db: DbUrl = None,
    json: Json = False,
    csv: Csv = False,
) -> int:
    """Print the pairs whose risk changed most since last week."""
    return cli_show.movers(use_database(db), as_of, limit, json, csv)


@app.command
def settings(*, json: Json = False) -> int:
    """Print the settings in force; secrets are hidden."""
    return cli_show.print_settings(load_settings(), json)


@app.command
def version() -> int:
    """Print the versions of the program, the extractor and the classifiers."""
    return cli_show.print_version(load_settings())


@db_app.command
def upgrade(*, db: DbUrl = None) -> int:
    """Bring the database to the current schema."""
    return cli_show.upgrade_database(use_database(db))


cli_ops.mount(app, db_app)
cli_read.mount(app)
cli_risk.mount(app)
cli_sources.mount(app)


class Narration(logging.Filter):
    """Let our own stages speak at INFO, everybody else from WARNING on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is shown."""
        own = record.name.partition(".")[0] in ("features", "models", "flows")
        return own or record.levelno >= logging.WARNING


def set_up_logging() -> None:
    """Send logs to stderr, one line a stage."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Narration())
    handler.addFilter(InertFilter())
    handler.setFormatter(logging.Formatter("    %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)


def describe_fault(err: OSError) -> str:
    """Return what the system refused, as a sentence.

    Raises:
        OSError: it concerns no file; then it is a fault of the program.
    """
    if err.filename is None:
        raise err
    return (
        f"expected to read or write {str(err.filename)!r}, got {err.strerror!r};"
        " choose another place, or see to its rights and the disk's space"
    )


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit: 0 ok, 1 data or run failed, 2 usage."""
    set_up_logging()
    warn_of_unknown_variables()
    try:
        result = app(argv, exit_on_error=False, print_error=True)
    except CycloptsError:
        sys.exit(EXIT_USAGE)
    except ConfigError as err:
        print(f"dyadrisk: {plain(str(err))}", file=sys.stderr)
        sys.exit(EXIT_USAGE)
    except DyadriskError as err:
        print(f"dyadrisk: {plain(str(err))}", file=sys.stderr)
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:  # the reader of our output has gone, as in `... | head`
        sys.stdout = None  # nothing is left to flush
        sys.exit(EXIT_OK)
    except OSError as err:
        print(f"dyadrisk: {plain(describe_fault(err))}", file=sys.stderr)
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        print("dyadrisk: interrupted; run it again to go on", file=sys.stderr)
        sys.exit(130)
    sys.exit(result if isinstance(result, int) else EXIT_OK)


if __name__ == "__main__":
    main()
