"""Fitting the coder's heads to labelled rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from features.event_build import WHO
from features.ontology import NO_EVENT
from models.coder.artifact import EventCoder, mix_roots, split_net, stack_columns
from models.coder.heads import Floats, LinearHead, Names, build_matrix, fit_head
from models.coder.net import NetHead, NetParams, fit_net
from models.coder.rows import LabelledRow


@dataclass(frozen=True, slots=True)
class FitParams:
    """How the heads are fitted; chosen by cross-validation on the training part.

    Args:
        pair_c, sentence_c, root_c, manner_c: inverse strengths of the penalties.
        topic_weight: scale of the topic scores beside the words of a sentence.
        sentence_min_count: a name of a bag must occur in this many labelled sentences.
        min_count: a name of a pair must occur in this many labelled pairs.
        inner_folds: the stack sees scores of heads that missed the row.
        net: the same of the network.
    """

    pair_c: float = 0.1
    sentence_c: float = 0.02
    root_c: float = 0.3
    manner_c: float = 0.3
    topic_weight: float = 1.0
    sentence_min_count: int = 2
    min_count: int = 4
    inner_folds: int = 4
    net: NetParams = field(default_factory=NetParams)


def fit_sentence_head(
    bags: Sequence[Names], labels: Sequence[bool], topics: LinearHead, params: FitParams
) -> LinearHead:
    """Return the head that says from words alone whether a sentence holds an event.

    It is fitted to words and topic scores; both are linear, so they fold into one.
    """
    matrix = build_matrix(bags, topics.columns)
    seen = np.asarray((matrix > 0).sum(axis=0)).ravel() >= params.sentence_min_count
    scores = matrix @ topics.weights + topics.intercepts
    joined = csr_matrix(hstack([matrix[:, seen], csr_matrix(scores * params.topic_weight)]))
    fitted = LogisticRegression(C=params.sentence_c, max_iter=300, tol=1e-3)
    fitted.fit(joined, list(labels))
    own, share = np.split(fitted.coef_[0], [int(seen.sum())])
    weights = topics.weights @ (share * params.topic_weight)
    weights[seen] += own
    intercept = fitted.intercept_[0] + topics.intercepts @ share * params.topic_weight
    return LinearHead(
        topics.names,
        ("event",),
        np.asarray(weights[:, None], dtype=np.float32),
        np.asarray([intercept], dtype=np.float32),
    )


def fit_pair_head(rows: Sequence[LabelledRow], params: FitParams) -> LinearHead:
    """Return the head that says whether the source of a pair acts on its target."""
    names = [pair for row in rows for pair in row.row.pairs]
    labels = [bool(events) for row in rows for events in row.events]
    return fit_head(names, labels, c=params.pair_c, min_count=params.min_count)


def fit_pair_net(rows: Sequence[LabelledRow], params: FitParams) -> NetHead:
    """Return the network that says which PLOVER event the source of a pair does, or none."""
    names = [pair for row in rows for pair in row.row.pairs]
    labels = [
        events[0].plover_event if events else NO_EVENT for row in rows for events in row.events
    ]
    return fit_net(names, labels, params.net)


def fit_root_heads(rows: Sequence[LabelledRow], params: FitParams) -> dict[str, LinearHead]:
    """Return the heads that say which PLOVER event it is, if it is one.

    ``root`` reads the pair, ``words`` the sentence; they err in different places.
    """
    found = [
        (pair, row.row.bag, event.plover_event)
        for row in rows
        for pair, events in zip(row.row.pairs, row.events, strict=True)
        for event in events[:1]
    ]
    pairs, bags, labels = zip(*found, strict=True)
    return {
        name: fit_head(
            names, labels, c=params.root_c, min_count=params.min_count, class_weight="balanced"
        )
        for name, names in (("root", pairs), ("words", bags))
    }


def fit_manner_heads(rows: Sequence[LabelledRow], params: FitParams) -> dict[str, LinearHead]:
    """Return the modality head and the head that tells non-state ends.

    Which countries they are is heard by the second alone.
    """
    found = [
        (names, event)
        for row in rows
        for own, events in zip(row.manners, row.events, strict=True)
        for names, event in zip(own, events, strict=True)
    ]
    names = [item[0] for item in found]
    modality = [event.modality for _, event in found]
    nonstate = [event.is_nonstate for _, event in found]
    blind = [tuple(name for name in own if not name.startswith(WHO)) for own in names]
    return {
        "modality": fit_head(blind, modality, c=params.manner_c, min_count=params.min_count),
        "nonstate": fit_head(names, nonstate, c=params.manner_c, min_count=params.min_count),
    }


def fit_stack(
    rows: Sequence[LabelledRow],
    topics: LinearHead,
    params: FitParams,
    lessons: tuple[LabelledRow, ...] = (),
) -> Floats:
    """Return the stack's weights and, last, its intercept, from held-out scores."""
    folds = np.array([row.fold(params.inner_folds, "inner") for row in rows])
    columns, labels = [], []
    for k in range(params.inner_folds):
        own = [row for row, fold in zip(rows, folds, strict=True) if fold != k]
        held = [row for row, fold in zip(rows, folds, strict=True) if fold == k]
        columns.append(_held_columns(own, held, topics, params, lessons))
        labels += [bool(events) for row in held for events in row.events]
    fitted = LogisticRegression(C=1.0, max_iter=500)
    fitted.fit(np.concatenate(columns), labels)
    return np.concatenate([fitted.coef_[0], fitted.intercept_])


def _held_columns(
    own: Sequence[LabelledRow],
    held: Sequence[LabelledRow],
    topics: LinearHead,
    params: FitParams,
    lessons: tuple[LabelledRow, ...],
) -> Floats:
    """Return what the stack sees of held rows, by heads fitted to the others."""
    bags, labels = [row.row.bag for row in own], [row.has_event for row in own]
    sentence = fit_sentence_head(bags, labels, topics, params)
    taught = [*own, *lessons]
    pair, net = fit_pair_head(taught, params), fit_pair_net(taught, params)
    roots = fit_root_heads(taught, params)
    names: list[Names] = [names for row in held for names in row.row.pairs]
    bags = [row.row.bag for row in held for _ in row.row.pairs]
    net_scores, net_odds = split_net(net.scores(names), net.classes)
    mixed = mix_roots(roots["root"].scores(names), roots["words"].scores(bags), net_scores)
    odds = np.column_stack([pair.scores(names)[:, 0], net_odds])
    scores = sentence.scores([row.row.bag for row in held])[:, 0]
    return stack_columns([row.row for row in held], scores, odds, mixed, roots["root"].classes)


def fit_coder(
    rows: Sequence[LabelledRow],
    topics: LinearHead,
    params: FitParams,
    lessons: tuple[LabelledRow, ...] = (),
) -> EventCoder:
    """Return a coder fitted to labelled rows and to the topics of portal headings.

    Args:
        rows: labelled sentences of the news.
        topics: scores of portal headings from words.
        params: strengths of the penalties.
        lessons: plain sentences for the heads that read a pair; how probable an event is
            in the news is learnt from ``rows`` alone.
    """
    bags, labels = [row.row.bag for row in rows], [row.has_event for row in rows]
    taught = [*rows, *lessons]
    heads = {
        "sentence": fit_sentence_head(bags, labels, topics, params),
        "pair": fit_pair_head(taught, params),
        **fit_root_heads(taught, params),
        **fit_manner_heads(taught, params),
    }
    stack = fit_stack(rows, topics, params, lessons)
    return EventCoder(heads, fit_pair_net(taught, params), stack, {})
