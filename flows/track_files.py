"""The track record as a file, shipped with the program, and its way into a store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from models.db import store

TRACK_NAME: Final = "track_record.json"
# Stands in the version of a classifier that only looks back: fitted on the years before a year.
REFIT_MARK: Final = "-refit-"


def write_track_record(rows: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Write monthly rows as JSON, one row a line."""
    lines = [json.dumps(_compact(row), sort_keys=True) for row in rows]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    return path


def _compact(row: Mapping[str, Any]) -> dict[str, Any]:
    def short(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, 6)
        return value.isoformat() if isinstance(value, date) else value

    return {name: short(value) for name, value in row.items()}


def read_track_record(path: Path | None = None) -> list[dict[str, Any]]:
    """Return monthly rows of a file, by default the shipped one (empty where none is shipped)."""
    place = path or Path(str(resources.files("models.risk") / "artifacts" / TRACK_NAME))
    if not place.exists():
        return []
    rows = json.loads(place.read_text("utf-8"))
    return [row | {"month": date.fromisoformat(row["month"])} for row in rows]


def load_track_record(engine: Engine, run_id: str) -> int:
    """Put the shipped record of the yearly refits into the store; return the rows changed."""
    return store.upsert_track_record(engine, read_track_record(), run_id)
