"""Running flows from the command line: progress on stderr, the result on stdout."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from features.errors import DyadriskError, FatalError
from flows import cli_show
from flows.settings import Settings

TOP_COUNT = 10
SAMPLE_QUERY = "SELECT dyad, prob, level FROM latest_risk LIMIT 9"


def say(text: str) -> None:
    """Print a line of progress to stderr."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what Prefect wraps around our errors back into them.

    Raises:
        FatalError: Prefect's server did not start, or went away during the run.
    """
    try:
        yield
    except DyadriskError:
        raise
    except httpx.HTTPError as err:
        raise FatalError(
            f"expected Prefect's server to answer, got {str(err) or type(err).__name__!r}: it went"
            " away during the run; start it again (`dyadrisk serve`, or what PREFECT_API_URL"
            " names) and run the same command again, it goes on where it stopped"
        ) from err
    except RuntimeError as err:
        raise FatalError(
            f"expected Prefect's server to answer, got {str(err)!r}; see"
            " `dyadrisk settings` and PREFECT_API_URL"
        ) from err


def check_store(settings: Settings) -> None:
    """Reach the store before a server is started for a run that could not write.

    Raises:
        ConfigError: the database URL is wrong.
        FatalError: the database cannot be reached.
    """
    from models.db import store

    store.open_store(settings.database_url).dispose()


def run_daily(
    settings: Settings, as_of: date | None, articles: Sequence[Path], as_json: bool
) -> int:
    """Run the daily flow and print what it found."""
    check_store(settings)
    say("==> starting (Prefect's temporary server takes up to 30 s when none is running)")
    started = time.monotonic()
    from flows.daily import daily

    with plain_errors():
        report = daily(as_of_date=as_of, articles=tuple(str(path) for path in articles))
    say(f"==> done in {time.monotonic() - started:.0f} s")
    if as_json:
        return cli_show.show(settings, None, report.as_of_date, 20, True)
    print(summarize(report))
    code = cli_show.show(settings, None, report.as_of_date, TOP_COUNT, False)
    print_sentences(settings, report.as_of_date)
    print(where_to_look(settings, report.as_of_date))
    return code


def print_sentences(settings: Settings, as_of: date) -> None:
    """Print the strongest sentence behind each of the highest pairs; text is made inert."""
    from flows.text import outlet_words, plain
    from models.db import store

    engine = cli_show.open_reader(settings)
    found = {
        row["dyad"]: store.read_evidence(engine, row["dyad"], as_of_date=as_of, limit=1)
        for row in store.read_day(engine, as_of, limit=TOP_COUNT)
    }
    lines = [
        f"  {dyad}  {plain(rows[0]['sentence'], 150)}"
        f" ({plain(outlet_words(rows[0]['outlet']), 40)},"
        f" {rows[0]['published_at']:%Y-%m-%d})"
        if rows
        else f"  {dyad}  none stored: counts of the shipped history put it there"
        for dyad, rows in found.items()
    ]
    print("\nThe strongest sentence behind each", *lines, sep="\n")


def summarize(report: Any) -> str:
    """Return one paragraph of counts of a daily run."""
    ingest, score = report.ingest, report.score
    refused = ", ".join(f"{n} {reason}" for reason, n in sorted(ingest.rejected.items()))
    return (
        f"As of {report.as_of_date}: {ingest.read} items read, {ingest.new} new articles,"
        f" {ingest.rejected_count} refused{f' ({refused})' if refused else ''};"
        f" {report.extract.event_count} new events; {score.pair_count} pairs scored."
    )


def where_to_look(settings: Settings, as_of: date) -> str:
    """Return where database, report and UI are, and what to type next."""
    home, name = settings.home, program_name()
    lines = [
        "",
        f"Database   {settings_url(settings)}",
        *([f"Report     {home / 'report.html'}"] if (home / "report.html").exists() else []),
        f"Prefect UI http://{settings.ui_host}:{settings.ui_port} once `{name} serve` runs",
        "",
        "Next:",
        f"  {name} explain COL-USA --as-of {as_of}",
        f"  {name} movers --as-of {as_of}",
        f"  {name} show COL-USA --json",
        f"  {shell_query(settings)}",
    ]
    return "\n".join(lines)


def program_name() -> str:
    """Return what to type to call this program again: its path where the shell knows no name."""
    called = Path(sys.argv[0])
    if called.stem != "dyadrisk" or shutil.which("dyadrisk"):
        return "dyadrisk"
    return os.path.relpath(called)


def shell_query(settings: Settings) -> str:
    """Return a query of the latest scores in the database's own shell."""
    from sqlalchemy import URL, make_url

    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite3 {url.database} '{SAMPLE_QUERY}'"
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return f"psql {bare.render_as_string()} -c '{SAMPLE_QUERY}'"


def settings_url(settings: Settings) -> str:
    """Return the database URL without its password."""
    from sqlalchemy import make_url

    return make_url(settings.database_url).render_as_string(hide_password=True)


def run_backfill(
    settings: Settings, start: date, end: date, articles: Sequence[Path], as_json: bool
) -> int:
    """Run the backfill flow and print the ranking of its last day."""
    check_store(settings)
    say("==> starting (Prefect's temporary server takes up to 30 s when none is running)")
    started = time.monotonic()
    from flows.backfill import backfill

    with plain_errors():
        report = backfill(start=start, end=end, articles=tuple(str(path) for path in articles))
    say(f"==> done in {time.monotonic() - started:.0f} s")
    if not as_json:
        print(
            f"{report.article_count} articles coded, {report.event_count} events,"
            f" {report.day_count} days scored, from {start} to {end}"
        )
    return cli_show.show(settings, None, end, 10, as_json)
