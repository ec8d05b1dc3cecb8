"""How long the views answer on years of daily scores, and how fast rows are written.

    python -m bench.sql --folder /var/tmp/sqlbench --pairs 1000 --days 1825

makes (or reuses) an SQLite file and a PostgreSQL cluster (through pgserver) in the
folder, fills both with made-up scores and prints one line a query. Aims: 100 ms for
one pair, 1 s for all pairs. ``cpu`` is the processor time of this process and, for
PostgreSQL, of the server process that answers: on a busy machine it says more than
the clock. The median of several runs is taken.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, text

from bench.embedded_postgres import load_pgserver
from features.registry import DYAD_DAY_COLUMNS
from models.db import store

LAST_DAY = date(2026, 3, 28)
VERSION = "bench-1"
REPEATS = 7
CODES = [a + b + c for a in "ABCDEFGHI" for b in "KLMN" for c in "XYZ"]
SERIES = [(outcome, days) for outcome in ("force", "escalation") for days in (30, 7, 90)]
WORDS = "threats by the first country on the second (half-life {} days)"
DRIVERS = json.dumps(
    [
        {"contribution": 1 / n, "feature": f"threat_fade{n}_count", "value": n, "words": WORDS}
        for n in (4, 15, 60)
    ]
)

ONE_PAIR = {
    "latest_risk, one pair": "SELECT * FROM latest_risk WHERE dyad = :dyad",
    "risk_history, one pair, all days": "SELECT * FROM risk_history WHERE dyad = :dyad"
    " AND outcome = 'force' AND horizon_days = 30",
    "risk_history, one pair, one day": "SELECT * FROM risk_history WHERE dyad = :dyad"
    " AND as_of_date = :day",
    "risk_evidence, one pair, newest day": "SELECT * FROM risk_evidence WHERE dyad = :dyad"
    " AND as_of_date = :last",
    "risk_evidence, one pair, all days": "SELECT * FROM risk_evidence WHERE dyad = :dyad",
    "risk_movers, one pair": "SELECT * FROM risk_movers WHERE dyad = :dyad",
}
ALL_PAIRS = {
    "latest_risk, all pairs": "SELECT * FROM latest_risk",
    "latest_risk, top 20": "SELECT * FROM latest_risk WHERE outcome = 'force'"
    " AND horizon_days = 30 ORDER BY prob DESC LIMIT 20",
    "latest_risk, pairs of one country": "SELECT * FROM latest_risk"
    " WHERE country_a_iso3 = :country OR country_b_iso3 = :country",
    "risk_movers, all pairs": "SELECT * FROM risk_movers",
    "risk_history, all pairs, one day": "SELECT * FROM risk_history WHERE as_of_date = :day",
    "risk_evidence, all pairs, newest day": "SELECT * FROM risk_evidence WHERE as_of_date = :last",
}

FILL_SCORES = """
INSERT INTO out_risk_score (
    dyad, outcome, horizon_days, as_of_date, classifier_version, country_a_iso3, country_b_iso3,
    prob, prob_low, prob_high, level, tension, coverage, run_id, scored_at, drivers)
SELECT dyad, outcome, horizon_days, as_of_date, :version, a, b, x, x / 2, x, level, 0.0, 0.5,
    'bench', :moment, :drivers
FROM (
    SELECT p.dyad, p.a, p.b, k.outcome, k.horizon_days, d.as_of_date,
        ((p.number * 7919 + d.number * 1049 + k.number * 31) % 1000) / 1000.0 AS x,
        CASE (p.number + d.number) % 5 WHEN 0 THEN 'SEVERE' WHEN 1 THEN 'HIGH'
            WHEN 2 THEN 'ELEVATED' WHEN 3 THEN 'GUARDED' ELSE 'LOW' END AS level,
        d.number AS day_number, p.number AS pair_number
    FROM bench_day d CROSS JOIN bench_pair p CROSS JOIN bench_series k
) made ORDER BY day_number DESC, pair_number
"""
FILL_SERIES = """
INSERT INTO out_risk_series (dyad, outcome, horizon_days, run_id, written_at)
SELECT p.dyad, k.outcome, k.horizon_days, 'bench', :moment
FROM bench_pair p CROSS JOIN bench_series k
"""
FILL_EVIDENCE = """
INSERT INTO out_score_evidence (
    dyad, outcome, horizon_days, as_of_date, classifier_version, rank, sentence, outlet, url,
    published_at, weight, run_id, written_at)
