from __future__ import annotations

import re

from models.db import store


def test_everything_exported_exists_and_is_documented():
    text = store.__doc__ or ""
    for name in store.__all__:
        assert getattr(store, name, None) is not None, name
    functions = [name for name in store.__all__ if name.islower()]
    assert [name for name in functions if not re.search(rf"\b{name}\b", text)] == []


def test_everything_documented_exists():
    named = set(
        re.findall(r"\b((?:upsert|read|replace|count|set|mark)_[a-z_]+)\(", store.__doc__ or "")
    )
    assert sorted(name for name in named if not hasattr(store, name)) == []
