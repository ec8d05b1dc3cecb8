"""A year of daily runs through one Prefect server: seconds, memory and disk of each day.

    python -m bench.year --articles wiki_current_events.jsonl.gz \
        --first 2025-03-29 --days 365 --out year.jsonl --plot docs/images/year.png

Every day gets a file with the articles of the day before and is one run of the daily
flow against the same server; all runs share one process, so that anything that leaks
adds up. Stopped and started again with the same ``--out`` and ``--home``, it goes on;
with ``--show`` it only prints and draws what ``--out`` holds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.flows.processes import Stage

MB = 1e6
Row = dict[str, Any]


def split_by_day(corpus: Path, days: Sequence[date], folder: Path) -> None:
    """Write one file a day: the articles of the day before."""
    lines: dict[str, list[str]] = {}
    with gzip.open(corpus, "rt", encoding="utf-8") as found:
        for line in found:
            lines.setdefault(json.loads(line)["date"], []).append(line)
    folder.mkdir(parents=True, exist_ok=True)
    for day in days:
        before = (day - timedelta(days=1)).isoformat()
        (folder / f"{day}.jsonl").write_text("".join(lines.get(before, ())), "utf-8")


def resident_mb(pid: int | str) -> float:
    """Return the memory that a process holds now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def size_mb(path: Path) -> float:
    """Return the size of an SQLite database with its log."""
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists()) / MB


def row_count(path: Path, table: str) -> int:
    """Return the rows of a table."""
    with closing(sqlite3.connect(path)) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@contextmanager
def running_server(home: Path) -> Iterator[int]:
    """Start a server, point this process at it, and yield its process id."""
    stage = Stage(home, environment={"PREFECT_SERVER_LOGGING_LEVEL": "ERROR"})
    try:
        server = stage.start(
            "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(stage.port)
        )
        stage.wait_until(stage.is_up, "a server")
        os.environ |= {
            "PREFECT_API_URL": stage.api_url,
            "PREFECT_HOME": stage.environment["PREFECT_HOME"],
            "PREFECT_LOGGING_LEVEL": "ERROR",
            "DYADRISK_HOME": stage.environment["DYADRISK_HOME"],
        }
        yield server.pid
    finally:
        stage.stop()


def run_day(day: date, news: Path, home: Path, server: int) -> Row:
    """Run one day and return its figures."""
    from flows.daily import daily

    path = news / f"{day}.jsonl"
    articles = (str(path),) if path.stat().st_size else ()
    started, used = time.monotonic(), time.process_time()
    report = daily(as_of_date=day, articles=articles)
    seconds = time.monotonic() - started
    store, prefect = home / "var" / "dyadrisk.db", home / "var" / "prefect" / "prefect.db"
    return {
        "day": day.isoformat(),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(time.process_time() - used, 2),
        "stages": report.seconds,
        "articles": report.ingest.new,
        "events": report.extract.event_count,
        "pairs": report.score.pair_count,
        "memory_mb": round(resident_mb("self")),
        "server_mb": round(resident_mb(server)),
        "store_mb": round(size_mb(store), 1),
        "prefect_mb": round(size_mb(prefect), 1),
    }


def read_rows(path: Path) -> list[Row]:
    """Return the days that are done."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw seconds, memory and disk over the days."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    days = range(1, len(rows) + 1)
    figure, parts = plt.subplots(3, 1, figsize=(8, 7), sharex=True, layout="constrained")
    series = {
        "seconds a run": ("seconds", "cpu_seconds"),
        "memory, MB": ("memory_mb", "server_mb"),
        "database, MB": ("store_mb", "prefect_mb"),
    }
    names = {
        "seconds": "daily run",
        "cpu_seconds": "of which computing",
        "memory_mb": "process of the runs",
        "server_mb": "Prefect server",
        "store_mb": "store",
        "prefect_mb": "Prefect's own",
    }
    for part, (label, columns) in zip(parts, series.items(), strict=True):
        for column in columns:
            part.plot(days, [row[column] for row in rows], label=names[column], linewidth=1)
        part.set_ylabel(label)
        part.set_ylim(bottom=0)
        part.grid(alpha=0.3)
        part.legend(loc="center right", frameon=False)
    # A busy machine's longest days would flatten all others.
    usual = quantiles([row["seconds"] for row in rows], n=10)[-1]
    parts[0].set_ylim(0, 1.3 * usual)
    parts[-1].set_xlabel("day of the year of daily runs")
    figure.savefig(path, dpi=110)


def outside_seconds(row: Row) -> float:
    """Return what a run spent outside of its stages: states, logs, artifacts, the lock."""
    return float(row["seconds"] - sum(row["stages"].values()))


def summarize(rows: Sequence[Row], block_days: int = 60) -> str:
    """Return a markdown table of medians, block of days by block."""
    columns = (
        *("articles", "pairs", "seconds", "cpu_seconds"),
        *("memory_mb", "server_mb", "store_mb", "prefect_mb"),
    )
    lines = [f"| days | {' | '.join(columns)} | outside |", f"|{'---|' * (len(columns) + 2)}"]
    for start in range(0, len(rows), block_days):
        part = rows[start : start + block_days]
        cells = [f"{median(row[column] for row in part):.4g}" for column in columns]
        cells.append(f"{median(map(outside_seconds, part)):.2g}")
        lines.append(f"| {start + 1} to {start + len(part)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def run_days(days: Sequence[date], home: Path, out: Path) -> None:
    """Run days one after the other against one server and append their figures."""
    with running_server(home) as server:
        for day in days:
            row = run_day(day, home / "days", home, server)
            with out.open("a") as lines:
                lines.write(json.dumps(row) + "\n")
    store = home / "var" / "dyadrisk.db"
    print({table: row_count(store, table) for table in TABLES})


def main() -> None:
    """Run the days that are left, then print medians and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2025, 3, 29))
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--report", action="store_true", help="write the HTML report every day")
    parser.add_argument("--show", action="store_true", help="run nothing; show what was seen")
    parser.add_argument("--bare", action="store_true", help="start without the shipped history")
    options = parser.parse_args()
    if not options.show:
        if options.articles is None:
            parser.error("expected --articles, a file of dated articles, or --show")
        home = (options.home or Path(tempfile.mkdtemp(prefix="year-"))).resolve()
        days = [options.first + timedelta(days=n) for n in range(options.days)]
        split_by_day(options.articles, days, home / "days")
        os.environ["DYADRISK_REPORT"] = str(options.report).lower()
        os.environ["DYADRISK_PORTAL_HISTORY"] = str(not options.bare).lower()
        done = {row["day"] for row in read_rows(options.out)}
        run_days([day for day in days if day.isoformat() not in done], home, options.out)
    rows = read_rows(options.out)
    print(summarize(rows))
    if options.plot:
        draw(rows, options.plot)


TABLES = ("raw_article", "core_event", "core_dyad_day", "out_risk_score", "out_score_evidence")

if __name__ == "__main__":
    main()
