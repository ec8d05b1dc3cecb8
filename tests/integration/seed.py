"""A made-up but lifelike store, filled through the store's own functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Engine

from features.registry import DYAD_DAY_COLUMNS
from models.db import store

AS_OF = date(2026, 3, 29)
CLASSIFIER = "force-30-seed"
EXTRACTOR = "text-seed"
RUN = "seed-run"
CUTS = (0.02, 0.08, 0.2, 0.45)
# The pairs that readers know come first; the rest of the world follows.
KNOWN = ("COL-USA", "USA-VEN", "COL-VEN", "IND-PAK", "RUS-UKR", "CHN-TWN", "IRN-ISR", "PRK-KOR")
# fmt: off
CODES = (
    "AFG", "AGO", "ARE", "ARG", "ARM", "AUS", "AZE", "BEL", "BGD", "BLR", "BOL", "BRA", "CAN",
    "CHE", "CHL", "CHN", "COD", "COL", "CUB", "CYP", "CZE", "DEU", "DZA", "ECU", "EGY", "ERI",
    "ESP", "ETH", "FIN", "FRA", "GBR", "GEO", "GRC", "HTI", "HUN", "IDN", "IND", "IRN", "IRQ",
    "ISR", "ITA", "JOR", "JPN", "KAZ", "KEN", "KHM", "KOR", "KWT", "LBN", "LBY", "MAR", "MEX",
    "MLI", "MMR", "MYS", "NER", "NGA", "NIC", "NOR", "NZL", "OMN", "PAK", "PAN", "PER", "PHL",
    "POL", "PRK", "PRT", "QAT", "ROU", "RUS", "RWA", "SAU", "SDN", "SGP", "SOM", "SRB", "SSD",
    "SWE", "SYR", "TCD", "THA", "TUN", "TUR", "TWN", "TZA", "UGA", "UKR", "USA", "VEN", "VNM",
    "YEM",
)
# fmt: on
SENTENCES = {
    "THREATEN": ("{a} threatened military action against {b}.", 3, -6.0, ("threat",)),
    "CONSULT": ("The presidents of {a} and {b} spoke by telephone.", 1, 2.5, ("diplomacy",)),
    "ASSAULT": ("{a} carried out strikes on targets in {b}.", 4, -10.0, ("military",)),
    "SANCTION": ("{a} imposed sanctions on officials of {b}.", 4, -5.0, ("coercion",)),
    "AGREE": ("{a} and {b} agreed to reopen their border.", 1, 4.0, ("deescalation",)),
}
OUTLETS = ("Daily Courier", "World Wire", "El Correo", "The Gazette")


@dataclass(frozen=True)
class Shape:
    """How much to make: pairs, days of scores, and the last as_of_date."""

    pair_count: int = 12
    day_count: int = 40
    as_of_date: date = AS_OF
    seed: int = 7


def fill_store(engine: Engine, shape: Shape = Shape()) -> None:
    """Bring the schema up and fill every table that readers look at."""
    store.upgrade(engine)
    rng = np.random.default_rng(shape.seed)
    dyads = make_dyads(shape.pair_count, rng)
    classifiers = [_classifier("force", 30), _classifier("escalation", 30)]
    events = make_events(dyads, shape, rng)
    scores = list(make_scores(dyads, shape, rng))
    with store.writing(engine) as conn:
        store.upsert_classifiers(conn, classifiers, RUN)
        store.upsert_articles(conn, [_article(event) for event in events], RUN)
        store.upsert_extractions(conn, [_extraction(event) for event in events], RUN)
        store.upsert_events(conn, events, RUN)
        store.upsert_day_volumes(conn, make_volumes(shape, rng), RUN)
        store.upsert_dyad_days(conn, make_dyad_days(events), RUN)
        store.upsert_scores(conn, scores, RUN)
        store.upsert_evidence(conn, make_evidence(scores, events, shape), RUN)
        store.upsert_score_outcomes(conn, make_outcomes(scores, shape, rng), RUN)
        store.upsert_track_record(conn, make_track_record(shape, rng), RUN)
        store.upsert_sources(conn, make_sources(shape), RUN)
        store.upsert_rejects(conn, [REJECT], RUN)


def make_dyads(count: int, rng: np.random.Generator) -> list[str]:
    """Return ``count`` pairs, the known ones first."""
    found = dict.fromkeys("-".join(sorted(pair.split("-"))) for pair in KNOWN)
    while len(found) < count:
        a, b = sorted(rng.choice(CODES, 2, replace=False))
        found[f"{a}-{b}"] = None
    return list(found)[:count]


def level_of(prob: float) -> str:
    """Return the seed's level of a probability."""
    names = ("LOW", "GUARDED", "ELEVATED", "HIGH", "SEVERE")
    return names[sum(prob >= cut for cut in CUTS)]


