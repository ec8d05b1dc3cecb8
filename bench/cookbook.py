"""How long every recipe of the cookbook takes on a store that bench/sql.py has filled.

python -m bench.sql --folder /var/tmp/sqlbench --pairs 1000 --days 1825
python -m bench.cookbook sqlite:////var/tmp/sqlbench/bench.db
"""

from __future__ import annotations

import sys
import time
from statistics import median

from sqlalchemy import text

from flows.cookbook import load_cookbook
from models.db import store

REPEATS = 5


def main() -> None:
    """Print the median clock and processor milliseconds of each recipe."""
    engine = store.open_store(sys.argv[1], read_only=True)
    dyad = store.read_latest(engine, limit=1)[0]["dyad"]
    country = dyad.partition("-")[0]
    print("| recipe | rows | clock ms | processor ms |\n|---|---|---|---|")
    for recipe in load_cookbook():
        params = dict(recipe.params)
        params |= {"dyad": dyad} if "dyad" in params else {}
        params |= {name: country for name in ("country", "home") if name in params}
        clock, processor, row_count = [], [], 0
        for _ in range(REPEATS):
            with engine.connect() as conn:
                begin, used = time.perf_counter(), time.process_time()
                row_count = len(conn.execute(text(recipe.sql), params).all())
                clock.append(1000 * (time.perf_counter() - begin))
                processor.append(1000 * (time.process_time() - used))
        print(f"| {recipe.name} | {row_count} | {median(clock):.1f} | {median(processor):.1f} |")


if __name__ == "__main__":
    main()
