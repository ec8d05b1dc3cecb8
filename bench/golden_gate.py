"""The golden gate: the text stage on our own sentences, held to pinned floors.

python -m bench.golden_gate             # print figures, fail below a floor
python -m bench.golden_gate --pin       # pin digest and floors (never lowers one)
python -m bench.golden_gate --errors    # list what is wrong in the development half
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from features.events import TextStage, code_articles
from features.ontology import FAMILIES
from features.types import Article

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
SENTENCES, FLOORS = GOLDEN / "sentences.tsv", GOLDEN / "floors.json"
# Rules and lessons are tuned on "dev"; "test" was in sight when floors were chosen; "blind" was
# written without sight of either, of rules and of lessons.
HALVES = ("dev", "test", "blind")
# A floor is pinned this far below what was measured, so that noise does not break a build.
SLACK = 0.02


@dataclass(frozen=True)
class GoldEvent:
    """One expected event: pair, PLOVER event, modality and families."""

    source: str
    target: str
    event: str
    modality: str
    families: frozenset[str]


@dataclass(frozen=True)
class GoldSentence:
    """One golden sentence; ``half`` is one of ``HALVES``."""

    sentence_id: str
    half: str
    day: str
    text: str
    events: tuple[GoldEvent, ...]


def parse_event(text: str) -> GoldEvent:
    """Return an event written as ``USA>COL:THREATEN:asserted:threat+military``."""
    pair, event, modality, families = text.split(":")
    source, target = pair.split(">")
    return GoldEvent(source, target, event, modality, frozenset(families.split("+")))


def read_golden(path: Path = SENTENCES) -> list[GoldSentence]:
    """Return the golden sentences of a TSV (id, half, day, text, events)."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line[:1] not in ("#", "")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        GoldSentence(
            row["id"],
            row["half"],
            row["day"],
            row["text"],
            tuple(parse_event(e) for e in row["events"].split(";") if e not in ("", "-")),
        )
        for row in rows
    ]


def digest(path: Path = SENTENCES) -> str:
    """Return the SHA-256 of the golden file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def code(sentences: Iterable[GoldSentence], stage: TextStage) -> dict[str, tuple[GoldEvent, ...]]:
    """Return what the text stage finds in each sentence."""
    articles = [_article(sentence) for sentence in sentences]
    return {
        found.article.article_id: tuple(
            GoldEvent(
                e.source_iso3, e.target_iso3, e.plover_event, e.modality, frozenset(e.families)
            )
            for e in found.events
        )
        for found in code_articles(articles, stage)
    }


def _article(sentence: GoldSentence) -> Article:
    moment = datetime.fromisoformat(sentence.day).replace(tzinfo=UTC)
    name = sentence.sentence_id
    return Article(
        name, None, "golden", "", sentence.text, moment, "feed", "en", name, name, "golden"
    )


class Tally:
    """Hits, misses and false alarms of one figure."""

    def __init__(self) -> None:
        self.hits = self.misses = self.alarms = 0

    def add(self, gold: set[tuple[str, str]], found: set[tuple[str, str]]) -> None:
        """Count one sentence's expected and found pairs."""
        self.hits += len(gold & found)
        self.misses += len(gold - found)
        self.alarms += len(found - gold)

    @property
    def precision(self) -> float:
        """Return the share of what was found that is right."""
        return self.hits / max(self.hits + self.alarms, 1)

    @property
    def recall(self) -> float:
        """Return the share of what is right that was found."""
        return self.hits / max(self.hits + self.misses, 1)


