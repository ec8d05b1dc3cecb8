"""The classifiers in force: the registry's champions, else those that came with the program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from features.errors import DataError
from models.db import store
from models.risk.artifact import artifact_name, load, shipped_folder
from models.risk.classifier import RiskClassifier
from models.risk.labels import HORIZONS, OUTCOMES

SHIPPED_PREFIX: Final = "shipped:"


def artifact_file(row: Mapping[str, Any]) -> Path:
    """Return the artifact's file of a registry row."""
    path = str(row["artifact_path"])
    if path.startswith(SHIPPED_PREFIX):
        return shipped_folder() / path.removeprefix(SHIPPED_PREFIX)
    return Path(path)


def load_registered(row: Mapping[str, Any]) -> RiskClassifier:
    """Return the classifier of a registry row.

    Raises:
        DataError: the artifact is missing, changed or not the one registered.
    """
    classifier = load(artifact_file(row))
    if classifier.version != row["classifier_version"]:
        raise DataError(
            f"expected the artifact of {row['classifier_version']!r}, got"
            f" {classifier.version!r} at {row['artifact_path']!r}; register or train it again"
        )
    return classifier


def load_in_force(engine: Engine) -> tuple[RiskClassifier, ...]:
    """Return one classifier an outcome and horizon: the champion, else the shipped one."""
    found = []
    for outcome in OUTCOMES:
        for horizon_days in HORIZONS:
            row = store.read_champion(engine, outcome, horizon_days)
            shipped = shipped_folder() / artifact_name(outcome, horizon_days)
            found.append(load(shipped) if row is None else load_registered(row))
    return tuple(found)
