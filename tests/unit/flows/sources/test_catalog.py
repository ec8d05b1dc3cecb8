"""Entries of the sources file: what is taken, and how a wrong one is answered."""

from __future__ import annotations

import pytest

from features.errors import ConfigError
from flows.sources.catalog import Source, add_source, load_sources, parse_source

ENTRY = {"id": "a-b", "outlet": "A", "url": "https://a.example/rss"}


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"id": "A B"}, "wrong id"),
        ({"kind": "smoke"}, "wrong kind"),
        ({"url": "archive/*.csv"}, "wrong url"),
        ({"kind": "gdelt-gkg", "url": " "}, "wrong url"),
        ({"kind": "gdelt-gkg", "url": "file:///x"}, "wrong url"),
        ({"every_hours": 0}, "wrong every_hours"),
        ({"colums": {}}, "unknown fields"),
        ({"columns": "text"}, "expected a table of columns"),
        ({"columns": {"texto": "cuerpo"}}, "unknown columns"),
    ],
)
def test_wrong_entries_are_told(over, said):
    with pytest.raises(ConfigError, match=said):
        parse_source(ENTRY | over)


@pytest.mark.parametrize("kind", ["files", "gdelt-gkg", "gdelt-mentions"])
def test_kinds_that_may_lie_on_this_machine(kind):
    assert parse_source(ENTRY | {"kind": kind, "url": "lists/*.csv"}).url == "lists/*.csv"


def test_an_added_source_is_read_back(tmp_path):
    columns = (("text", "cuerpo"), ("date_format", "%d/%m/%Y"))
    source = Source("c-d", 'The "C"', "in/*.csv", kind="files", columns=columns)
    add_source(tmp_path / "s.toml", source)
    assert load_sources(tmp_path / "s.toml") == (source,)
    with pytest.raises(ConfigError, match="more than one source"):
        add_source(tmp_path / "s.toml", source)