def measure(
    sentences: Iterable[GoldSentence], found: dict[str, tuple[GoldEvent, ...]]
) -> dict[str, float]:
    """Return precision and recall of events and families, direction and modality accuracy."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    right = {"direction": [0, 0], "modality": [0, 0]}
    for sentence in sentences:
        gold, got = sentence.events, found[sentence.sentence_id]
        tallies["event"].add(_pairs(gold), _pairs(got))
        for family in FAMILIES:
            tallies[family].add(_pairs(gold, family), _pairs(got, family))
        _count_direction(gold, got, right["direction"])
        _count_modality(gold, got, right["modality"])
    figures = {
        f"{name}.{what}": getattr(tally, what)
        for name, tally in tallies.items()
        for what in ("precision", "recall")
    }
    return figures | {name: ok / max(all_, 1) for name, (ok, all_) in right.items()}


def _pairs(events: Iterable[GoldEvent], family: str | None = None) -> set[tuple[str, str]]:
    return {(e.source, e.target) for e in events if family is None or family in e.families}


def _count_direction(
    gold: tuple[GoldEvent, ...], got: tuple[GoldEvent, ...], count: list[int]
) -> None:
    expected, found = _pairs(gold), _pairs(got)
    for source, target in expected:
        if (target, source) in expected:
            continue
        if {(source, target), (target, source)} & found:
            count[1] += 1
            count[0] += (source, target) in found and (target, source) not in found


def _count_modality(
    gold: tuple[GoldEvent, ...], got: tuple[GoldEvent, ...], count: list[int]
) -> None:
    expected = {(e.source, e.target): e.modality for e in gold}
    for event in got:
        modality = expected.get((event.source, event.target))
        if modality is not None:
            count[1] += 1
            count[0] += modality == event.modality


def default_stage() -> TextStage:
    """Return the shipped text stage."""
    from flows.textstage import build_text_stage

    return build_text_stage(None, 0.5)


def measure_halves() -> dict[str, dict[str, float]]:
    """Return the figures of each of ``HALVES``."""
    sentences = read_golden()
    found = code(sentences, default_stage())
    return {half: measure([s for s in sentences if s.half == half], found) for half in HALVES}


def check(figures: dict[str, dict[str, float]], floors: dict[str, object]) -> list[str]:
    """Return what is below its floor, and a changed corpus."""
    problems = []
    if floors["digest"] != digest():
        problems.append("tests/golden/sentences.tsv changed: review it and pin it anew")
    for half, names in floors["floors"].items():  # type: ignore[attr-defined]
        problems.extend(
            f"{half} {name}: {figures[half].get(name, 0.0):.3f} is below its floor {floor:.3f}"
            for name, floor in names.items()
            if figures[half].get(name, 0.0) < floor
        )
    return problems


def pin(figures: dict[str, dict[str, float]]) -> None:
    """Write digest and floors; a floor that stood higher stays."""
    old = json.loads(FLOORS.read_text("utf-8"))["floors"] if FLOORS.exists() else {}
    floors = {
        half: {
            name: max(round(value - SLACK, 3), old.get(half, {}).get(name, 0.0))
            for name, value in sorted(names.items())
        }
        for half, names in figures.items()
    }
    content = {"digest": digest(), "floors": floors}
    FLOORS.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")


def print_errors() -> None:
    """Print expected and found events of every wrong development sentence."""
    sentences = [s for s in read_golden() if s.half == "dev"]
    found = code(sentences, default_stage())
    for sentence in sentences:
        got = found[sentence.sentence_id]
        if set(sentence.events) != set(got):
            print(f"{sentence.sentence_id}: {sentence.text}")
            print("  expected", *map(_show, sentence.events))
            print("  found   ", *map(_show, got))


def _show(event: GoldEvent) -> str:
    families = "+".join(sorted(event.families))
    return f"{event.source}>{event.target}:{event.event}:{event.modality}:{families}"


def main() -> int:
    """Print the figures; return 1 below a floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    if options.errors:
        print_errors()
        return 0
    figures = measure_halves()
    print(f"{'figure':28}" + "".join(f" {half:>6}" for half in HALVES))
    for name in sorted(figures["dev"]):
        cells = (f" {figures[half].get(name, 0.0):6.3f}" for half in HALVES)
        print(f"{name:28}" + "".join(cells))
    if options.pin:
        pin(figures)
        return 0
    problems = check(figures, json.loads(FLOORS.read_text("utf-8")))
    for problem in problems:
        print(f"FAILED {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
