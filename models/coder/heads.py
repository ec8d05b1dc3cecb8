"""A linear head over named features: the smallest thing that can be stored and applied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]
Names = Sequence[str]

# Length of every row of the design matrix, so that long sentences do not speak louder.
ROW_NORM = 8.0


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names of each row that a head knows: its columns, row after row.

    Args:
        counts: how many each row has.
        indices: their columns.
    """

    counts: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int32]

    def to_matrix(self, width: int) -> csr_matrix:
        """Return the sparse design matrix; all rows have one length."""
        scales = ROW_NORM / np.sqrt(np.maximum(self.counts, 1))
        weights = np.repeat(scales, self.counts).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(self.counts)])
        return csr_matrix((weights, self.indices, starts), shape=(len(self.counts), width))

    def translate(self, mapping: npt.NDArray[np.int32]) -> KnownNames:
        """Return the same names in the columns of another head, -1 where it lacks them."""
        indices = mapping[self.indices]
        is_known = indices >= 0
        owners = np.repeat(np.arange(len(self.counts)), self.counts)
        counts = np.bincount(owners[is_known], minlength=len(self.counts))
        return KnownNames(counts, indices[is_known])


def look_up(rows: Sequence[Names], columns: Mapping[str, int]) -> KnownNames:
    """Return the columns of the names that are known."""
    get = columns.get
    found = [[index for index in map(get, row) if index is not None] for row in rows]
    counts = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    indices = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=counts.sum())
    return KnownNames(counts, indices)


def build_matrix(rows: Sequence[Names], columns: Mapping[str, int]) -> csr_matrix:
    """Return the sparse design matrix; unknown names are left out, rows have one length."""
    return look_up(rows, columns).to_matrix(len(columns))


def choose_names(rows: Iterable[Names], min_count: int) -> tuple[str, ...]:
    """Return the names that occur in enough rows, sorted."""
    counts = Counter(name for row in rows for name in row)
    return tuple(sorted(name for name, count in counts.items() if count >= min_count))


@dataclass(frozen=True)
class NamedHead(ABC):
    """Anything that scores rows of named features.

    Args:
        names: of the columns.
        classes: of the outputs.
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    columns: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", {name: i for i, name in enumerate(self.names)})

    @abstractmethod
    def score(self, known: KnownNames) -> Floats:
        """Return the scores of rows of which the names are looked up already."""

    def scores(self, rows: Sequence[Names]) -> Floats:
        """Return one row of scores an input row, shape (rows, classes)."""
        return self.score(look_up(rows, self.columns))

    def columns_of(self, names: Sequence[str]) -> npt.NDArray[np.int32]:
        """Return the column of each name, -1 where there is none."""
        return np.array([self.columns.get(name, -1) for name in names], dtype=np.int32)


@dataclass(frozen=True)
class LinearHead(NamedHead):
    """Scores of each class from named features.

    Args:
        names: of the columns.
        classes: of the outputs; a single one means a binary head, its score a log-odds.
        weights: shape (columns, classes).
        intercepts: shape (classes,).
    """

    weights: npt.NDArray[np.float32]
    intercepts: npt.NDArray[np.float32]

    def score(self, known: KnownNames) -> Floats:
        """Return the scores of rows of which the names are looked up already."""
        found = known.to_matrix(len(self.names)) @ self.weights
        return np.asarray(found + self.intercepts, dtype=np.float64)

    def to_parts(self) -> dict[str, Any]:
        """Return plain values that can be stored."""
        return {
            "names": "\n".join(self.names),
            "classes": list(self.classes),
            "weights": self.weights.astype(np.float16),
            "intercepts": self.intercepts.astype(np.float32),
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> LinearHead:
        """Return the head that ``to_parts`` took apart."""
        return cls(
            tuple(parts["names"].split("\n")),
            tuple(parts["classes"]),
            np.asarray(parts["weights"], dtype=np.float32),
            np.asarray(parts["intercepts"], dtype=np.float32),
        )

    def pruned(self, floor: float = 0.002) -> LinearHead:
        """Return the head without the names that weigh next to nothing in every class.

        Rows are scaled by how many known names they have, so such names go on counting:
        they keep a column of zeros where that is needed. Only rounding is lost.
        """
        weights = np.where(np.abs(self.weights) < floor, 0.0, self.weights)
        return LinearHead(self.names, self.classes, weights.astype(np.float32), self.intercepts)


def softmax(scores: Floats) -> Floats:
    """Return probabilities from scores, row by row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def sigmoid(scores: Floats) -> Floats:
    """Return probabilities from log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30))))


def fit_head(
    rows: Sequence[Names],
    labels: Sequence[Any],
    weights: Floats | None = None,
    c: float = 0.3,
    min_count: int = 2,
    class_weight: str | None = None,
) -> LinearHead:
    """Return a head fitted by penalised logistic regression.

    Args:
        rows: feature names.
        labels: booleans for a binary head, else class names.
        weights: of the rows.
        c: inverse strength of the penalty.
        min_count: a name must occur in this many rows.
        class_weight: ``"balanced"`` to count rare classes as much as frequent ones.
    """
    from sklearn.linear_model import LogisticRegression  # seconds to import: only who fits pays

    names = choose_names(rows, min_count)
    matrix = build_matrix(rows, {name: i for i, name in enumerate(names)})
    fitted = LogisticRegression(C=c, max_iter=300, tol=1e-3, class_weight=class_weight)
    fitted.fit(matrix, list(labels), sample_weight=weights)
    classes = tuple(str(name) for name in fitted.classes_)
    if len(classes) == 2:
        classes = (classes[1],)
    return LinearHead(
        names,
        classes,
        np.ascontiguousarray(fitted.coef_.T, dtype=np.float32),
        fitted.intercept_.astype(np.float32),
    )
