"""A small corpus with everything that makes ingest hard, and a program to ingest it."""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

FETCHED = datetime(2026, 2, 1, tzinfo=UTC)
PLACES = ("Lima", "Quito", "La Paz", "Santiago", "Bogota", "Caracas", "Brasilia", "Asuncion")
ACTS = ("met", "accused", "invited", "warned", "thanked", "sued", "joined", "refused")
THINGS = ("fishing", "gas", "border", "trade", "prison", "river", "rail", "copper", "visa", "grain")


def write_story(seed: int, sentences: int = 12) -> str:
    """Return a made-up text that shares no three words in a row with another seed's."""
    rng = random.Random(seed)
    return " ".join(
        f"The envoy of {rng.choice(PLACES)} {rng.choice(ACTS)} the {rng.choice(THINGS)} minister"
        f" of {rng.choice(PLACES)} about file {rng.randrange(10**6)} at {rng.random():.4f}."
        for _ in range(sentences)
    )


def write_corpus(folder: Path, seed: int = 1, count: int = 60) -> list[Path]:
    """Write JSONL, text and page files: copies, updates, repeats and rubbish among them."""
    rng = random.Random(seed)
    start = date(2026, 1, 1)
    records = []
    for n in range(count):
        text = write_story(n % (count * 2 // 3))
        day = start + timedelta(days=rng.randrange(20))
        page = n % (count - 10)
        url = f"https://outlet{page % 7}.example/{page}"
        records.append({"date": day.isoformat(), "text": text, "url": url, "title": f"Title {n}"})
    records += [{"date": "2026-01-05", "text": "Le ministre des Affaires étrangères est parti."}]
    records += [{"date": "2026-01-05"}, {"text": write_story(9_001)}]
    rng.shuffle(records)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for part in range(4):
        path = folder / f"part{part}.jsonl"
        lines = [json.dumps(record) for record in records[part::4]]
        path.write_text("\n".join([*lines, '{"broken": ']) + "\n", "utf-8")
        paths.append(path)
    for n in range(3):
        path = folder / f"wire{n}.txt"
        path.write_text(f"Envoys meet again\n\nLIMA, Jan 0{n + 1} — {write_story(n)}\n5\n", "utf-8")
        paths.append(path)
    (folder / "empty.txt").write_text("", "utf-8")
    return [*paths, folder / "empty.txt"]


def main() -> None:
    """Ingest the paths given after the database URL; sleep between batches if told to."""
    import time

    from flows import ingest, ingest_build
    from flows.settings import Settings
    from models.db.session import open_store

    url, pause, *paths = sys.argv[1:]
    ingest_build.BATCH_ITEMS = 5
    ingest.ingest_paths(
        open_store(url),
        [Path(path) for path in paths],
        FETCHED,
        "child",
        Settings(),
        ingest.PathOptions(now=FETCHED, progress=lambda _: time.sleep(float(pause))),
    )


if __name__ == "__main__":
    main()
