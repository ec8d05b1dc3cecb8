"""Which of a pair's sentences a reader sees first."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from itertools import permutations
from typing import Any

import pytest

from features.evidence import (
    EvidenceParams,
    evidence_weight,
    is_leaning,
    is_past,
    quotability,
    rank_evidence,
    read_background,
)

AS_OF = date(2026, 3, 29)
ROWS = read_background()


def event(number: int = 1, **over: Any) -> dict[str, Any]:
    """Return one stored event, a clear strike of the day before."""
    day = over.get("day", date(2026, 3, 28))
    return {
        "event_id": f"e{number}",
        "article_id": f"a{number}",
        "story_id": f"s{number}",
        "sentence_index": 1,
        "dyad": "RUS-UKR",
        "source_iso3": "RUS",
        "source_sector": "MIL",
        "target_sector": "GOV",
        "plover_event": "ASSAULT",
        "goldstein": -10.0,
        "modality": "asserted",
        "confidence": 0.9,
        "sentence": f"Russian missiles hit the port of Odesa in Ukraine, berth {number}.",
        "day": day,
        "published_at": datetime.combine(day, time(6), UTC),
    } | over


def first(*events: dict[str, Any]) -> str:
    """Return the id of the strongest sentence, whatever the order of the events."""
    found = {
        rank_evidence(order, AS_OF)["RUS-UKR"][0][1]["event_id"] for order in permutations(events)
    }
    assert len(found) == 1
    return str(found.pop())


@pytest.mark.parametrize(
    "worse",
    [
        pytest.param({"modality": "planned"}, id="what happened before what is planned"),
        pytest.param({"modality": "reported"}, id="what is said outright before a claim"),
        pytest.param({"modality": "negated"}, id="a denial comes late"),
        pytest.param({"modality": "historical"}, id="history comes late"),
        pytest.param({"day": date(2026, 3, 20)}, id="the newer of two equals"),
        pytest.param({"confidence": 0.5}, id="the surer of two equals"),
        pytest.param({"goldstein": -4.0}, id="the graver of two equals"),
        pytest.param({"goldstein": 10.0}, id="conflict before cooperation"),
        pytest.param({"source_sector": "NSA"}, id="states before armed groups"),
        pytest.param(
            {
                "sentence": "Ukraine has years of practice in stopping the drones"
                " that Iran designed and that Russia fires at Ukrainian cities."
            },
            id="news before background",
        ),
        pytest.param({"sentence": "It was a Russian strike on Ukraine."}, id="what stands alone"),
        pytest.param({"sentence": "Russia hits Ukraine"}, id="more than a few words"),
        pytest.param({"sentence": "Russia hit Ukraine " + "again " * 90}, id="short enough"),
    ],
)
def test_an_analyst_sees_first(worse: dict[str, Any]) -> None:
    assert first(event(1, **worse), event(2)) == "e2"


def test_a_clear_threat_of_today_stands_before_an_unclear_strike_of_last_month() -> None:
    strike = event(1, confidence=0.5, day=date(2026, 3, 1))
    threat = event(2, plover_event="THREATEN", goldstein=-6.0)
    assert first(strike, threat) == "e2"


def test_a_sentence_on_one_pair_stands_before_one_on_three() -> None:
    others = [
        event(1, event_id=f"o{n}", dyad=dyad) for n, dyad in enumerate(("IRN-RUS", "IRN-UKR"))
    ]
    ranked = rank_evidence([event(1), *others, event(2)], AS_OF)["RUS-UKR"]
    assert [found["event_id"] for _, found in ranked] == ["e2", "e1"]


def test_an_act_told_twice_in_one_story_makes_room_for_another() -> None:
    again = event(2, story_id="s1", confidence=0.89)
    other = event(3, plover_event="THREATEN", goldstein=-6.0, confidence=0.8)
    ranked = rank_evidence([event(1), again, other], AS_OF)["RUS-UKR"]
    assert [found["event_id"] for _, found in ranked] == ["e1", "e3", "e2"]
    assert [weight for weight, _ in ranked] == sorted((w for w, _ in ranked), reverse=True)


def test_a_sentence_stands_once_and_a_pair_has_five() -> None:
    copies = [event(n, sentence="Russia struck the city of Lviv in Ukraine.") for n in range(3)]
    more = [event(n) for n in range(10, 20)]
    sentences = [e["sentence"] for _, e in rank_evidence([*copies, *more], AS_OF)["RUS-UKR"]]
    assert len(sentences) == len(set(sentences)) == EvidenceParams().count


def test_news_of_the_day_itself_and_of_long_ago_is_no_evidence() -> None:
    events = [event(1, day=AS_OF), event(2, day=date(2025, 12, 28)), event(3, day=date(2026, 1, 1))]
    assert [e["event_id"] for _, e in rank_evidence(events, AS_OF)["RUS-UKR"]] == ["e3"]


def test_weight_halves_with_the_half_life() -> None:
    new, old = (evidence_weight(event(1, day=date(2026, 3, d)), AS_OF) for d in (28, 14))
    assert old == pytest.approx(new / 2)


@pytest.mark.parametrize("row", ROWS, ids=[row["example"] for row in ROWS])
def test_pattern_finds_its_own_example(row: dict[str, str]) -> None:
    pattern = re.compile(row["pattern"], re.IGNORECASE)
    found = pattern.match if row["kind"] == "leaning" else pattern.search
    assert row["kind"] in ("past", "leaning") and found(row["example"])


@pytest.mark.parametrize(
    "sentence",
    [
        "Russia struck the Ukrainian city of Lviv on Friday.",
        "Japan seizes a Chinese boat, the first such seizure since 2022.",
        "Lebanese authorities count 1,039 people killed by Israeli attacks since 2 March.",
        "Israel's longest-serving minister threatened Iran for the third time this year.",
        "Thailand and Cambodia exchanged fire along the border.",
    ],
)
def test_news_is_neither_past_nor_leaning(sentence: str) -> None:
    assert not is_past(sentence) and not is_leaning(sentence)
    assert quotability(sentence) == 1.0
