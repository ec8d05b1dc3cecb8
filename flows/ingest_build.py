"""Raw items to articles and signatures, batch by batch, in one process or several."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context

from features.article import ArticleParams, build_article, build_reject
from features.errors import SkippableError
from features.stories import StoryParams, hash_bands
from features.types import Article, RawItem, Reject

log = logging.getLogger(__name__)

BATCH_ITEMS = 2_000
BATCH_CHARS = 16_000_000
# Starting a worker costs seconds of imports: small inputs stay in this process.
PARALLEL_AFTER_BATCHES = 4


@dataclass(frozen=True, slots=True)
class BuildParams:
    """What a batch is built with; travels to the workers.

    Args:
        latest: no stated date may be later, UTC.
        article: what is accepted.
        story: how signatures are made.
    """

    latest: datetime
    article: ArticleParams = field(default_factory=ArticleParams)
    story: StoryParams = field(default_factory=StoryParams)


@dataclass(slots=True)
class Batch:
    """Built articles, their signatures by article position, and the refusals."""

    articles: list[Article] = field(default_factory=list)
    bands: list[bytes] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def item_count(self) -> int:
        """Return how many items went in."""
        return len(self.articles) + len(self.rejects)


def split_batches(items: Iterable[RawItem | Reject]) -> Iterator[list[RawItem | Reject]]:
    """Yield the items in lists bounded by number and by size."""
    batch: list[RawItem | Reject] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.body) if isinstance(item, RawItem) else len(item.excerpt)
        if len(batch) >= BATCH_ITEMS or size >= BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def build_batch(items: Iterable[RawItem | Reject], params: BuildParams) -> Batch:
    """Return the articles, signatures and refusals of one batch."""
    batch = Batch()
    for item in items:
        if isinstance(item, Reject):
            batch.rejects.append(item)
            continue
        try:
            batch.articles.append(build_article(item, params.article, params.latest))
        except SkippableError as err:
            log.debug("%s refused: %s", item.origin, err)
            batch.rejects.append(build_reject(item, err.reason, str(err), params.article))
    matrix = hash_bands([article.text for article in batch.articles], params.story)
    batch.bands = [row.tobytes() for row in matrix]
    return batch


def build_batches(
    items: Iterable[RawItem | Reject], params: BuildParams, workers: int = 1
) -> Iterator[Batch]:
    """Yield built batches in order; large inputs are spread over processes.

    Args:
        items: the stream; at most ``workers + 2`` batches of it are held at a time.
        params: what to build with.
        workers: processes; 1 stays in this one.
    """
    batches = split_batches(items)
    for _ in range(PARALLEL_AFTER_BATCHES if workers > 1 else 0):
        first = next(batches, None)
        if first is None:
            return
        yield build_batch(first, params)
    if workers <= 1:
        yield from (build_batch(batch, params) for batch in batches)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Batch]] = deque()
        for batch in batches:
            waiting.append(pool.submit(build_batch, batch, params))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
