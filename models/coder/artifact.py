"""The trained event coder: how its heads work together, and how it is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from features.errors import DataError
from features.event_build import Manner
from features.events import SentenceRow
from features.ontology import NO_EVENT
from models.coder.heads import Floats, LinearHead, NamedHead, Names, look_up, sigmoid, softmax
from models.coder.net import NetHead
from models.plain_skops import read_plain

ARTIFACT_NAME = "event_coder.skops"
CARD_NAME = "event_coder.json"
# Events that both sides take part in, whoever is named first.
MUTUAL = ("AGREE", "CONSULT", "COOPERATE")
HEADS = ("sentence", "pair", "root", "words", "modality", "nonstate")
NET = "net"
# A use of force that the text itself calls possible has not happened, whatever else speaks for it.
_FORCE = "event=ASSAULT"
_NOT_YET = frozenset({"child=amod|possible", "child=amod|potential"})
# How much the words of the whole sentence and the network count beside the pair when a class
# is chosen; from five folds on the training labels.
WORDS_SHARE, NET_SHARE = 0.15, 0.5


@dataclass(frozen=True)
class EventCoder:
    """Linear heads and a small network over named features, stacked.

    Args:
        heads: ``sentence`` (does the sentence hold any event), ``pair`` (does this pair),
            ``root`` (which PLOVER event, if any), ``words`` (the same from the bag of words),
            ``modality`` and ``nonstate``.
        net: which PLOVER event a pair has, or none.
        stack: weights of ``stack_columns`` and, last, the intercept.
        card: version, training data and figures.
    """

    heads: Mapping[str, LinearHead]
    net: NetHead
    stack: Floats
    card: Mapping[str, Any]

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the class names in the order of the probability columns."""
        return (*self.heads["root"].classes, NO_EVENT)

    def screen(self, bags: Sequence[tuple[str, ...]]) -> Floats:
        """Return for each sentence the probability that it holds an event."""
        return sigmoid(self.heads["sentence"].scores(bags)[:, 0])

    def predict_proba(self, rows: Sequence[SentenceRow]) -> list[Floats]:
        """Return for each sentence an array (pairs, classes); its rows sum to 1."""
        if not rows:
            return []
        pairs, bags = self._names_of(rows)
        sentence, words = self._score_all(bags, "sentence", "words")
        pair, root, net = self._score_all(pairs, "pair", "root", NET)
        events, net_odds = split_net(net, self.net.classes)
        roots = _mix(root, words, events, rows)
        odds = np.column_stack([pair[:, 0], net_odds])
        columns = stack_columns(rows, sentence[:, 0], odds, roots, self.heads["root"].classes)
        has_event = sigmoid(columns @ self.stack[:-1] + self.stack[-1])
        probs = np.column_stack([roots * has_event[:, None], 1.0 - has_event])
        return np.split(probs, np.cumsum([len(row.pairs) for row in rows])[:-1])

    def root_probs(self, rows: Sequence[SentenceRow]) -> Floats:
        """Return of each pair which PLOVER event it is if it is one, shape (pairs, events)."""
        pairs, bags = self._names_of(rows)
        root, words = self.heads["root"].scores(pairs), self.heads["words"].scores(bags)
        return _mix(root, words, split_net(self.net.scores(pairs), self.net.classes)[0], rows)

    @staticmethod
    def _names_of(rows: Sequence[SentenceRow]) -> tuple[list[Names], list[Names]]:
        return [names for row in rows for names in row.pairs], [row.bag for row in rows]

    def read_manner(self, rows: Sequence[tuple[str, ...]]) -> list[Manner]:
        """Return modality and non-state probability of each event from its names."""
        if not rows:
            return []
        nonstate, modality = self._score_all(rows, "nonstate", "modality")
        names, probs = self.heads["modality"].classes, sigmoid(nonstate[:, 0])
        possible = [_FORCE in row and not _NOT_YET.isdisjoint(row) for row in rows]
        modality[possible, names.index("asserted")] = -np.inf
        return [
            Manner(names[index], float(prob))
            for index, prob in zip(modality.argmax(axis=1), probs, strict=True)
        ]

    def _score_all(self, rows: Sequence[Names], wide: str, *others: str) -> list[Floats]:
        """Return the scores of several heads; names are looked up once where the first has all."""
        first = self.heads[wide]
        known = look_up(rows, first.columns)
        found = [first.score(known)]
        for name in others:
            head, mapping = self._head(name), self._translations[wide, name]
            has_all = np.count_nonzero(mapping >= 0) == len(head.names)
            found.append(head.score(known.translate(mapping)) if has_all else head.scores(rows))
        return found

    def _head(self, name: str) -> NamedHead:
        return self.net if name == NET else self.heads[name]

    @cached_property
    def _translations(self) -> dict[tuple[str, str], npt.NDArray[np.int32]]:
        """Return the column in another head of each column of a wide one, or -1."""
        return {
            (wide, other): self._head(other).columns_of(self.heads[wide].names)
            for wide, other in (
                ("sentence", "words"),
                ("pair", "root"),
                ("pair", NET),
                ("nonstate", "modality"),
            )
        }


