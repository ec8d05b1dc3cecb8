from __future__ import annotations

import random

import numpy as np
import pytest

from features.stories import StoryParams, hash_bands, link_articles, merge_stories, shingle_text

WORDS = [f"word{n}" for n in range(5_000)]
PARAMS = StoryParams()


def write_text(seed: int, words: int = 200) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def group(texts: list[str], days: list[int] | None = None) -> list[str]:
    ids = [f"{n:04d}" for n in range(len(texts))]
    links = link_articles(hash_bands(texts), days or [0] * len(texts), PARAMS.window_days)
    merges = merge_stories(ids, links.tolist())
    return [merges.get(i, i) for i in ids]


def test_syndicated_copies_are_one_story():
    base = write_text(1)
    cut = " ".join(base.split()[:180])
    retouched = base.replace("word7", "word8", 1)
    assert len(set(group([base, base.upper(), retouched, write_text(2)]))) == 2
    assert group([base, cut])[1] == "0000"


def test_other_ends_beyond_the_lead_do_not_matter():
    lead = write_text(3, 260)
    assert len(set(group([lead + " " + write_text(4), lead + " " + write_text(5)]))) == 1


@pytest.mark.parametrize("letters", [1, 5, 9, 30])
def test_shingles_are_of_the_lead_however_long_its_words_are(letters):
    words = [f"{n:0{letters}d}" for n in range(600)]
    params = StoryParams(shingle_words=1, lead_words=20)
    found = shingle_text(" ".join(words), params)
    assert found[:7] == words[:7]
    assert len(found) == min(20, len(" ".join(words)[: 20 * 12].split()))


def test_window_of_days():
    text = write_text(1)
    assert group([text, text], [0, 3]) == ["0000", "0000"]
    assert group([text, text], [0, 4]) == ["0000", "0001"]
    assert group([text, text, text], [0, 3, 6]) == ["0000"] * 3


@pytest.mark.parametrize("seed", range(5))
def test_order_does_not_matter(seed):
    rng = random.Random(seed)
    texts = [write_text(n % 12) + f" tail{n}" for n in range(60)]
    days = [rng.randrange(12) for _ in texts]
    ids = [f"id{rng.randrange(10**9):09d}" for _ in texts]
    rows = list(zip(ids, texts, days, strict=True))
    found = []
    for _ in range(3):
        rng.shuffle(rows)
        names = [row[0] for row in rows]
        links = link_articles(hash_bands([row[1] for row in rows]), [row[2] for row in rows], 3)
        merges = merge_stories(names, links.tolist())
        found.append({name: merges.get(name, name) for name in names})
    assert found[0] == found[1] == found[2]
    assert all(story <= name for name, story in found[0].items())


def test_neighbours_join_the_same_groups_as_all_pairs():
    rng = random.Random(7)
    bands = np.array([[rng.randrange(6), rng.randrange(6)] for _ in range(40)], dtype=np.uint64)
    days = [rng.randrange(15) for _ in range(40)]
    ids = [f"{n:02d}" for n in range(40)]
    pairs = [
        (i, j)
        for i in range(40)
        for j in range(i)
        if (bands[i] == bands[j]).any() and abs(days[i] - days[j]) <= 3
    ]
    fast = merge_stories(ids, link_articles(bands, days, 3).tolist())
    assert fast == merge_stories(ids, pairs)


def test_short_texts():
    assert shingle_text("") == [""]
    assert shingle_text("Two words") == ["two words"]
    assert hash_bands([]).shape == (0, PARAMS.bands)


def test_signatures_do_not_change():
    # Stored signatures are compared with new ones: a change here needs a migration.
    first = hash_bands(["The army moved south on Friday, the ministry said."])[0, :2]
    assert (
        first.tolist()
        == hash_bands(["the ARMY moved south, on friday the ministry said"])[0, :2].tolist()
    )
    assert [f"{value:016x}" for value in first.tolist()] == PINNED


PINNED = ["8a584bab7289fb57", "4a62314583ab1b56"]


def test_long_chains_are_followed():
    ids = [f"{n:05d}" for n in range(3_000)]
    merges = merge_stories(ids, [(n, n + 1) for n in reversed(range(2_999))])
    assert set(merges.values()) == {"00000"}
