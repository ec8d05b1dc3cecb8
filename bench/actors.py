"""Country mentions against labels: F1 a document, and unordered pairs.

    python -m bench.actors --corpus CORPUS --part test

Labels: TSV with the columns id and countries (space-separated codes or "-"), by default the
shipped ones of the part. The corpus is the portal file that holds the texts. Part "test" is
every id with crc32(id) % 4 == 0; rules are never tuned on it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from itertools import combinations
from pathlib import Path

from features.actors import load_gazetteer, named_codes
from features.countries import is_known_code


def shipped_labels(part: str) -> Path:
    name = "portal_test.tsv" if part == "test" else "portal_train.tsv"
    return Path(str(resources.files("models.coder") / "labels" / name))


def read_labels(path: Path, part: str) -> dict[str, frozenset[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    labels = {}
    for row in csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t"):
        key = "wce-" + row["id"].removeprefix("wce-")
        if (zlib.crc32(key.encode()) % 4 == 0) == (part == "test"):
            labels[key] = frozenset(code for code in row["countries"].split() if code != "-")
    return labels


def read_texts(path: Path, wanted: set[str]) -> Iterator[tuple[str, date, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        rows = json.load(lines) if path.suffix == ".json" else map(json.loads, lines)
        for row in rows:
            if row["id"] in wanted:
                yield row["id"], date.fromisoformat(row["date"]), " ".join(row["text"].split())


def score(found: Counter[str], name: str) -> str:
    right, extra, missed = found["right"], found["extra"], found["missed"]
    precision = right / max(right + extra, 1)
    recall = right / max(right + missed, 1)
    f1 = 2 * right / max(2 * right + extra + missed, 1)
    figures = f"precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}"
    return f"{name:<34} {figures} (labels {right + missed})"


def count(found: Counter[str], predicted: set, true: set) -> None:
    found["right"] += len(predicted & true)
    found["extra"] += len(predicted - true)
    found["missed"] += len(true - predicted)


def rate(read: Callable[[str, date], object], texts: list[tuple[str, date, str]]) -> float:
    """Return texts a CPU-second, after one pass to warm the caches."""
    for _, day, text in texts[:50]:
        read(text, day)
    started = time.process_time()
    for _, day, text in texts:
        read(text, day)
    return len(texts) / max(time.process_time() - started, 1e-9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, help="by default the shipped ones of the part")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--part", choices=("dev", "test"), default="dev")
    parser.add_argument("--errors", action="store_true", help="list errors (dev only)")
    args = parser.parse_args()
    labels = read_labels(args.labels or shipped_labels(args.part), args.part)
    gazetteer = load_gazetteer()
    countries, pairs, per_code = Counter(), Counter(), {}
    per_document, exact, documents = 0.0, 0, 0
    texts = list(read_texts(args.corpus, set(labels)))
    screen_rate = rate(gazetteer.screen, texts)
    find_rate = rate(gazetteer.find, texts)
    for key, day, text in texts:
        predicted = set(named_codes(gazetteer.find(text, day)))
        true = set(labels[key])
        count(countries, predicted, true)
        count(pairs, set(combinations(sorted(predicted), 2)), set(combinations(sorted(true), 2)))
        size = len(predicted) + len(true)
        per_document += 2 * len(predicted & true) / size if size else 1.0
        exact += predicted == true
        documents += 1
        if args.errors and args.part == "dev" and predicted != true:
            print(f"{key}\t+{sorted(predicted - true)} -{sorted(true - predicted)}\t{text}")
        for code in predicted ^ true:
            per_code.setdefault(code, Counter())["extra" if code in predicted else "missed"] += 1
    unknown = {code for codes in labels.values() for code in codes if not is_known_code(code)}
    print(f"part {args.part}: {documents} texts, unknown codes {sorted(unknown)}")
    print(f"screen {screen_rate:,.0f} and find {find_rate:,.0f} texts a CPU-second")
    print(score(countries, "country mentions (micro)"))
    mean, share = per_document / max(documents, 1), exact / max(documents, 1)
    print(f"{'country mentions (mean a document)':<34} F1 {mean:.4f}, all right {share:.4f}")
    print(score(pairs, "unordered pairs"))
    worst = sorted(per_code.items(), key=lambda item: -sum(item[1].values()))[:12]
    print("most errors: " + "; ".join(f"{c} +{n['extra']} -{n['missed']}" for c, n in worst))


if __name__ == "__main__":
    main()