def split_net(scores: Floats, classes: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the network's scores of the events, and the log-odds that there is one.

    Args:
        scores: shape (pairs, classes).
        classes: of the columns, ``NONE`` among them.
    """
    none = classes.index(NO_EVENT)
    events = np.delete(scores, none, axis=1)
    return events, np.logaddexp.reduce(events, axis=1) - scores[:, none]


def stack_columns(
    rows: Sequence[SentenceRow],
    sentence_scores: Floats,
    pair_odds: Floats,
    roots: Floats,
    events: Sequence[str],
) -> Floats:
    """Return what the stack sees of each pair, shape (pairs, columns).

    Args:
        rows: the sentences.
        sentence_scores: log-odds of each sentence.
        pair_odds: log-odds of each pair, sentence after sentence, one column a reader.
        roots: probability of each event, if it is one, shape (pairs, events).
        events: of the columns of ``roots``.
    """
    sizes = np.array([len(row.pairs) for row in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    back = np.concatenate([s + np.array(r.reverse) for s, r in zip(starts, rows, strict=True)])
    # Events of which both sides take part go both ways by nature; of others the stronger counts.
    mutual = roots[:, [name in MUTUAL for name in events]].sum(axis=1)
    columns = [np.repeat(sentence_scores, sizes), np.repeat(np.log(sizes), sizes)]
    for odds in pair_odds.T:
        best = np.repeat(np.maximum.reduceat(odds, starts), sizes)
        lead = odds - odds[back]
        one_way, against = lead * (1.0 - mutual), np.minimum(lead, 0.0) * (1.0 - mutual)
        columns += [odds, best, odds - best, one_way, against, lead * mutual]
    return np.column_stack([*columns, roots, roots.max(axis=1)])


def _mix(
    pair_scores: Floats, word_scores: Floats, net_scores: Floats, rows: Sequence[SentenceRow]
) -> Floats:
    sizes = [len(row.pairs) for row in rows]
    return mix_roots(pair_scores, np.repeat(word_scores, sizes, axis=0), net_scores)


def mix_roots(pair_scores: Floats, word_scores: Floats, net_scores: Floats) -> Floats:
    """Return the probability of each PLOVER event from what pair, sentence and network say."""
    own = 1.0 - WORDS_SHARE - NET_SHARE
    return softmax(own * pair_scores + WORDS_SHARE * word_scores + NET_SHARE * net_scores)


def save_coder(coder: EventCoder, folder: Path) -> Path:
    """Write artifact and card into ``folder``; return the artifact's path."""
    import skops.io  # imports all of scikit-learn: only who writes pays for it

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ARTIFACT_NAME
    content = {name: head.to_parts() for name, head in coder.heads.items()}
    content[NET] = coder.net.to_parts()
    skops.io.dump(content | {"stack": coder.stack}, path, compression=8, compresslevel=9)
    card = dict(coder.card) | {
        "classes": list(coder.classes),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    (folder / CARD_NAME).write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", "utf-8")
    return path


def load_coder(folder: Path | None = None) -> EventCoder:
    """Return the coder in ``folder``, by default the shipped one.

    Raises:
        DataError: artifact or card is missing, foreign or does not match its digest.
    """
    root = Path(str(resources.files("models.coder") / "artifacts")) if folder is None else folder
    try:
        card = json.loads((root / CARD_NAME).read_text("utf-8"))
        raw = (root / ARTIFACT_NAME).read_bytes()
    except (OSError, ValueError) as err:
        raise DataError(
            f"expected {ARTIFACT_NAME} and {CARD_NAME} in {root}, got {err};"
            " run `dyadrisk train coder` or reinstall"
        ) from err
    if hashlib.sha256(raw).hexdigest() != card.get("sha256"):
        raise DataError(
            f"{root / ARTIFACT_NAME} does not match the digest in its card;"
            " it was changed or cut short: train it again or reinstall"
        )
    content = _loads(raw, root)
    heads = {name: LinearHead.from_parts(content[name]) for name in HEADS}
    net = NetHead.from_parts(content[NET])
    return EventCoder(heads, net, np.asarray(content["stack"]), card)


def _loads(raw: bytes, root: Path) -> dict[str, Any]:
    try:
        content = read_plain(raw)
    except DataError as err:
        raise DataError(f"{root / ARTIFACT_NAME} is no event coder: {err}") from err
    if not isinstance(content, dict) or {*HEADS, NET, "stack"} - content.keys():
        raise DataError(f"{root / ARTIFACT_NAME} is no event coder: parts are missing")
    return content
