"""How long the views answer on years of daily scores, and how fast scores are written.

    python bench/sql.py --folder /var/tmp/sqlbench --pairs 1000 --days 1825

makes (or reuses) an SQLite file and a PostgreSQL cluster (through pgserver) in the
folder, fills both with made-up scores and prints one line a query. Aims: 100 ms for
one pair, 1 s for all pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, text

from models.db import store
from models.db.tables import LEVELS

LAST_DAY = date(2026, 3, 28)
VERSION = "bench-1"
CODES = [a + b + c for a in "ABCDEFGHI" for b in "KLMN" for c in "XYZ"]
WORDS = "military threats by the first country on the second, fading by half every 15 days"

ONE_PAIR = {
    "latest_risk, one pair": "SELECT * FROM latest_risk WHERE dyad = :dyad",
    "risk_history, one pair, all days": "SELECT * FROM risk_history WHERE dyad = :dyad"
    " AND outcome = 'force' AND horizon_days = 30",
    "risk_history, one pair, one day": "SELECT * FROM risk_history WHERE dyad = :dyad"
    " AND as_of_date = :day",
    "risk_evidence, one pair, one day": "SELECT * FROM risk_evidence WHERE dyad = :dyad"
    " AND as_of_date = :day",
    "risk_movers, one pair": "SELECT * FROM risk_movers WHERE dyad = :dyad",
}
ALL_PAIRS = {
    "latest_risk, all pairs": "SELECT * FROM latest_risk",
    "latest_risk, force 30 days, top 20": "SELECT * FROM latest_risk WHERE outcome = 'force'"
    " AND horizon_days = 30 ORDER BY prob DESC LIMIT 20",
    "latest_risk, pairs of one country": "SELECT * FROM latest_risk"
    " WHERE country_a_iso3 = :country OR country_b_iso3 = :country",
    "risk_movers, all pairs": "SELECT * FROM risk_movers",
    "risk_history, all pairs, one day": "SELECT * FROM risk_history WHERE as_of_date = :day",
    "risk_evidence, all pairs, newest day": "SELECT * FROM risk_evidence WHERE as_of_date = :last",
}


def made_up_scores(pairs: list[str], day: date, rng: random.Random, series: int) -> Iterator[Any]:
    """Yield the scores of one day."""
    kinds = [(o, h) for o in ("force", "escalation") for h in (30, 7, 90)][:series]
    for dyad in pairs:
        for outcome, horizon in kinds:
            prob = round(rng.random() ** 3, 6)
            drivers = [
                {
                    "feature": f"threat_fade{n}_count",
                    "value": n,
                    "contribution": 1 / n,
                    "words": WORDS,
                }
                for n in (4, 15, 60)
            ]
            yield {
                "dyad": dyad,
                "as_of_date": day,
                "outcome": outcome,
                "horizon_days": horizon,
                "classifier_version": VERSION,
                "prob": prob,
                "prob_low": prob / 2,
                "prob_high": min(1.0, prob * 1.5),
                "level": LEVELS[min(4, int(prob * 5))],
                "tension": round(rng.uniform(-10, 10), 3),
                "coverage": 0.5,
                "drivers": drivers,
            }


def made_up_evidence(scores: list[Any]) -> Iterator[Any]:
    """Yield three sentences a score."""
    names = ("dyad", "as_of_date", "outcome", "horizon_days", "classifier_version")
    for score in scores:
        for rank in (1, 2, 3):
            yield {name: score[name] for name in names} | {
                "rank": rank,
                "event_id": None,
                "sentence": f"A sentence of usual length about {score['dyad']} and what was said.",
                "outlet": "Example",
                "url": "https://news.example/article",
                "published_at": datetime(2026, 1, 1, tzinfo=UTC),
                "weight": 1.0 / rank,
            }


def fill(engine: Engine, pair_count: int, day_count: int, series: int, evidence_days: int) -> None:
    """Write scores of all pairs and days unless they are there; print the speed."""
    store.upgrade(engine)
    pairs = [f"{a}-{b}" for a, b in combinations(CODES, 2)][:pair_count]
    wanted = pair_count * day_count * series
    if store.count_rows(engine)["out_risk_score"] >= wanted:
        return
    rng = random.Random(7)
    kinds = [(o, h) for o in ("force", "escalation") for h in (30, 7, 90)]
    champion = {"classifier_version": VERSION, "kind": "bench", "status": "champion"}
    store.upsert_classifiers(
        engine, [{**champion, "outcome": o, "horizon_days": h} for o, h in kinds], "bench"
    )
    took = {"scores": 0.0, "evidence": 0.0}
    evidence_count = 0
    for back in range(day_count - 1, -1, -1):
        day = LAST_DAY - timedelta(days=back)
        scores = list(made_up_scores(pairs, day, rng, series))
        begin = time.perf_counter()
        store.upsert_scores(engine, scores, "bench")
        took["scores"] += time.perf_counter() - begin
        if back < evidence_days:
            evidence = list(made_up_evidence(scores))
            begin = time.perf_counter()
            store.replace_evidence(engine, scores, evidence, "bench")
            took["evidence"] += time.perf_counter() - begin
            evidence_count += len(evidence)
    store.vacuum(engine)
    print(
        f"{engine.dialect.name}: wrote {wanted:,} scores at {wanted / took['scores']:,.0f} rows/s,"
        f" {evidence_count:,} sentences at {evidence_count / took['evidence']:,.0f} rows/s"
    )


def timed(work: Callable[[], int], repeats: int = 5) -> tuple[float, float, int]:
    """Return the first and the median time in ms and the row count."""
    times, count = [], 0
    for _ in range(repeats):
        begin = time.perf_counter()
        count = work()
        times.append((time.perf_counter() - begin) * 1000)
    return times[0], median(times), count


def measure(engine: Engine) -> list[dict[str, Any]]:
    """Return one dict a query: the median time in ms and the rows it gave."""
    found = []
    values = {"dyad": "AKX-ALY", "day": LAST_DAY - timedelta(days=400), "last": LAST_DAY}
    values = values | {"country": "BKX"}
    if engine.dialect.name == "sqlite":
        values = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
    for goal, queries in ((100, ONE_PAIR), (1000, ALL_PAIRS)):
        for name, sql in queries.items():

            def work(sql: str = sql) -> int:
                with engine.connect() as conn:
                    return len(conn.execute(text(sql), values).fetchall())

            first, usual, count = timed(work)
            found.append(
                {
                    "database": engine.dialect.name,
                    "query": name,
                    "first_ms": round(first, 1),
                    "median_ms": round(usual, 1),
                    "row_count": count,
                    "goal_ms": goal,
                }
            )
    return found


def open_both(folder: Path) -> Iterator[Engine]:
    """Yield the SQLite and then the PostgreSQL store of the folder."""
    engine = store.open_store(f"sqlite:///{folder / 'bench.db'}")
    yield engine
    engine.dispose()
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="pg"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgserver
    server = pgserver.get_server(folder / "pg")
    engine = store.open_store(server.get_uri())
    yield engine
    engine.dispose()
    server.cleanup()


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--folder", type=Path, required=True, help="where the databases lie")
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--days", type=int, default=1825)
    parser.add_argument("--series", type=int, default=1, help="outcome-horizon pairs, 1 to 6")
    parser.add_argument("--evidence-days", type=int, default=60)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    results = []
    for engine in open_both(args.folder):
        fill(engine, args.pairs, args.days, args.series, args.evidence_days)
        results += measure(engine)
    print("| database | query | rows | first ms | median ms | goal ms |\n|---|---|---|---|---|---|")
    for row in results:
        print(
            f"| {row['database']} | {row['query']} | {row['row_count']} | {row['first_ms']}"
            f" | {row['median_ms']} | {row['goal_ms']} |"
        )
    if args.json:
        args.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
