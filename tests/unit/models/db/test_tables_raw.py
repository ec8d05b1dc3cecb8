from __future__ import annotations

from models.db.tables import RAW_ARTICLE, RAW_ARTICLE_VERSION, RAW_SOURCE


def test_long_text_stands_last():
    for table in (RAW_ARTICLE, RAW_ARTICLE_VERSION):
        assert table.columns.keys()[-1] == "text"
        assert table.columns.text.nullable, "retention drops it"


def test_what_changes_with_every_read_is_outside_the_digest():
    volatile = {c.name for c in RAW_SOURCE.columns if c.info.get("volatile")}
    assert volatile == {"etag", "last_modified", "latency_seconds", "last_success_at", "last_error"}
