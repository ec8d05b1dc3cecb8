from __future__ import annotations

from dataclasses import fields

from features.registry import DYAD_DAY_COLUMNS
from features.types import Event
from models.db.tables import CORE_DYAD_DAY, CORE_EVENT


def test_dyad_days_hold_the_columns_of_the_registry():
    names = list(CORE_DYAD_DAY.columns.keys())
    assert names[4:-2] == list(DYAD_DAY_COLUMNS)
    assert all(not CORE_DYAD_DAY.columns[name].nullable for name in DYAD_DAY_COLUMNS)


def test_events_hold_every_field_of_an_event():
    renamed = {"start": "sentence_start", "end": "sentence_end"}
    names = {renamed.get(field.name, field.name) for field in fields(Event)}
    assert names <= set(CORE_EVENT.columns.keys())
