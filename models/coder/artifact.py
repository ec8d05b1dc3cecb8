"""The trained event coder on disk: skops without foreign types, and a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import skops.io
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from features.errors import DataError

ARTIFACT_NAME = "event_coder.skops"
CARD_NAME = "event_coder.json"
# Length of every row of the design matrix, so that long sentences do not speak louder.
ROW_NORM = 8.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class EventCoder:
    """A fitted classifier from pair features to PLOVER events and ``NONE``.

    Args:
        features: names of the columns.
        classifier: a fitted multinomial logistic regression.
        card: version, training data and figures.
    """

    features: tuple[str, ...]
    classifier: LogisticRegression
    card: Mapping[str, Any]
    columns: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", {n: i for i, n in enumerate(self.features)})

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the class names in the order of the probability columns."""
        return tuple(str(name) for name in self.classifier.classes_)

    def predict_proba(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """Return class probabilities, shape (rows, classes); rows sum to 1."""
        if not rows:
            return np.zeros((0, len(self.classes)))
        matrix = build_matrix(rows, self.columns)
        return np.asarray(self.classifier.predict_proba(matrix), dtype=np.float64)


def build_matrix(rows: Sequence[Mapping[str, float]], columns: Mapping[str, int]) -> csr_matrix:
    """Return the sparse design matrix; unknown names are left out, rows have one length."""
    found = [[columns[name] for name in row if name in columns] for row in rows]
    counts = np.fromiter((len(row) for row in found), dtype=np.int64, count=len(found))
    indices = np.fromiter((i for row in found for i in row), dtype=np.int32, count=counts.sum())
    weights = np.repeat(ROW_NORM / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)])
    return csr_matrix((weights, indices, starts), shape=(len(rows), len(columns)))


def save_coder(coder: EventCoder, folder: Path) -> Path:
    """Write artifact and card into ``folder``; return the artifact's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ARTIFACT_NAME
    content = {"features": "\n".join(coder.features), "classifier": coder.classifier}
    skops.io.dump(content, path, compression=8, compresslevel=9)
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
    return EventCoder(tuple(content["features"].split("\n")), content["classifier"], card)


def _loads(raw: bytes, root: Path) -> dict[str, Any]:
    try:
        content = skops.io.loads(raw, trusted=[])
    except Exception as err:  # skops raises many types on foreign files
        raise DataError(f"{root / ARTIFACT_NAME} is no event coder: {err}") from err
    if not isinstance(content, dict) or {"features", "classifier"} - content.keys():
        raise DataError(f"{root / ARTIFACT_NAME} is no event coder: parts are missing")
    return content
