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
from models.coder.heads import Floats, LinearHead, Names, look_up, sigmoid, softmax
from models.plain_skops import read_plain

ARTIFACT_NAME = "event_coder.skops"
CARD_NAME = "event_coder.json"
# Events that both sides take part in, whoever is named first.
MUTUAL = ("AGREE", "CONSULT", "COOPERATE")
HEADS = ("sentence", "pair", "root", "words", "modality", "nonstate")
# How much the words of the whole sentence count beside the pair when a class is chosen;
# from five folds on the training labels.
WORDS_SHARE = 0.3


@dataclass(frozen=True)
class EventCoder:
    """Linear heads over named features, stacked.

    Args:
        heads: ``sentence`` (does the sentence hold any event), ``pair`` (does this pair),
            ``root`` (which PLOVER event, if any), ``words`` (the same from the bag of words),
            ``modality`` and ``nonstate``.
        stack: weights of ``stack_columns`` and, last, the intercept.
        card: version, training data and figures.
    """

    heads: Mapping[str, LinearHead]
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
        sentence, words = self._score_both("sentence", "words", bags)
        pair, root = self._score_both("pair", "root", pairs)
        roots = _mix(root, words, rows)
        mutual = mutual_probs(self.heads["root"], roots)
        columns = stack_columns(rows, sentence[:, 0], pair[:, 0], mutual)
        has_event = sigmoid(columns @ self.stack[:-1] + self.stack[-1])
        probs = np.column_stack([roots * has_event[:, None], 1.0 - has_event])
        return np.split(probs, np.cumsum([len(row.pairs) for row in rows])[:-1])

    def root_probs(self, rows: Sequence[SentenceRow]) -> Floats:
        """Return of each pair which PLOVER event it is if it is one, shape (pairs, events)."""
        pairs, bags = self._names_of(rows)
        return _mix(self.heads["root"].scores(pairs), self.heads["words"].scores(bags), rows)

    @staticmethod
    def _names_of(rows: Sequence[SentenceRow]) -> tuple[list[Names], list[Names]]:
        return [names for row in rows for names in row.pairs], [row.bag for row in rows]

    def read_manner(self, rows: Sequence[tuple[str, ...]]) -> list[Manner]:
        """Return modality and non-state probability of each event from its names."""
        if not rows:
            return []
        nonstate, modality = self._score_both("nonstate", "modality", rows)
        names, probs = self.heads["modality"].classes, sigmoid(nonstate[:, 0])
        return [
            Manner(names[index], float(prob))
            for index, prob in zip(modality.argmax(axis=1), probs, strict=True)
        ]

    def _score_both(self, wide: str, narrow: str, rows: Sequence[Names]) -> tuple[Floats, Floats]:
        """Return the scores of two heads; names are looked up once where the first has all."""
        first, second = self.heads[wide], self.heads[narrow]
        mapping = self._translations[wide, narrow]
        if np.count_nonzero(mapping >= 0) < len(second.names):
            return first.scores(rows), second.scores(rows)
        known = look_up(rows, first.columns)
        return first.score(known), second.score(known.translate(mapping))

    @cached_property
    def _translations(self) -> dict[tuple[str, str], npt.NDArray[np.int32]]:
        """Return the column in the second head of each column of the first, or -1."""
        return {
            (wide, narrow): self.heads[narrow].columns_of(self.heads[wide].names)
            for wide, narrow in (("sentence", "words"), ("pair", "root"), ("nonstate", "modality"))
        }


def stack_columns(
    rows: Sequence[SentenceRow], sentence_scores: Floats, pair_scores: Floats, mutual: Floats
) -> Floats:
    """Return what the stack sees of each pair, shape (pairs, columns).

    Args:
        rows: the sentences.
        sentence_scores: log-odds of each sentence.
        pair_scores: log-odds of each pair, sentence after sentence.
        mutual: probability that an event of the pair goes both ways by nature.
    """
    sizes = np.array([len(row.pairs) for row in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    best = np.repeat(np.maximum.reduceat(pair_scores, starts), sizes)
    back = np.concatenate([s + np.array(r.reverse) for s, r in zip(starts, rows, strict=True)])
    lead = pair_scores - pair_scores[back]
    return np.column_stack(
        [
            pair_scores,
            np.repeat(sentence_scores, sizes),
            best,
            pair_scores - best,
            np.repeat(np.log(sizes), sizes),
            lead * (1.0 - mutual),
            np.minimum(lead, 0.0) * (1.0 - mutual),
            lead * mutual,
        ]
    )


def _mix(pair_scores: Floats, word_scores: Floats, rows: Sequence[SentenceRow]) -> Floats:
    sizes = [len(row.pairs) for row in rows]
    return mix_roots(pair_scores, np.repeat(word_scores, sizes, axis=0))


def mix_roots(pair_scores: Floats, word_scores: Floats) -> Floats:
    """Return the probability of each PLOVER event from what pair and sentence speak for."""
    return softmax((1.0 - WORDS_SHARE) * pair_scores + WORDS_SHARE * word_scores)


def mutual_probs(head: LinearHead, roots: Floats) -> Floats:
    """Return the probability of the classes that both sides take part in."""
    return np.asarray(roots[:, [name in MUTUAL for name in head.classes]].sum(axis=1))


def save_coder(coder: EventCoder, folder: Path) -> Path:
    """Write artifact and card into ``folder``; return the artifact's path."""
    import skops.io  # imports all of scikit-learn: only who writes pays for it

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ARTIFACT_NAME
    content = {name: head.to_parts() for name, head in coder.heads.items()}
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
    return EventCoder(heads, np.asarray(content["stack"]), card)


def _loads(raw: bytes, root: Path) -> dict[str, Any]:
    try:
        content = read_plain(raw)
    except DataError as err:
        raise DataError(f"{root / ARTIFACT_NAME} is no event coder: {err}") from err
    if not isinstance(content, dict) or {*HEADS, "stack"} - content.keys():
        raise DataError(f"{root / ARTIFACT_NAME} is no event coder: parts are missing")
    return content
