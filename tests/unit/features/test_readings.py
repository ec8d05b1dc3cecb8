from __future__ import annotations

import random
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from features.readings import rank_article, reconcile_readings
from features.types import Article

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BASE = Article(
    "id", "https://example.org/a", "Example", "T", "x", datetime(2026, 1, 5, tzinfo=UTC), "feed",
    "en", "h1", "id", "a.jsonl#line 1",
)  # fmt: skip
READINGS = [
    BASE,
    replace(BASE, origin="b.jsonl#line 9"),
    replace(BASE, content_hash="h2", published_at=datetime(2026, 1, 6, tzinfo=UTC)),
    replace(BASE, content_hash="h3", date_origin="fetched"),
    replace(BASE, content_hash="h0", published_at=datetime(2026, 1, 4, tzinfo=UTC)),
    replace(BASE, published_at=datetime(2026, 1, 7, tzinfo=UTC)),
    replace(BASE, content_hash="h2", outlet="Other"),
]


def play(batches: list[list[Article]], is_live: bool = False):
    """Return current reading and set of old versions after the batches, as a store would."""
    current: Article | None = None
    old: dict[str, datetime] = {}
    for batch in batches:
        heads = {"id": asdict(current)} if current else {}
        done = reconcile_readings(batch, heads, {("id", h) for h in old}, is_live)
        assert done.new + done.updated + done.duplicate == len(batch)
        for winner in done.winners:
            if current and current.content_hash != winner.content_hash:
                old[current.content_hash] = max(
                    current.published_at, old.get(current.content_hash, current.published_at)
                )
            old.pop(winner.content_hash, None)
            current = winner
        for loser in done.losers:
            old[loser.content_hash] = max(
                loser.published_at, old.get(loser.content_hash, loser.published_at)
            )
    return current, old


@pytest.mark.parametrize("seed", range(30))
def test_any_order_and_any_cut_give_the_same_end(seed):
    rng = random.Random(seed)
    readings = READINGS * 2
    rng.shuffle(readings)
    cut = rng.randrange(len(readings))
    parts = [readings[:cut], readings[cut:]]
    current, old = play([part for part in parts if part])
    assert current == max(READINGS, key=rank_article)
    assert set(old) == {"h0", "h2", "h3"}


def test_second_pass_changes_nothing():
    current, old = play([READINGS])
    assert play([READINGS, READINGS]) == (current, old)


def test_live_sources_count_the_last_reading():
    changed = replace(BASE, content_hash="h0")
    current, old = play([[BASE], [changed]], is_live=True)
    assert (current, set(old)) == (changed, {"h1"})


def test_live_sources_do_not_go_back_to_an_old_version():
    changed = replace(BASE, content_hash="h0")
    assert play([[BASE], [changed], [BASE]], is_live=True)[0] == changed


def test_live_update_without_a_date_keeps_the_known_one():
    undated = replace(
        BASE, content_hash="h9", date_origin="fetched", published_at=datetime.now(UTC)
    )
    current, _ = play([[BASE], [undated]], is_live=True)
    assert current is not None
    assert (current.content_hash, current.published_at) == ("h9", BASE.published_at)


def test_undated_text_keeps_its_first_fetch():
    first = replace(BASE, date_origin="fetched", published_at=datetime(2026, 1, 1, tzinfo=UTC))
    again = replace(first, published_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert play([[first], [again]])[0] == first
    assert play([[first], [again]], is_live=True)[0] == first
