"""The command ``ingest`` on inputs that cannot be read: each is refused, the run completes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from flows.cli import main
from flows.ingest_retry import apply_retention
from flows.settings import Settings
from models.db import store
from models.db.session import open_store

TEXT = "The foreign ministers of Chile and Peru met in Santiago to sign a fishing treaty."
BAD = {
    "binary.txt": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "binary"),
    "empty.txt": (b"", "empty"),
    "encoding.txt": (bytes(range(128, 256)) * 40, "encoding"),
    "large.txt": (b"a word " * 7_500_000, "too_large"),
    "cut.jsonl": (json.dumps({"text": TEXT})[:-5].encode(), "broken_json"),
    "broken.xml": (b"<rss><channel><item", "broken_xml"),
}


def write_bad(folder):
    folder.mkdir()
    for name, (data, _) in BAD.items():
        (folder / name).write_bytes(data)
    (folder / "unreadable.txt").symlink_to("/proc/self/mem")
    return folder


def ingest(url, *args):
    with pytest.raises(SystemExit) as ended:
        main(["ingest", "--db", url, "--json", *map(str, args)])
    return ended.value.code


def read_reasons(url):
    engine = open_store(url)
    rows = store.read_rejects(engine)
    engine.dispose()
    return {row["origin"].split("#")[0].rpartition("/")[2]: row["reason"] for row in rows}


def test_bad_inputs_are_refused_with_a_reason(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    folder = write_bad(tmp_path / "in")
    (folder / "good.jsonl").write_text(json.dumps({"text": TEXT, "date": "2026-01-05"}))
    assert not ingest(url, "--articles", folder)
    told = json.loads(capsys.readouterr().out)["articles"]
    wanted = {name: reason for name, (_, reason) in BAD.items()} | {"unreadable.txt": "unreadable"}
    assert read_reasons(url) == wanted
    assert (told["read"], told["new"], sum(told["rejected"].values())) == (8, 1, 7)


def test_all_refused_is_a_failure(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    assert ingest(url, "--articles", write_bad(tmp_path / "in")) == 1
    assert sum(json.loads(capsys.readouterr().out)["articles"]["rejected"].values()) == 7


def test_a_mended_file_is_accepted_when_tried_again(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    path = tmp_path / "late.jsonl"
    path.write_text('{"text": ')
    assert ingest(url, "--articles", path) == 1
    path.write_text(json.dumps({"text": TEXT, "date": "2026-01-05"}))
    capsys.readouterr()
    assert not ingest(url, "--retry-rejects", "--reason", "broken_json")
    assert json.loads(capsys.readouterr().out)["retried"]["accepted"] == 1
    engine = open_store(url)
    assert store.count_rows(engine)["raw_article"] == 1
    assert not store.read_rejects(engine, is_resolved=False)
    engine.dispose()


def test_the_summary_is_read_by_people(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.jsonl").write_text(json.dumps({"text": TEXT, "date": "2026-01-05"}))
    (folder / "empty.txt").write_text("")
    with pytest.raises(SystemExit):
        main(["ingest", "--db", url, "--articles", str(folder), "--retry-rejects"])
    assert capsys.readouterr().out.splitlines() == [
        "articles: 2 read, 1 new, 1 rejected (empty: 1)",
        "retried: 1 tried, 1 still refused (empty: 1)",
        "what was refused and why stands in the table raw_reject",
    ]


def test_dropped_texts_stay_dropped_and_titles_stay(tmp_path, upgraded_url):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT, "title": "Talks", "date": "2026-01-05"}))
    ingest(upgraded_url, "--articles", path)
    engine = open_store(upgraded_url)
    keep = Settings(keep_text_days=30)
    assert apply_retention(engine, keep, "r2", datetime(2026, 2, 1, tzinfo=UTC)) == 0
    assert apply_retention(engine, keep, "r2", datetime(2026, 2, 6, tzinfo=UTC)) == 1
    ingest(upgraded_url, "--articles", path, "--again")
    (article,) = store.read_articles(engine)
    assert (article["text"], article["title"]) == (None, "Talks")
    assert article["content_hash"]
    engine.dispose()
