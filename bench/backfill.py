"""Time and peak memory of a backfill of a whole corpus, and its ranking of one day.

    python -m bench.backfill --articles wiki_current_events.jsonl.gz \
        --from 2025-12-01 --to 2026-03-28 --show 2026-03-01

Runs the command line in a new process and a new database, as a user would.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = (sys.executable, "-m", "flows.cli")


def run(arguments: list[str], home: Path) -> str:
    """Run the command line in ``home`` and return what it printed."""
    environment = os.environ | {"DYADRISK_HOME": str(home), "DYADRISK_REPORT": "false"}
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def count(home: Path, table: str) -> int:
    """Return the rows of a table of the run's database."""
    import sqlite3

    with sqlite3.connect(home / "dyadrisk.db") as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def main() -> None:
    """Run the backfill and print its figures as JSON, then the ranking."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--from", dest="start", required=True)
    parser.add_argument("--to", dest="end", required=True)
    parser.add_argument("--show", required=True)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="backfill-"))
    articles = str(options.articles.resolve())
    started = time.monotonic()
    run(["backfill", "--from", options.start, "--to", options.end, "--articles", articles], home)
    seconds = time.monotonic() - started
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    article_count = count(home, "raw_article")
    figures = {
        "article_count": article_count,
        "event_count": count(home, "core_event"),
        "score_count": count(home, "out_risk_score"),
        "seconds": round(seconds),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime),
        "articles_per_second": round(article_count / seconds, 1),
        "peak_memory_mb": round(usage.ru_maxrss / 1024),
        "database_mb": round((home / "dyadrisk.db").stat().st_size / 1e6),
    }
    print(json.dumps(figures, indent=1))
    print(run(["show", "--as-of", options.show, "--limit", "10"], home))


if __name__ == "__main__":
    main()
