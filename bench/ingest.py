"""Speed of ingest: JSONL to database, HTML to article, near-duplicate search, a day of the press.

    python -m bench.ingest jsonl [FILE]      articles a second, file to database
    python -m bench.ingest html              pages a second on one core
    python -m bench.ingest stories           1,000, 10,000 and 100,000 texts
    python -m bench.ingest day [COUNT]       300,000 articles of 4 kB, generated

Each line of output gives wall and CPU seconds, so that a busy machine shows.
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.ingest_common import (
    Clock,
    peak_megabytes,
    write_jsonl,
    write_page,
    write_records,
    write_text,
)
from features.article import build_article
from features.stories import hash_bands, link_articles, merge_stories
from features.types import RawItem
from flows.ingest import PathOptions, ingest_paths
from flows.settings import Settings
from models.db import store
from models.db.migrate import upgrade

NOW = datetime(2026, 1, 10, tzinfo=UTC)


def say(name: str, count: int, unit: str, clock: Clock) -> None:
    """Print one result."""
    wall, cpu = clock.read()
    own, child = peak_megabytes()
    print(
        f"{name}: {count} {unit}, wall {wall:.1f} s = {count / wall:.0f}/s,"
        f" CPU {cpu:.1f} s = {count / cpu:.0f}/CPU-s, peak {own:.0f} MB"
        + (f" + {child:.0f} MB in the largest worker" if child else ""),
        flush=True,
    )


def bench_paths(name: str, paths: list[Path], folder: Path) -> None:
    """Take files into a fresh SQLite store twice."""
    engine = store.open_store(f"sqlite:///{folder / 'bench.db'}")
    upgrade(engine)
    build_article(RawItem("warm", "text", write_text(random.Random(0), 300), NOW))
    for run in ("first", "again"):
        clock = Clock()
        report = ingest_paths(engine, paths, NOW, run, Settings(), PathOptions(now=NOW))
        say(f"{name}, {run} pass", report.read, "articles", clock)
    print(store.count_rows(engine)["raw_article"], "articles stored,", report)
    engine.dispose()


def bench_jsonl(folder: Path, path: Path | None) -> None:
    """Files of short and of long records, or the one that is given."""
    if path is not None:
        bench_paths(path.name, [path], folder)
        return
    for chars, count in ((300, 40_000), (4_000, 20_000)):
        sub = folder / str(chars)
        sub.mkdir()
        write_jsonl(sub / "a.jsonl", count, chars)
        bench_paths(f"JSONL of {chars} characters each", [sub / "a.jsonl"], sub)


def bench_html() -> None:
    """Pages of about 4 kB of text and 10 kB of furniture."""
    rng = random.Random(3)
    pages = [write_page(rng, 4_000) for _ in range(300)]
    build_article(RawItem("warm", "html", pages[0], NOW))
    clock = Clock()
    for number, page in enumerate(pages):
        build_article(RawItem(f"https://a.example/{number}", "html", page, NOW))
    say("HTML to article", len(pages), "pages", clock)


def bench_stories() -> None:
    """Signatures, links and stories of ever more texts."""
    import json

    for count in (1_000, 10_000, 100_000):
        texts = [json.loads(line)["text"] for line in write_records(count, 1_500)]
        days = [number % 7 for number in range(count)]
        clock = Clock()
        bands = hash_bands(texts)
        say("signatures", count, "texts", clock)
        clock = Clock()
        links = link_articles(bands, days, 3)
        merges = merge_stories([f"{n:07d}" for n in range(count)], links.tolist())
        say(f"links and stories ({len(merges)} joined)", count, "texts", clock)


def bench_day(folder: Path, count: int) -> None:
    """One day of the world's press at GDELT's size, in ten files."""
    files = []
    for part in range(10):
        path = folder / f"part{part}.jsonl"
        write_jsonl(path, count // 10, 4_000, seed=part)
        files.append(path)
    bench_paths("a day of the press", files, folder)


def main() -> None:
    """Run the bench that is named."""
    kind, *rest = sys.argv[1:] or ["jsonl"]
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        if kind == "jsonl":
            bench_jsonl(folder, Path(rest[0]) if rest else None)
        elif kind == "html":
            bench_html()
        elif kind == "stories":
            bench_stories()
        elif kind == "day":
            bench_day(folder, int(rest[0]) if rest else 300_000)
        else:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
