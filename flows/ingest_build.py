"""Raw items to articles and signatures, batch by batch, in one process or several."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from multiprocessing import get_context

from features.article import ArticleParams, build_article, build_reject
from features.errors import SkippableError
from features.stories import StoryParams, hash_bands
from features.types import Article, RawItem, Reject

log = logging.getLogger(__name__)

BATCH_ITEMS = 2_000
BATCH_CHARS = 16_000_000
# To be raised when cleaning changes, so that batches stored before are cleaned anew.
BUILD_VERSION = 2
# Starting a worker costs seconds of imports: inputs of fewer CPU seconds stay in this process.
PARALLEL_AFTER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class BuildParams:
    """What a batch is built with; travels to the workers.

    Args:
        latest: no stated date may be later, UTC.
        article: what is accepted.
        story: how signatures are made.
        since: articles published before this day are left out.
        until: articles published after this day are left out.
    """

    latest: datetime
    article: ArticleParams = field(default_factory=ArticleParams)
    story: StoryParams = field(default_factory=StoryParams)
    since: date | None = None
    until: date | None = None

    def spans(self, article: Article) -> bool:
        """Return whether an article's day is wanted."""
        return self.spans_day(article.published_at.date())

    def spans_day(self, day: date) -> bool:
        """Return whether a day is wanted."""
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )


@dataclass(slots=True)
class Batch:
    """Built articles, their signatures by article position, and the refusals."""

    articles: list[Article] = field(default_factory=list)
    bands: list[bytes] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    left_out: int = 0
    batch_hash: str = ""

    @property
    def item_count(self) -> int:
        """Return how many items went in."""
        return len(self.articles) + len(self.rejects) + self.left_out


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


def build_batch(items: Sequence[RawItem | Reject], params: BuildParams) -> Batch:
    """Return the articles, signatures and refusals of one batch."""
    batch = Batch()
    for item in items:
        if isinstance(item, Reject):
            batch.rejects.append(item)
            continue
        try:
            article = build_article(item, params.article, params.latest)
        except SkippableError as err:
            log.debug("%s refused: %s", item.origin, err)
            batch.rejects.append(build_reject(item, err.reason, str(err), params.article))
            continue
        if params.spans(article):
            batch.articles.append(article)
        else:
            batch.left_out += 1
    matrix = hash_bands([article.text for article in batch.articles], params.story)
    batch.bands = [row.tobytes() for row in matrix]
    batch.batch_hash = hash_batch(items, params)
    return batch


def hash_batch(items: Iterable[RawItem | Reject], params: BuildParams) -> str:
    """Return what stands for the items and all that decides what becomes of them."""
    digest = blake2b(digest_size=16)
    digest.update(repr((BUILD_VERSION, params.article, params.since, params.until)).encode())
    for item in items:
        for part in _parts_of(item):
            digest.update((part or "").encode("utf-8", "surrogatepass"))
            digest.update(b"\x1f")
    return digest.hexdigest()


def _parts_of(item: RawItem | Reject) -> tuple[str | None, ...]:
    if isinstance(item, Reject):
        return (item.reject_id,)
    said = (item.url, item.title, item.published, item.outlet, item.language)
    return (item.origin, item.kind, item.body, *said)


def end_with_parent(poll_seconds: float = 1.0) -> None:
    """Make this process end when its parent is gone.

    A pool's worker waits on a pipe that its siblings hold open as well: after a kill -9 of the
    parent it would wait for ever.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(poll_seconds)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


def build_batches(
    batches: Iterator[list[RawItem | Reject]], params: BuildParams, workers: int = 1
) -> Iterator[Batch]:
    """Yield built batches in order; large inputs are spread over processes.

    Args:
        batches: raw items; at most ``workers + 2`` batches are held at a time.
        params: what to build with.
        workers: processes; 1 stays in this one.
    """
    spent = 0.0
    for first in batches:
        started = time.process_time()
        built = build_batch(first, params)
        spent += time.process_time() - started
        yield built
        if workers > 1 and spent >= PARALLEL_AFTER_SECONDS:
            yield from _build_apart(batches, params, workers)


def _build_apart(
    batches: Iterator[list[RawItem | Reject]], params: BuildParams, workers: int
) -> Iterator[Batch]:
    """Yield batches built by other processes, in order."""
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=end_with_parent) as pool:
        waiting: deque[Future[Batch]] = deque()
        for batch in batches:
            waiting.append(pool.submit(build_batch, batch, params))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
