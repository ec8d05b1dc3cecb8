"""The shipped classifiers as rows of the registry, so that the views know the champions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from models.db import store
from models.risk.artifact import artifact_name, read_sidecar, shipped_folder
from models.risk.classifier import RiskClassifier


def register_shipped(engine: Engine, classifiers: tuple[RiskClassifier, ...], run_id: str) -> int:
    """Put the shipped classifiers into the registry; return the rows added.

    The first of an outcome and horizon becomes its champion; where the user
    promoted another one, a shipped classifier comes in as challenger.
    """
    rows = store.read_classifiers(engine)
    known = {(row["classifier_version"], row["outcome"], row["horizon_days"]) for row in rows}
    taken = {(row["outcome"], row["horizon_days"]) for row in rows if row["status"] == "champion"}
    new = [
        _entry(c, "challenger" if (c.outcome, c.horizon_days) in taken else "champion")
        for c in classifiers
        if (c.version, c.outcome, c.horizon_days) not in known
    ]
    return store.upsert_classifiers(engine, new, run_id)


def _entry(classifier: RiskClassifier, status: str) -> dict[str, Any]:
    name = artifact_name(classifier.outcome, classifier.horizon_days)
    sidecar = read_sidecar(shipped_folder() / name)
    figures = dict(sidecar.get("figures", {}))
    trained_at = figures.get("trained_at")
    return {
        "classifier_version": classifier.version,
        "outcome": classifier.outcome,
        "horizon_days": classifier.horizon_days,
        "kind": sidecar["kind"],
        "status": status,
        "trained_at": datetime.fromisoformat(trained_at) if trained_at else None,
        "data_digest": figures.get("data_digest"),
        "code_version": figures.get("code_version"),
        "params": {"columns": sidecar["columns"], "cuts": sidecar["cuts"]},
        "figures": figures,
        "artifact_path": f"shipped:{name}",
        "artifact_sha256": sidecar["sha256"],
    }
