from __future__ import annotations

from models.db.migrate import (
    alembic_config,
    check,
    current_revision,
    downgrade,
    head_revision,
    upgrade,
)
from models.db.session import open_store


def test_revisions_form_one_line():
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(alembic_config())
    assert script.get_heads() == [head_revision()]
    assert script.get_bases() == ["v0001"]


def test_up_check_down():
    engine = open_store("sqlite://")
    assert upgrade(engine) is True
    assert check(engine) == [], "tables and migrations differ: add a revision"
    downgrade(engine)
    assert current_revision(engine) is None
    engine.dispose()
