"""Coding articles in one process and on 1 and 2 Dask workers: seconds, overhead, equal rows.

    python -m bench.scale --articles wiki_current_events.jsonl.gz --count 8000

The same articles are ingested once; each way codes a copy of that store through the
same Prefect server. Overhead is the share of the time from the first task's start to the
last one's end, over all workers, in which no shard was being worked on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import shutil
import tempfile
import time
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from tests.flows.processes import Stage

WAYS = {"one process": 0, "1 Dask worker": 1, "2 Dask workers": 2}


def prepare(corpus: Path, count: int, home: Path) -> Path:
    """Ingest the newest articles of a corpus; return the store."""
    with gzip.open(corpus, "rt", encoding="utf-8") as found:
        total = sum(1 for _ in found)
        found.seek(0)
        lines = list(islice(found, total - count, total))
    news = home / "news.jsonl"
    news.write_text("".join(lines), "utf-8")
    os.environ["DYADRISK_DB_URL"] = f"sqlite:///{home / 'full.db'}"
    from flows import stages

    run = stages.open_run("scale")
    stages.ingest_stage(run, (str(news),), date.today())
    run.engine.dispose()
    return home / "full.db"


def code_all(home: Path, full: Path, workers: int) -> dict[str, Any]:
    """Code a copy of the store and return seconds, overhead and its digest."""
    from prefect import flow, runtime

    from flows.cli_ops import opened
    from flows.daily import extract, list_shards
    from flows.scale import extract_all
    from flows.settings import load_settings
    from models.db import store

    path = home / f"coded-{workers}.db"
    shutil.copy(full, path)
    os.environ["DYADRISK_DB_URL"] = f"sqlite:///{path}"
    os.environ["DYADRISK_RUNNER"] = "dask" if workers else "local"
    os.environ["DYADRISK_DASK_WORKERS"] = str(workers or 1)

    @flow(name="code", persist_result=False)
    def code() -> tuple[int, str]:
        report = extract_all(list_shards, extract, load_settings())
        return report.article_count, str(runtime.flow_run.id)

    started, used = time.monotonic(), cpu_seconds()
    count, run_id = code()
    seconds, used = time.monotonic() - started, cpu_seconds() - used
    with opened(f"sqlite:///{path}") as engine:
        digest = store.content_digest(engine)
    busy, span = task_seconds(run_id)
    return {
        "articles": count,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used, 1),
        "articles_per_second": round(count / span, 1),
        "articles_per_cpu_second": round(count / used, 1),
        "start_and_end_seconds": round(seconds - span, 1),
        "overhead": round(1 - busy / (span * max(workers, 1)), 3),
        "events": digest["core_event"][0],
        "digest": digest,
    }


def cpu_seconds() -> float:
    """Return what this process and its ended children have computed."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def task_seconds(run_id: str) -> tuple[float, float]:
    """Return the seconds inside shards, added up, and from the first start to the last end."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    chosen = FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))
    deadline = time.monotonic() + 120
    with get_client(sync_client=True) as client:
        while True:  # the server learns of the last ends a little later
            runs = [
                run
                for run in client.read_task_runs(flow_run_filter=chosen)
                if run.name.startswith("extract")
            ]
            if all(run.end_time for run in runs) or time.monotonic() > deadline:
                break
            time.sleep(1)
    busy = sum(run.total_run_time.total_seconds() for run in runs)
    first, last = min(run.start_time for run in runs), max(run.end_time for run in runs)
    return busy, (last - first).total_seconds()


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--count", type=int, default=8000)
    parser.add_argument("--shard", type=int, help="articles a shard; default: as shipped")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="scale-"))
    stage = Stage(home, environment={"PREFECT_LOGGING_LEVEL": "ERROR"})
    os.environ |= {
        name: stage.environment[name]
        for name in ("DYADRISK_HOME", "PREFECT_HOME", "PREFECT_LOGGING_LEVEL")
    } | {"PREFECT_API_URL": stage.api_url}
    try:
        port = str(stage.port)
        stage.start("prefect", "server", "start", "--host", "127.0.0.1", "--port", port)
        full = prepare(options.articles, options.count, home)
        stage.wait_until(stage.is_up, "a server")
        if options.shard:
            from flows import extract

            extract.SHARD_ARTICLES = options.shard
        found = {name: code_all(home, full, workers) for name, workers in WAYS.items()}
    finally:
        stage.stop()
    digests = [figures.pop("digest") for figures in found.values()]
    print(json.dumps(found, indent=1))
    print("digests equal:", all(digest == digests[0] for digest in digests))
    print(f"load {os.getloadavg()[0]:.1f}")
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
