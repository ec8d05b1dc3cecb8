from __future__ import annotations

from models.db import tables
from models.db.tables import METADATA


def test_every_table_has_its_constant():
    constants = {
        value.name
        for name, value in vars(tables).items()
        if name.isupper() and name != "METADATA" and hasattr(value, "name")
    }
    assert constants == set(METADATA.tables)


def test_every_constant_is_exported():
    assert set(tables.__all__) == {name for name in vars(tables) if name.isupper()} | {"table_of"}