SELECT p.dyad, k.outcome, k.horizon_days, d.as_of_date, :version, r.number + 1,
    'A sentence of the usual length, in which one government warns another one.', 'Example',
    'https://news.example/article', :moment, 1.0, 'bench', :moment
FROM bench_day d CROSS JOIN bench_pair p CROSS JOIN bench_series k
JOIN bench_day r ON r.number < 3
WHERE d.number < :evidence_days
"""


def fill(engine: Engine, pair_count: int, day_count: int, series: int, evidence_days: int) -> None:
    """Fill an empty store with made-up scores, day by day as they would have come."""
    store.upgrade(engine)
    if store.count_rows(engine)["out_risk_score"]:
        return
    champion = {"classifier_version": VERSION, "kind": "bench", "status": "champion"}
    kinds = [{**champion, "outcome": o, "horizon_days": h} for o, h in SERIES]
    store.upsert_classifiers(engine, kinds, "bench")
    values = {"version": VERSION, "drivers": DRIVERS, "evidence_days": evidence_days}
    values |= {"moment": datetime(2026, 3, 28, 6, tzinfo=UTC)}
    if engine.dialect.name == "sqlite":
        values |= {"moment": "2026-03-28 06:00:00.000000"}
    with store.writing(engine) as conn:
        _fill_helpers(conn, pair_count, day_count, series)
        for statement in (FILL_SERIES, FILL_SCORES, FILL_EVIDENCE):
            conn.execute(text(statement), values)
    store.vacuum(engine)


def _fill_helpers(conn: Connection, pair_count: int, day_count: int, series: int) -> None:
    for table in (
        "bench_pair (number INTEGER, dyad TEXT, a TEXT, b TEXT)",
        "bench_day (number INTEGER, as_of_date DATE)",
        "bench_series (number INTEGER, outcome TEXT, horizon_days INTEGER)",
    ):
        conn.execute(text(f"CREATE TEMPORARY TABLE {table}"))
    pairs = list(combinations(CODES, 2))[:pair_count]
    rows = [{"n": n, "d": f"{a}-{b}", "a": a, "b": b} for n, (a, b) in enumerate(pairs)]
    conn.execute(text("INSERT INTO bench_pair VALUES (:n, :d, :a, :b)"), rows)
    days = [(n, (LAST_DAY - timedelta(days=n)).isoformat()) for n in range(day_count)]
    put = "CAST(:d AS DATE)" if conn.dialect.name == "postgresql" else ":d"
    conn.execute(
        text(f"INSERT INTO bench_day VALUES (:n, {put})"), [{"n": n, "d": d} for n, d in days]
    )
    kinds = [{"n": n, "o": o, "h": h} for n, (o, h) in enumerate(SERIES[:series])]
    conn.execute(text("INSERT INTO bench_series VALUES (:n, :o, :h)"), kinds)


def processor_seconds(conn: Connection) -> float:
    """Return the processor time of this process and of the connection's server process."""
    own = time.process_time()
    if conn.dialect.name == "sqlite":
        return own
    pid = conn.connection.dbapi_connection.info.backend_pid
    return own + int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def measure_reads(engine: Engine) -> Iterator[dict[str, Any]]:
    """Yield one dict a query: median times in ms and the rows it gave."""
    values: dict[str, Any] = {"dyad": "AKX-ALY", "country": "BKX"}
    values |= {"day": LAST_DAY - timedelta(days=400), "last": LAST_DAY}
    if engine.dialect.name == "sqlite":
        values |= {"day": values["day"].isoformat(), "last": LAST_DAY.isoformat()}
    for goal, queries in ((100, ONE_PAIR), (1000, ALL_PAIRS)):
        for name, sql in queries.items():
            clock, processor = [], []
            for _ in range(REPEATS):
                with engine.connect() as conn:
                    conn.execute(text("SELECT 1"))
                    begin, used = time.perf_counter(), processor_seconds(conn)
                    count = len(conn.execute(text(sql), values).fetchall())
                    clock.append(time.perf_counter() - begin)
                    processor.append(processor_seconds(conn) - used)
            yield {
                "database": engine.dialect.name,
                "query": name,
                "row_count": count,
                "clock_ms": round(median(clock) * 1000, 1),
                "cpu_ms": round(median(processor) * 1000, 1),
                "goal_ms": goal,
            }


