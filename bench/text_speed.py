"""How fast the text stage reads, how its cost grows with length, and what memory it takes.

    python -m bench.text_speed --stories KCNA.jsonl.gz --portal PORTAL.jsonl.gz \
        --long TRANSCRIPTS.jsonl.gz [--count 300] [--profile]

Stories are whole news articles, portal entries one sentence or a few, transcripts the long tail.
Figures are per CPU second of one process, so that a busy machine does not show, except those of
two processes, which are wall time. Each process does its matrix products in one thread.
``--profile`` prints where the time of the stories goes instead.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import pstats
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path

from threadpoolctl import threadpool_limits

from bench.golden_gate import default_stage
from features.events import TextStage, code_articles
from features.sentences import full_text, split_sentences
from features.types import Article

GROWTH = (1, 10, 100)
PROFILE_LINES = 25


def read_articles(path: Path, count: int, skip: int = 0) -> list[Article]:
    """Return ``count`` articles of a JSONL file (date, text[, title]), every one anew."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in islice(lines, skip, None))
        return list(islice(_articles(rows, path.name), count))


def _articles(rows: Iterator[dict[str, str]], name: str) -> Iterator[Article]:
    for number, row in enumerate(rows):
        if row.get("text"):
            moment = datetime.fromisoformat(row["date"][:10]).replace(tzinfo=UTC)
            key, title = f"{name}-{number}", row.get("title") or ""
            yield Article(key, None, name, title, row["text"], moment, "feed", "en", key, key, name)


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call: what it costs whatever else the machine does."""
    started = time.process_time()
    work()
    return time.process_time() - started


def code_all(articles: Sequence[Article], stage: TextStage) -> int:
    """Return the number of events of all articles."""
    return sum(len(found.events) for found in code_articles(articles, stage))


def screen_all(articles: Sequence[Article], stage: TextStage) -> int:
    """Return how many articles name two countries: the gate that most texts never pass."""
    screened = (
        stage.gazetteer.screen(full_text(article), article.published_at.date())
        for article in articles
    )
    return sum(len(codes) >= 2 for codes in screened)


@cache
def _own_stage() -> TextStage:
    threadpool_limits(1)
    return default_stage()


def _code_part(articles: Sequence[Article]) -> int:
    return code_all(articles, _own_stage())


def on_two_cores(articles: Sequence[Article], warm: Sequence[Article]) -> float:
    """Return articles a second of two processes, each with its own text stage, once warm."""
    with ProcessPoolExecutor(1) as first, ProcessPoolExecutor(1) as second:
        pools = (first, second)
        for warmed in [pool.submit(_code_part, warm) for pool in pools]:
            warmed.result()
        started = time.perf_counter()
        for k, pool in enumerate(pools):
            pool.submit(_code_part, articles[k::2])
    return len(articles) / (time.perf_counter() - started)


def sentence_share(articles: Sequence[Article], stage: TextStage) -> float:
    """Return how many sentences an article has on average."""
    counts = (sum(1 for _ in split_sentences(full_text(a), stage.nlp)) for a in articles)
    return sum(counts) / len(articles)


def growth(articles: Sequence[Article], stage: TextStage) -> list[tuple[int, float]]:
    """Return kilocharacters and milliseconds a kilocharacter as one text grows.

    It grows by other stories: a sentence that comes again is parsed once only.
    """
    found = []
    for count in GROWTH:
        text = "\n".join(full_text(article) for article in articles[:count])
        article = Article(
            "long", None, "bench", "", text, articles[0].published_at, "feed", "en", "x", "x", "x"
        )
        taken = seconds(lambda article=article: code_all([article], stage))  # type: ignore[misc]
        found.append((len(text) // 1000, 1000 * taken / (len(text) / 1000)))
    return found


def print_profile(articles: Sequence[Article], stage: TextStage) -> None:
    """Print the functions that take most of the time."""
    profiler = cProfile.Profile()
    profiler.runcall(code_all, articles, stage)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(PROFILE_LINES)


def _line(what: str, value: float, unit: str) -> None:
    print(f"{what:58} {value:10.1f} {unit}", flush=True)


def measure(options: argparse.Namespace, stage: TextStage) -> None:
    """Print every figure."""
    stories = read_articles(options.stories, options.count)
    portal = read_articles(options.portal, 10 * options.count, skip=60_000)
    transcripts = read_articles(options.long, 5)
    code_all(stories[:5], stage)
    _line(
        "screening, stories", len(stories) / seconds(lambda: screen_all(stories, stage)), "/CPU s"
    )
    _line("text stage, stories", len(stories) / seconds(lambda: code_all(stories, stage)), "/CPU s")
    _line("text stage, stories, two processes", on_two_cores(stories, stories[:5]), "/s wall")
    rate = len(portal) / seconds(lambda: code_all(portal, stage))
    share = sentence_share(portal, stage)
    _line("text stage, portal entries", rate, "/CPU s")
    _line("text stage, portal sentences", rate * share, "/CPU s")
    both = on_two_cores(portal, portal[:100]) * share
    _line("text stage, portal sentences, two processes", both, "/s wall")
    length = sum(len(full_text(article)) for article in transcripts) / len(transcripts)
    taken = seconds(lambda: code_all(transcripts, stage)) / len(transcripts)
    _line(f"a White House transcript of {length / 1000:.0f} kB", 1000 * taken, "CPU ms")
    for size, cost in growth(stories, stage):
        _line(f"one text of {size} kB", cost, "CPU ms/kB")
    nothing = "Ghana bombed Togo and " * (5_000_000 // 22)
    odd = Article(
        "odd", None, "", "", nothing, stories[0].published_at, "feed", "en", "x", "x", "x"
    )
    _line("5 MB without a sentence end", seconds(lambda: code_all([odd], stage)), "CPU s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _line("peak memory of the process", peak, "MiB")


def main() -> None:
    """Measure, or profile."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("stories", "portal", "long"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    stage = _own_stage()
    if options.profile:
        print_profile(read_articles(options.stories, options.count), stage)
    else:
        measure(options, stage)


if __name__ == "__main__":
    main()
