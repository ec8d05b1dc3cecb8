"""A small network over named features: one hidden layer, which joins what linear heads add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.coder.heads import Floats, KnownNames, NamedHead, Names, build_matrix, choose_names

_PARTS: Final = ("inner", "inner_bias", "outer", "outer_bias")


@dataclass(frozen=True, slots=True)
class NetParams:
    """How the network is fitted; chosen by cross-validation on the training part.

    Args:
        width: hidden units.
        alpha: strength of the penalty on squared weights.
        epochs: times that every row is seen; more overfit.
        batch_size: rows of one step.
        min_count: a name must occur in this many rows.
        seed: of the first weights and of the order of the rows.
    """

    width: int = 48
    alpha: float = 0.01
    epochs: int = 2
    batch_size: int = 256
    min_count: int = 15
    seed: int = 3


@dataclass(frozen=True)
class NetHead(NamedHead):
    """Scores of each class from named features through one hidden layer of rectifiers.

    Args:
        names: of the columns.
        classes: of the outputs.
        inner: weights of the hidden layer, shape (columns, units).
        inner_bias: shape (units,).
        outer: shape (units, classes).
        outer_bias: shape (classes,).
    """

    inner: npt.NDArray[np.float32]
    inner_bias: npt.NDArray[np.float32]
    outer: npt.NDArray[np.float32]
    outer_bias: npt.NDArray[np.float32]

    def score(self, known: KnownNames) -> Floats:
        """Return the scores of rows of which the names are looked up already."""
        hidden = known.to_matrix(len(self.names)) @ self.inner + self.inner_bias
        scores = np.maximum(hidden, 0.0) @ self.outer + self.outer_bias
        return np.asarray(scores, dtype=np.float64)

    def to_parts(self) -> dict[str, Any]:
        """Return plain values that can be stored."""
        weights = {name: getattr(self, name).astype(np.float16) for name in _PARTS}
        return {"names": "\n".join(self.names), "classes": list(self.classes), **weights}

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> NetHead:
        """Return the head that ``to_parts`` took apart."""
        weights = (np.asarray(parts[name], dtype=np.float32) for name in _PARTS)
        return cls(tuple(parts["names"].split("\n")), tuple(parts["classes"]), *weights)


def fit_net(rows: Sequence[Names], labels: Sequence[str], params: NetParams) -> NetHead:
    """Return a network fitted to rows of feature names and the class of each, three or more."""
    from sklearn.neural_network import MLPClassifier  # seconds to import: only who fits pays

    names = choose_names(rows, params.min_count)
    matrix = build_matrix(rows, {name: i for i, name in enumerate(names)})
    fitted = MLPClassifier(
        (params.width,),
        alpha=params.alpha,
        batch_size=min(params.batch_size, len(rows)),
        random_state=params.seed,
    )
    classes = np.unique(list(labels))
    for _ in range(params.epochs):
        fitted.partial_fit(matrix, list(labels), classes=classes)
    inner, outer = fitted.coefs_
    inner_bias, outer_bias = fitted.intercepts_
    weights = (np.asarray(part, np.float32) for part in (inner, inner_bias, outer, outer_bias))
    return NetHead(names, tuple(map(str, classes)), *weights)
