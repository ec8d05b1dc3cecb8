"""The registry of classifiers: which exist, which one is champion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import update

from features.errors import DataError
from models.db.query import Record, equal_to, fetch, select_all
from models.db.session import Bind, writing
from models.db.tables import OUT_CLASSIFIER
from models.db.upsert import upsert_rows


def upsert_classifiers(bind: Bind, rows: Iterable[Mapping[str, Any]], run_id: str) -> int:
    """Return how many registry entries are new or changed.

    Raises:
        DataError: a second champion for one outcome and horizon; use ``promote_classifier``.
    """
    return upsert_rows(bind, OUT_CLASSIFIER, rows, run_id)


def read_classifiers(
    bind: Bind,
    *,
    status: str | None = None,
    outcome: str | None = None,
    horizon_days: int | None = None,
) -> list[Record]:
    """Return registry entries as dicts, ordered by version."""
    conditions = equal_to(OUT_CLASSIFIER, status=status, outcome=outcome, horizon_days=horizon_days)
    return fetch(bind, select_all(OUT_CLASSIFIER, conditions))


def read_champion(bind: Bind, outcome: str, horizon_days: int) -> Record | None:
    """Return the champion of an outcome and horizon, or None."""
    found = read_classifiers(bind, status="champion", outcome=outcome, horizon_days=horizon_days)
    return found[0] if found else None


def promote_classifier(
    bind: Bind, classifier_version: str, outcome: str, horizon_days: int, run_id: str
) -> int:
    """Return how many registry entries changed: the new champion and the retired one.

    Raises:
        DataError: the version is not registered for this outcome and horizon.
    """
    column = OUT_CLASSIFIER.columns
    same = equal_to(OUT_CLASSIFIER, outcome=outcome, horizon_days=horizon_days)
    with writing(bind) as conn:
        known = read_classifiers(conn, outcome=outcome, horizon_days=horizon_days)
        if classifier_version not in {row["classifier_version"] for row in known}:
            raise DataError(
                f"expected a registered classifier for {outcome} {horizon_days} days,"
                f" got {classifier_version!r}; register it first"
            )
        is_new = column.classifier_version == classifier_version
        retired = conn.execute(
            update(OUT_CLASSIFIER)
            .where(*same, ~is_new, column.status == "champion")
            .values(status="retired", run_id=run_id)
        ).rowcount
        promoted = conn.execute(
            update(OUT_CLASSIFIER)
            .where(*same, is_new, column.status != "champion")
            .values(status="champion", run_id=run_id)
        ).rowcount
    return retired + promoted