def make_scores(
    dyads: list[str], shape: Shape, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    """Yield a wandering probability for each pair, day and outcome."""
    steps = rng.normal(0, 0.12, (len(dyads), shape.day_count))
    start = np.sort(rng.normal(-3.6, 1.4, len(dyads)))[::-1]
    for i, dyad in enumerate(dyads):
        logits = start[i] + np.cumsum(steps[i])
        for j in range(shape.day_count):
            day = shape.as_of_date - timedelta(days=shape.day_count - 1 - j)
            yield _score(dyad, "force", day, float(logits[j]))
            if j >= shape.day_count - 8:
                yield _score(dyad, "escalation", day, float(logits[j]) - 1.0)


def _score(dyad: str, outcome: str, day: date, logit: float) -> dict[str, Any]:
    prob, low, high = (float(1 / (1 + np.exp(-x))) for x in (logit, logit - 0.7, logit + 0.6))
    return {
        "dyad": dyad,
        "outcome": outcome,
        "horizon_days": 30,
        "as_of_date": day,
        "classifier_version": CLASSIFIER.replace("force", outcome),
        "prob": round(prob, 6),
        "prob_low": round(low, 6),
        "prob_high": round(high, 6),
        "level": level_of(prob),
        "tension": round(max(-10.0, min(10.0, -2.0 * (logit + 3))), 2),
        "coverage": 0.9,
        "drivers": _drivers(logit),
    }


def _drivers(logit: float) -> list[dict[str, Any]]:
    shown = (
        ("threat_fade15_count", "threats (half-life 15 days)", 0.6),
        ("diplomacy_last7_count", "diplomatic contacts in the last 7 days", -0.3),
        ("force_since_days", "days since the last use of force between the two states", 0.2),
        ("is_land_neighbour", "the two share a land border", 0.1),
    )
    return [
        {
            "feature": name,
            "value": round(4 + logit, 2),
            "contribution": round(weight * (logit + 4), 3),
            "words": words,
        }
        for name, words, weight in shown
    ]


def make_events(dyads: list[str], shape: Shape, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return a few events a pair, spread over the days before the as_of_date."""
    kinds = list(SENTENCES)
    found = []
    for dyad in dyads:
        ages = rng.integers(1, max(2, shape.day_count), 6)
        for k, age in enumerate(ages):
            kind = kinds[int(rng.integers(len(kinds)))]
            day = shape.as_of_date - timedelta(days=int(age))
            found.append(_event(dyad, kind, day, k))
    return found


def _event(dyad: str, kind: str, day: date, number: int) -> dict[str, Any]:
    source, target = dyad.split("-") if number % 2 else reversed(dyad.split("-"))
    pattern, quad, goldstein, families = SENTENCES[kind]
    sentence = pattern.format(a=source, b=target)
    article_id = f"a-{dyad}-{number}"
    moment = datetime(day.year, day.month, day.day, 8 + number % 12, tzinfo=UTC)
    return {
        "event_id": f"e-{dyad}-{number}",
        "article_id": article_id,
        "story_id": article_id,
        "corpus": "news",
        "extractor_version": EXTRACTOR,
        "day": day,
        "published_at": moment,
        "event_date": day,
        "dyad": dyad,
        "source_iso3": source,
        "target_iso3": target,
        "source_actor": source,
        "target_actor": target,
        "source_sector": "GOV",
        "target_sector": "GOV",
        "plover_event": kind,
        "cameo_code": None,
        "quad_class": quad,
        "goldstein": goldstein,
        "families": families,
        "modality": "asserted",
        "confidence": 0.9,
        "trigger": sentence.split()[1],
        "direction": "subject",
        "sentence_index": 1,
        "sentence": sentence,
        "sentence_start": 0,
        "sentence_end": len(sentence),
    }


def _article(event: dict[str, Any]) -> dict[str, Any]:
    number = int(event["article_id"].rsplit("-", 1)[1])
    return {
        "article_id": event["article_id"],
        "url": f"https://news.example/{event['dyad'].lower()}/{number}",
        "outlet": OUTLETS[number % len(OUTLETS)],
        "title": f"{event['source_iso3']} and {event['target_iso3']}",
        "text": event["sentence"],
        "published_at": event["published_at"],
        "date_origin": "metadata",
        "language": "en",
        "content_hash": f"c-{event['article_id']}",
        "story_id": event["story_id"],
        "origin": "seed",
        "source_id": "world-wire",
    }


def _extraction(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "article_id": event["article_id"],
        "extractor_version": EXTRACTOR,
        "content_hash": f"c-{event['article_id']}",
        "sentence_count": 2,
        "event_count": 1,
        "countries": tuple(event["dyad"].split("-")),
    }


def make_evidence(
    scores: list[dict[str, Any]], events: list[dict[str, Any]], shape: Shape
) -> list[dict[str, Any]]:
    """Return up to five sentences behind each score of the last day."""
    by_dyad: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        by_dyad.setdefault(event["dyad"], []).append(event)
    names = ("dyad", "outcome", "horizon_days", "as_of_date", "classifier_version")
    return [
        {name: score[name] for name in names} | _evidence(event, rank)
        for score in scores
        if score["as_of_date"] == shape.as_of_date
        for rank, event in enumerate(by_dyad.get(score["dyad"], [])[:5], start=1)
    ]


def _evidence(event: dict[str, Any], rank: int) -> dict[str, Any]:
    article = _article(event)
    return {
        "rank": rank,
        "event_id": event["event_id"],
        "sentence": event["sentence"],
        "outlet": article["outlet"],
        "url": article["url"],
        "published_at": event["published_at"],
        "weight": round(10.0 / rank, 4),
    }


def make_volumes(shape: Shape, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return the news volume of every day but a few gaps."""
    days = [shape.as_of_date - timedelta(days=k + 1) for k in range(shape.day_count)]
    return [
        {
            "day": day,
            "extractor_version": EXTRACTOR,
            "corpus": "news",
            "article_count": int(rng.integers(40, 120)),
            "story_count": 40,
            "event_count": int(rng.integers(10, 40)),
        }
        for k, day in enumerate(days)
        if k % 11 != 5
    ]


def make_dyad_days(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one count row a pair and day of the events."""
    empty = dict.fromkeys(DYAD_DAY_COLUMNS, 0)
    rows: dict[tuple[str, date], dict[str, Any]] = {}
    for event in events:
        key = (event["dyad"], event["day"])
        row = rows.setdefault(
            key,
            {
                "dyad": event["dyad"],
                "day": event["day"],
                "extractor_version": EXTRACTOR,
                "corpus": "news",
                **empty,
            },
        )
        side = "ab" if event["source_iso3"] < event["target_iso3"] else "ba"
        row[f"event_{side}_count"] += 1
        row[f"quad{event['quad_class']}_{side}_count"] += 1
        row["mention_count"] += 1
        row[f"goldstein_sum_{side}"] += event["goldstein"]
        row[f"goldstein_min_{side}"] = min(row[f"goldstein_min_{side}"], event["goldstein"])
        for family in event["families"]:
            row[f"{family}_{side}_count"] += 1
    return list(rows.values())


def make_outcomes(
    scores: list[dict[str, Any]], shape: Shape, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Return what happened after every score whose horizon has passed."""
    names = ("dyad", "outcome", "horizon_days", "as_of_date", "classifier_version")
    last = shape.as_of_date - timedelta(days=30)
    old = [score for score in scores if score["as_of_date"] <= last]
    happened = rng.random(len(old)) < np.array([score["prob"] for score in old])
    return [
        {name: score[name] for name in names} | {"happened": bool(hit), "event_count": int(hit)}
        for score, hit in zip(old, happened, strict=True)
    ]


def make_track_record(shape: Shape, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return three monthly records of the default score."""
    first = shape.as_of_date.replace(day=1)
    months = [first]
    while len(months) < 4:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return [_month(month, rng) for month in months[1:]]


def _month(month: date, rng: np.random.Generator) -> dict[str, Any]:
    centres = (0.01, 0.04, 0.12, 0.3, 0.6)
    bins = [
        {
            "prob_mean": centre,
            "happened_share": round(float(np.clip(centre + rng.normal(0, 0.03), 0, 1)), 4),
            "score_count": count,
        }
        for centre, count in zip(centres, (900, 300, 120, 60, 20), strict=True)
    ]
    return {
        "classifier_version": CLASSIFIER,
        "outcome": "force",
        "horizon_days": 30,
        "month": month,
        "pair_count": 47,
        "score_count": 1400,
        "happened_count": 70,
        "prob_mean": 0.05,
        "happened_share": 0.05,
        "brier": 0.031,
        "brier_climatology": 0.0475,
        "calibration_error": 0.012,
        "calibration_slope": 0.96,
        "calibration_bins": bins,
        "alarm_level": "HIGH",
        "hit_count": 40,
        "miss_count": 30,
        "false_alarm_count": 45,
        "correct_quiet_count": 1285,
    }


def make_sources(shape: Shape) -> list[dict[str, Any]]:
    """Return a source that is well, one that is stale and one that fails."""
    now = datetime.now(UTC)
    return [
        _source("world-wire", "World Wire", 0, now - timedelta(hours=2), None),
        _source("gazette", "The Gazette", 1, now - timedelta(days=9), None),
        _source("correo", "El Correo", 5, now - timedelta(days=4), "expected 200, got 503"),
    ]


def _source(
    source_id: str, outlet: str, failures: int, seen: datetime, error: str | None
) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "outlet": outlet,
        "url": f"https://{source_id}.example/feed",
        "country_iso3": "USA",
        "language": "en",
        "kind": "feed",
        "article_count": 120,
        "reject_count": 3,
        "failure_count": failures,
        "latency_seconds": 0.4,
        "last_success_at": seen,
        "last_article_at": seen,
        "typical_gap_hours": 3.0,
        "last_error": error,
    }


def _classifier(outcome: str, horizon_days: int) -> dict[str, Any]:
    return {
        "classifier_version": f"{outcome}-{horizon_days}-seed",
        "outcome": outcome,
        "horizon_days": horizon_days,
        "kind": "logistic",
        "status": "champion",
        "trained_at": datetime(2026, 1, 1, tzinfo=UTC),
        "data_digest": "0" * 64,
        "code_version": "seed",
        "params": {"c": 0.1},
        "figures": {"auc": 0.9},
        "artifact_path": None,
        "artifact_sha256": None,
    }


REJECT = {
    "reject_id": "r-1",
    "origin": "seed#2",
    "source_id": "gazette",
    "reason": "language",
    "detail": "expected English, got 'es'",
    "excerpt": "El presidente",
    "content_hash": "c-r-1",
}


# What a hostile page may carry: tags, quotes, templates, formulas, terminal and bidi controls.
HOSTILE = (
    (
        '<script>window.pwned=1</script><img src=x onerror="window.pwned=1">'
        "</script><!--<svg onload=window.pwned=1> '\"`;{{7*7}}{% raw %}${7*7} =cmd|' /C calc'!A0"
        " \x1b[31mred\x1b]8;;https://evil.example\x07 \u202egnp.exe\u2066 \u0000\ufffe"
        " [link](javascript:pwned) [bold]markup[/bold] %s %(x)s \ud83d\ude00"
    )
    .encode("utf-16", "surrogatepass")
    .decode("utf-16")
)
HOSTILE_URLS = (
    "javascript:window.pwned=1",
    'https://news.example/"onmouseover="window.pwned=1',
    "data:text/html,<script>window.pwned=1</script>",
    "https://good.example@evil.example/",
    "https://news.example/a<b>",
)
FORMULA = '=HYPERLINK("https://evil.example","click")'


def fill_hostile(engine: Engine, shape: Shape = Shape()) -> None:
    """Put hostile text wherever strangers' text can get to."""
    score = _score("COL-USA", "force", shape.as_of_date, -2.0)
    score["drivers"][0]["words"] = HOSTILE
    names = ("dyad", "outcome", "horizon_days", "as_of_date", "classifier_version")
    event = _event("COL-USA", "THREATEN", shape.as_of_date - timedelta(days=1), 90)
    event |= {"sentence": HOSTILE, "source_actor": FORMULA, "trigger": f"+{HOSTILE}"}
    evidence = [
        {name: score[name] for name in names}
        | _evidence(event, rank)
        | {"sentence": HOSTILE, "outlet": FORMULA if rank % 2 else HOSTILE, "url": url}
        for rank, url in enumerate(HOSTILE_URLS, start=1)
    ]
    article = _article(event) | {"title": HOSTILE, "outlet": FORMULA, "url": HOSTILE_URLS[0]}
    with store.writing(engine) as conn:
        store.upsert_articles(conn, [article], RUN)
        store.upsert_events(conn, [event], RUN)
        store.upsert_scores(conn, [score], RUN)
        store.upsert_evidence(conn, evidence, RUN)
        store.upsert_sources(
            conn, [_source("=evil()", HOSTILE, 4, datetime.now(UTC), HOSTILE)], RUN
        )
        store.upsert_rejects(conn, [REJECT | {"reject_id": "r-2", "reason": HOSTILE}], RUN)
