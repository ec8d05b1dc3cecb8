"""Near-duplicate articles, found in time linear in their number.

Two articles are linked when a band of their MinHash signatures agrees and their
days lie close together; a story is a group of linked articles. Links depend on
nothing but the two articles, so stories do not depend on the order of reading.
Storing them is done elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rensa

Bands = npt.NDArray[np.uint64]
Links = npt.NDArray[np.int64]

_WORD = re.compile(r"\w+")
_SEED = 42
# Texts whose shingles are held at a time.
_PART = 2_000
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class StoryParams:
    """What makes two articles one story.

    With 16 bands of 8 rows, articles that share 90 % of their shingles are
    linked with probability .999, 80 % with .95, 50 % with .06 and 30 % with .001.

    Args:
        shingle_words: words in a row that count as one shingle.
        lead_words: words from the start that are compared; agencies' customers cut the end.
        bands, rows: of the MinHash signature of ``bands * rows`` values.
        window_days: two articles further apart are never linked directly.
    """

    shingle_words: int = 3
    lead_words: int = 250
    bands: int = 16
    rows: int = 8
    window_days: int = 3


def shingle_text(text: str, params: StoryParams = StoryParams()) -> list[str]:
    """Return the shingles of the start of a text.

    Example:
        >>> shingle_text("The army, moved south.")
        ['the army moved', 'army moved south']
    """
    words = _find_lead(text, params.lead_words)
    size = params.shingle_words
    if len(words) <= size:
        return [" ".join(words)]
    rows = zip(*(words[start:] for start in range(size)), strict=False)
    return list(map(" ".join, rows))


def _find_lead(text: str, count: int) -> list[str]:
    """Return the first words; as few characters are looked at as hold them."""
    short = count * 7
    words = _WORD.findall(text[:short].lower())
    if len(words) <= count and len(text) > short:  # long words, or the last is cut through
        words = _WORD.findall(text[: count * 12].lower())
    return words[:count]


def hash_bands(texts: Sequence[str], params: StoryParams = StoryParams()) -> Bands:
    """Return one row a text and one 64-bit hash a band.

    Example:
        >>> bands = hash_bands(["The army moved south on Friday."] * 2)
        >>> bands.shape, bool((bands[0] == bands[1]).all())
        ((2, 16), True)
    """
    if not texts:
        return np.empty((0, params.bands), dtype=np.uint64)
    parts = [_hash_part(texts[i : i + _PART], params) for i in range(0, len(texts), _PART)]
    return np.concatenate(parts)


def _hash_part(texts: Sequence[str], params: StoryParams) -> Bands:
    shingles = [shingle_text(text, params) for text in texts]
    size = params.bands * params.rows
    matrix = rensa.RMinHash.digest_matrix_from_token_sets(shingles, size, _SEED)
    values = np.array(matrix.to_rows(), dtype=np.uint64)
    return _mix_rows(values.reshape(len(texts), params.bands, params.rows))


def _mix_rows(values: Bands) -> Bands:
    """Fold the rows of each band into one hash that also knows its band."""
    first, second, third = (np.uint64(m) for m in _MIX)
    with np.errstate(over="ignore"):
        state = np.broadcast_to(
            np.arange(1, values.shape[1] + 1, dtype=np.uint64) * first, values.shape[:2]
        )
        for row in range(values.shape[2]):
            state = (state ^ values[:, :, row]) * second
            state = state ^ (state >> np.uint64(29))
        state = state * third
        mixed: Bands = state ^ (state >> np.uint64(32))
    return mixed


def link_articles(bands: Bands, days: Sequence[int], window_days: int) -> Links:
    """Return pairs of row numbers that together connect every linked article.

    Within a bucket sorted by day, neighbours at most ``window_days`` apart are
    paired: that joins the same groups as pairing everyone with everyone.

    Args:
        bands: one row an article, as ``hash_bands`` gives them.
        days: day number of each article.
        window_days: largest gap.
    """
    day = np.asarray(days, dtype=np.int64)
    found = [np.empty((0, 2), dtype=np.int64)]
    for band in range(bands.shape[1]):
        order = np.lexsort((day, bands[:, band]))
        one, two = order[:-1], order[1:]
        is_same = bands[one, band] == bands[two, band]
        is_near = day[two] - day[one] <= window_days
        found.append(np.stack([one, two], axis=1)[is_same & is_near])
    return np.unique(np.concatenate(found), axis=0)


def merge_stories(story_ids: Sequence[str], links: Iterable[Sequence[int]]) -> dict[str, str]:
    """Return the new id of every story that is joined to another with a smaller id.

    Args:
        story_ids: story of each article.
        links: pairs of positions in it.

    Example:
        >>> merge_stories(["c", "a", "b", "d"], [(0, 1), (1, 2)])
        {'b': 'a', 'c': 'a'}
    """
    parent: dict[str, str] = {}
    for one, two in links:
        first, second = _find(parent, story_ids[one]), _find(parent, story_ids[two])
        if first != second:
            parent[max(first, second)] = min(first, second)
    return {story: _find(parent, story) for story in sorted(parent)}


def _find(parent: dict[str, str], story: str) -> str:
    """Return the root of a story and shorten the way to it."""
    root = story
    while root in parent:
        root = parent[root]
    while story != root:
        parent[story], story = root, parent[story]
    return root