def made_up_rows(kind: str, count: int) -> list[dict[str, Any]]:
    """Return rows of one table."""
    pairs = [f"{a}-{b}" for a, b in combinations(CODES, 2)]
    if kind == "core_dyad_day":
        values = dict.fromkeys(DYAD_DAY_COLUMNS, 1)
        return [
            {
                "dyad": pairs[n % 1000],
                "day": LAST_DAY - timedelta(days=n // 1000),
                "extractor_version": "bench",
                "corpus": "news",
                **values,
            }
            for n in range(count)
        ]
    return [
        {
            "dyad": pairs[n % 1000],
            "outcome": "force",
            "horizon_days": 30,
            "as_of_date": LAST_DAY + timedelta(days=1 + n // 1000),
            "classifier_version": "bench-2",
            "prob": 0.5,
            "prob_low": 0.25,
            "prob_high": 0.75,
            "level": "HIGH",
            "tension": 0.0,
            "coverage": 0.5,
            "drivers": json.loads(DRIVERS),
        }
        for n in range(count)
    ]


def measure_writes(engine: Engine, count: int) -> Iterator[dict[str, Any]]:
    """Yield the rows a second of a first write and of an identical second one, then undo."""
    writers = {"core_dyad_day": store.upsert_dyad_days, "out_risk_score": store.upsert_scores}
    with engine.execution_options(sqlite_begin="IMMEDIATE").connect() as conn, conn.begin() as undo:
        for table, write in writers.items():
            rows = made_up_rows(table, count)
            for turn in ("new", "identical"):
                begin, used = time.perf_counter(), processor_seconds(conn)
                changed = write(conn, rows, "bench")
                clock, cpu = time.perf_counter() - begin, processor_seconds(conn) - used
                yield {
                    "database": engine.dialect.name,
                    "table": table,
                    "rows": f"{count} {turn}",
                    "changed_count": changed,
                    "per_clock_second": round(count / clock),
                    "per_cpu_second": round(count / cpu),
                }
        undo.rollback()


def open_both(folder: Path) -> Iterator[Engine]:
    """Yield the SQLite and then the PostgreSQL store of the folder."""
    engine = store.open_store(f"sqlite:///{folder / 'bench.db'}")
    yield engine
    engine.dispose()
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="pg"))
    server = load_pgserver().get_server(folder / "pg")
    engine = store.open_store(server.get_uri())
    yield engine
    engine.dispose()
    server.cleanup()


def print_table(rows: list[dict[str, Any]]) -> None:
    """Print dicts as a Markdown table."""
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    print(flush=True)


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--folder", type=Path, required=True, help="where the databases lie")
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--days", type=int, default=1825)
    parser.add_argument("--series", type=int, default=1, help="outcome-horizon pairs, 1 to 6")
    parser.add_argument("--evidence-days", type=int, default=365)
    parser.add_argument("--write-rows", type=int, default=20_000)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for engine in open_both(args.folder):
        fill(engine, args.pairs, args.days, args.series, args.evidence_days)
        counts = {name: n for name, n in store.count_rows(engine).items() if n}
        print(f"{engine.dialect.name}: {counts}", flush=True)
        print_table(list(measure_reads(engine)))
        print_table(list(measure_writes(engine, args.write_rows)))


if __name__ == "__main__":
    main()
