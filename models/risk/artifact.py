"""Artifacts: skops files with a sidecar that names version and sha256. Never pickle."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np

from features.errors import DataError
from features.registry import COLUMN_BY_NAME
from models.plain_skops import read_plain
from models.risk.classifier import RiskClassifier
from models.risk.intervals import IntervalRule
from models.risk.labels import HORIZONS, OUTCOMES

__all__ = ["RiskClassifier", "load", "load_champions", "save"]

FORMAT: Final = "dyadrisk-risk-classifier/1"
_ARRAYS: Final = ("mean", "scale", "weights")
_PLAIN: Final = ("version", "outcome", "horizon_days", "base", "reference_volume")


def _content(classifier: RiskClassifier) -> dict[str, Any]:
    """Return the classifier as plain values and arrays."""
    rule = classifier.interval
    content = {name: getattr(classifier, name) for name in (*_ARRAYS, *_PLAIN)}
    return content | {
        "format": FORMAT,
        "columns": list(classifier.columns),
        "cuts": list(classifier.cuts),
        "profile": {name: dict(part) for name, part in classifier.profile.items()},
        "covariance": rule.covariance.astype(np.float32),
        "drift": rule.drift,
        "factor": rule.factor,
        "unseen_low": rule.unseen_low,
        "unseen_high": rule.unseen_high,
    }


def save(classifier: RiskClassifier, path: Path) -> str:
    """Write the artifact and its JSON sidecar; return the artifact's sha256."""
    import skops.io  # imports all of scikit-learn: only who writes pays for it

    path.parent.mkdir(parents=True, exist_ok=True)
    skops.io.dump(_content(classifier), path, compression=8)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    sidecar = {
        "format": FORMAT,
        "classifier_version": classifier.version,
        "outcome": classifier.outcome,
        "horizon_days": classifier.horizon_days,
        "kind": "signed logistic",
        "sha256": digest,
        "columns": list(classifier.columns),
        "cuts": list(classifier.cuts),
        "figures": dict(classifier.figures),
    }
    text = json.dumps(sidecar, indent=1, sort_keys=True) + "\n"
    sidecar_path(path).write_text(text, encoding="utf-8")
    return digest


def sidecar_path(path: Path) -> Path:
    """Return the path of the JSON file beside an artifact."""
    return path.with_suffix(".json")


def read_sidecar(path: Path) -> dict[str, Any]:
    """Return the sidecar of an artifact.

    Raises:
        DataError: it is missing or no sidecar of ours.
    """
    try:
        found = json.loads(sidecar_path(path).read_text("utf-8"))
    except (OSError, ValueError) as err:
        raise DataError(
            f"expected a JSON sidecar beside the artifact, got none readable at"
            f" {sidecar_path(path).name!r}; train or install the classifier again"
        ) from err
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError(f"expected a sidecar of format {FORMAT!r} at {sidecar_path(path).name!r}")
    return found


def load(path: str | Path) -> RiskClassifier:
    """Return the classifier of an artifact whose digest and types have been checked.

    Raises:
        DataError: the file is missing, foreign, tampered with or of another format.
    """
    file = Path(path)
    sidecar = read_sidecar(file)
    try:
        content = file.read_bytes()
    except OSError as err:
        raise DataError(f"expected an artifact, got no readable file {file.name!r}") from err
    digest = hashlib.sha256(content).hexdigest()
    if digest != sidecar.get("sha256"):
        raise DataError(
            f"expected sha256 {sidecar.get('sha256')!r} of {file.name!r}, got {digest!r};"
            " the file was changed: install or train it again"
        )
    return _rebuild(_read_trusted(content, file.name), sidecar)


def _read_trusted(content: bytes, name: str) -> dict[str, Any]:
    """Return the stored values; besides plain values and numpy arrays, no type is trusted."""
    try:
        found = read_plain(content)
    except DataError as err:
        raise DataError(f"expected a skops artifact of plain values in {name!r}: {err}") from err
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError(f"expected an artifact of format {FORMAT!r} in {name!r}")
    return found


def _rebuild(content: dict[str, Any], sidecar: dict[str, Any]) -> RiskClassifier:
    """Return the classifier of checked content.

    Raises:
        DataError: a column is unknown to this version of the program.
    """
    unknown = [name for name in content["columns"] if name not in COLUMN_BY_NAME]
    if unknown:
        raise DataError(
            f"expected columns of features/registry.py, got {unknown!r};"
            " the artifact belongs to another version of the program: train it again"
        )
    rule = IntervalRule(
        np.asarray(content["covariance"], dtype=np.float64),
        float(content["drift"]),
        float(content["factor"]),
        np.asarray(content["unseen_low"], dtype=np.float64),
        np.asarray(content["unseen_high"], dtype=np.float64),
    )
    a, b, c, d = (float(cut) for cut in content["cuts"])
    return RiskClassifier(
        columns=tuple(content["columns"]),
        interval=rule,
        cuts=(a, b, c, d),
        profile=content["profile"],
        figures=sidecar.get("figures", {}),
        mean=np.asarray(content["mean"], dtype=np.float64),
        scale=np.asarray(content["scale"], dtype=np.float64),
        weights=np.asarray(content["weights"], dtype=np.float64),
        version=str(content["version"]),
        outcome=str(content["outcome"]),
        horizon_days=int(content["horizon_days"]),
        base=float(content["base"]),
        reference_volume=float(content["reference_volume"]),
    )


def shipped_folder() -> Path:
    """Return the folder of the artifacts that came with the program."""
    return Path(str(resources.files("models.risk") / "artifacts"))


def artifact_name(outcome: str, horizon_days: int) -> str:
    """Return the file name of a champion.

    Example:
        >>> artifact_name("force", 30)
        'force_30d.skops'
    """
    return f"{outcome}_{horizon_days}d.skops"


def load_champions(folder: Path | None = None) -> list[RiskClassifier]:
    """Return the champions of all outcomes and horizons, from the shipped folder by default.

    Raises:
        DataError: an artifact is missing or refused.
    """
    place = folder or shipped_folder()
    return [load(place / artifact_name(o, h)) for o in OUTCOMES for h in HORIZONS]
