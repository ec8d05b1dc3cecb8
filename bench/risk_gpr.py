"""Count geopolitical-risk keywords per pair and day: the keyword baseline.

    python -m bench.risk_gpr CORPUS.jsonl.gz GPR_DICTIONARY.json OUT.parquet

A portal entry counts for every pair that it names where it meets one of the eight
searches of Caldara & Iacoviello (2022), American Economic Review 112(4), table 1,
and none of the exclusion words. The word sets are read from the file named.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from features.actors import load_gazetteer

NEAR = 3  # N/2: at most two words in between


def read_entries(corpus: Path) -> Iterator[tuple[date, str]]:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield date.fromisoformat(row["date"]), row["text"]


def words_pattern(words: Iterable[str]) -> re.Pattern[str]:
    parts = [re.escape(word).replace(r"\*", r"\w*") for word in words]
    return re.compile(r"\b(?:" + "|".join(parts) + r")\b", re.IGNORECASE)


def positions(pattern: re.Pattern[str], text: str) -> list[int]:
    return [text.count(" ", 0, match.start()) for match in pattern.finditer(text)]


def is_near(left: list[int], right: list[int]) -> bool:
    return any(0 < abs(a - b) <= NEAR for a in left for b in right)


def meets(text: str, sets: dict[str, re.Pattern[str]], categories: list[dict[str, Any]]) -> bool:
    if sets["exclusion_words"].search(text):
        return False
    for category in categories:
        left, right = (positions(sets[category[side]], text) for side in ("a", "b"))
        if left and right and (category["op"] != "N/2" or is_near(left, right)):
            return True
    return False


def main(corpus: Path, dictionary: Path, out: Path) -> None:
    source = json.loads(dictionary.read_text("utf-8"))
    sets = {name: words_pattern(words) for name, words in source["sets"].items()}
    gazetteer = load_gazetteer()
    count: Counter[tuple[str, Any]] = Counter()
    for day, text in read_entries(corpus):
        if meets(text, sets, source["categories"]):
            named = sorted(gazetteer.screen(text, day))
            for a, b in combinations(named, 2):
                count[f"{a}-{b}", day] += 1
    rows = [(dyad, day, n) for (dyad, day), n in sorted(count.items())]
    pd.DataFrame(rows, columns=["dyad", "day", "gpr_count"]).to_parquet(out)
    print(f"{len(rows)} pair days with {sum(count.values())} keyword entries")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
