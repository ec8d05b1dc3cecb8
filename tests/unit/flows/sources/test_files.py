from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from features.types import RawItem, Reject
from flows.sources.files import FileParams, list_files, read_path
from flows.sources.records import ColumnMap
from flows.sources.streams import ReadMeter, StreamLimits

NOW = datetime(2026, 1, 10, tzinfo=UTC)
TEXT = "The foreign ministers of Chile and Peru met in Santiago to sign a fishing treaty."
RECORD = {"id": "r1", "date": "2026-01-05", "title": "Talks", "text": TEXT}
LINE = json.dumps(RECORD) + "\n"
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Times</title><item><title>A</title>'
    f"<link>https://a.example/1</link><description>{TEXT}</description>"
    "<pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)
SMALL = FileParams(limits=StreamLimits(document_bytes=200_000, line_bytes=50_000, broken_rows=5))


def parquet(**columns) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue().to_pybytes()


def zipped(*members: tuple[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return sink.getvalue()


def locked(data: bytes) -> bytes:
    """Mark the files of an archive as encrypted, in their own heads and in the directory."""
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(magic) + offset
        data = data[:start] + b"\x01" + data[start + 1 :]
    return data


MIXED = (
    ("a/one.txt", TEXT.encode()),
    ("a/two.jsonl", LINE.encode() * 2),
    ("a/.hidden.txt", b"x"),
    ("__MACOSX/a/._one.txt", b"x"),
    ("empty.csv", b""),
)

# name, bytes, what comes of it: "item", or the reasons of the refusals in order
CASES = [
    ("a.txt", TEXT.encode(), ["item"]),
    ("bom.txt", b"\xef\xbb\xbf" + TEXT.encode(), ["item"]),
    ("utf16.txt", TEXT.encode("utf-16"), ["item"]),
    ("utf16-no-mark.txt", TEXT.encode("utf-16-le"), ["item"]),
    ("latin.txt", (TEXT + " Bogotá").encode("latin-1"), ["item"]),
    ("empty.txt", b"", ["empty"]),
    ("blank.txt", b" \n \n", ["empty"]),
    ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), ["binary"]),
    ("noise.txt", bytes(range(128, 256)) * 40, ["encoding"]),
    ("controls.txt", b"\x01\x02\x03\x04" * 50, ["binary"]),
    ("long.txt", b"a b " * 60_000, ["too_large"]),
    ("page.html", f"<html><body><p>{TEXT}</p></body></html>".encode(), ["item"]),
    ("page.xml", f"<!doctype html><html><body><p>{TEXT}</p></body></html>".encode(), ["item"]),
    ("feed.xml", FEED.encode(), ["item"]),
    ("feed.rss", FEED.encode(), ["item"]),
    ("cut.xml", FEED[:-40].encode(), ["item", "broken_xml"]),
    ("broken.xml", b"<rss><channel><item", ["broken_xml"]),
    ("other.xml", b"<?xml version='1.0'?><books><book/></books>", ["not_a_feed"]),
    ("laughs.xml", b'<!DOCTYPE l [<!ENTITY a "b">]><rss><channel/></rss>', ["entity"]),
    ("a.jsonl", (LINE * 2).encode(), ["item", "item"]),
    ("cut.jsonl", (LINE + LINE[:40]).encode(), ["item", "broken_json"]),
    ("list.jsonl", b'[1]\n"x"\n5\nnull\n', ["broken_json"] * 4),
    ("notext.jsonl", b'{"a": 1}\n{"text": ""}\n', ["no_text", "empty"]),
    ("empty.jsonl", b"", ["empty"]),
    ("binary.jsonl", b"\x00\x01\x02\n", ["binary"]),
    ("latin.jsonl", json.dumps(RECORD | {"text": TEXT + " Bogotá"}, ensure_ascii=False)
     .encode("latin-1"), ["item"]),
    ("longline.jsonl", b'{"text": "' + b"a " * 40_000 + b'"}\n' + LINE.encode(),
     ["too_long", "item"]),
    ("many.jsonl", b"{\n" * 9, ["broken_json"] * 5 + ["broken_rows"]),
    ("array.json", json.dumps([RECORD, RECORD]).encode(), ["item", "item"]),
    ("object.json", json.dumps(RECORD).encode(), ["item"]),
    ("wrapped.json", json.dumps({"articles": [RECORD]}).encode(), ["item"]),
    ("lines.json", (LINE * 2).encode(), ["item", "item"]),
    ("cut.json", json.dumps([RECORD])[:-9].encode(), ["broken_json"]),
    ("deep.json", b"[" * 5_000, ["broken_json"]),
    ("a.csv", f'date,text\n2026-01-05,"{TEXT}"\n'.encode(), ["item"]),
    ("semicolon.csv", f"date;text\n2026-01-05;{TEXT}\n".encode(), ["item"]),
    ("a.tsv", f"date\ttext\n2026-01-05\t{TEXT}\n".encode(), ["item"]),
    ("fields.csv", f"date,text\n1,2,3\n2026-01-05,{TEXT}\n".encode(), ["broken_row", "item"]),
    ("blank.csv", b"date,text\n2026-01-05,\n", ["empty"]),
    ("header.csv", b"a,b\n1,2\n", ["no_text"]),
    ("empty.csv", b"", ["empty"]),
    ("nul.csv", b"date,text\n1,a\x00b\n", ["binary"]),
    ("utf16.csv", f"date\ttext\n2026-01-05\t{TEXT}\n".encode("utf-16"), ["item"]),
    ("cut16.csv", f"text\n{TEXT}\n{TEXT}\n".encode("utf-16")[:-1], ["item", "encoding"]),
    ("utf16.jsonl", LINE.encode("utf-16"), ["item"]),
    ("utf16.jsonl.gz", gzip.compress(LINE.encode("utf-16")), ["item"]),
    ("bom.jsonl", b"\xef\xbb\xbf" + LINE.encode(), ["item"]),
    ("mac.csv", f"date,text\r2026-01-05,{TEXT}\r1,2,3\r".encode(), ["item", "broken_row"]),
    ("odd.csv", f"text,x\r\n{TEXT},a\rb\r\n".encode(), ["item", "broken_row"]),
    ("latin.csv", f"text\n{TEXT} Bogotá\n".encode("latin-1"), ["item"]),
    ("a.parquet", parquet(text=[TEXT, None], date=["2026-01-05", None]), ["item", "empty"]),
    ("columns.parquet", parquet(a=[1]), ["no_text"]),
    ("broken.parquet", b"PAR1 this is none", ["broken_parquet"]),
    ("empty.parquet", b"", ["broken_parquet"]),
    ("a.jsonl.gz", gzip.compress(LINE.encode()), ["item"]),
    ("a.jsonl.zst", zstandard.compress(LINE.encode()), ["item"]),
    ("a.jsonl.bz2", bz2.compress(LINE.encode()), ["item"]),
    ("a.jsonl.xz", lzma.compress(LINE.encode()), ["item"]),
    ("a.csv.gz", gzip.compress(f"text\n{TEXT}\n".encode()), ["item"]),
    ("a.parquet.gz", gzip.compress(parquet(text=[TEXT])), ["item"]),
    ("a.parquet.zst", zstandard.compress(parquet(text=[TEXT])), ["item"]),
    ("broken.parquet.gz", gzip.compress(b"PAR1 this is none"), ["broken_parquet"]),
    ("cut.parquet.gz", gzip.compress(parquet(text=[TEXT]))[:-30], ["broken_archive"]),
    ("mixed.zip", zipped(*MIXED), ["item", "item", "item", "empty"]),
    ("a.jsonl.zip", zipped(("a.jsonl", LINE.encode())), ["item"]),
    ("a.zip", zipped(("a.parquet", parquet(text=[TEXT]))), ["item"]),
    ("empty.zip", zipped(), ["empty"]),
    ("not.zip", b"plain", ["broken_archive"]),
    ("locked.zip", locked(zipped(("a.txt", TEXT.encode()))), ["encrypted"]),
    ("cut.jsonl.gz", gzip.compress((LINE * 3000).encode())[:-30], ["broken_archive"]),
    ("not.jsonl.gz", b"plain", ["broken_archive"]),
    ("not.jsonl.zst", b"plain", ["broken_archive"]),
    ("noext", TEXT.encode(), ["item"]),
    ("noext2", LINE.encode(), ["item"]),
    # Names that do not say what the file is.
    ("feed.txt", FEED.encode(), ["item"]),
    ("feed.html", FEED.encode(), ["item"]),
    ("feed.json", FEED.encode(), ["item"]),
    ("styled.html", FEED.replace("?>", "?>\n<?xml-stylesheet href='a'?>").encode(), ["item"]),
    ("xhtml.html", f"<?xml version='1.0'?><html><body><p>{TEXT}</p></body></html>".encode(),
     ["item"]),
    ("page.json", f"<!doctype html><html><body><p>{TEXT}</p></body></html>".encode(), ["item"]),
    ("page.csv", f"<!doctype html><html><body><p>{TEXT}</p></body></html>".encode(), ["item"]),
    ("lines.txt", (LINE * 2).encode(), ["item", "item"]),
    ("lines.csv", (LINE * 2).encode(), ["item", "item"]),
    ("spread.jsonl", json.dumps([RECORD, RECORD], indent=1).encode(), ["item", "item"]),
    ("object.jsonl", json.dumps(RECORD, indent=1).encode(), ["item"]),
    ("spread.txt", json.dumps([RECORD], indent=1).encode(), ["item"]),
    ("table.txt", f"date,text\n2026-01-05,{TEXT}\n".encode(), ["item"]),
    ("table.jsonl", f"date;text\n2026-01-05;{TEXT}\n".encode(), ["item"]),
    ("table16.txt", f"date\ttext\n2026-01-05\t{TEXT}\n".encode("utf-16"), ["item"]),
    ("bracket.txt", f"[Correction] {TEXT}".encode(), ["item"]),
    ("comma.txt", f"Lima, text, and more\n{TEXT}".encode(), ["item"]),
    ("packed", gzip.compress(LINE.encode()), ["item"]),
    ("packed.jsonl", gzip.compress(LINE.encode()), ["item"]),
    ("packed.txt", zstandard.compress(TEXT.encode()), ["item"]),
    ("packed.csv", zipped(("a.csv", f"text\n{TEXT}\n".encode())), ["item"]),
    ("table.csv", parquet(text=[TEXT]), ["item"]),
    ("letter.docx", zipped(("word/document.xml", b"<w/>")), ["binary"]),
    ("report.pdf", b"%PDF-1.4 text only for once", ["unknown_kind"]),
    ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), ["binary"]),
]  # fmt: skip


def outcome(found: RawItem | Reject) -> str:
    return "item" if isinstance(found, RawItem) else found.reason


@pytest.mark.parametrize(("name", "data", "expected"), CASES, ids=[case[0] for case in CASES])
def test_every_file_ends_as_items_or_with_a_reason(tmp_path, name, data, expected):
    path = tmp_path / name
    path.write_bytes(data)
    found = list(read_path(path, NOW, SMALL))
    outcomes = [outcome(item) for item in found]
    if name == "cut.jsonl.gz":  # what came before the break is kept
        assert outcomes[-1] == "broken_archive"
        assert outcomes.count("item") > 1000
        return
    assert outcomes == expected
    assert all(item.origin.startswith(path.as_posix()) for item in found)
    assert list(read_path(path, NOW, SMALL)) == found


def test_text_survives_every_encoding(tmp_path):
    for name, data, expected in CASES:
        if expected == ["item"] and not name.endswith((".html", ".xml", ".rss")):
            (tmp_path / name).write_bytes(data)
            (item,) = read_path(tmp_path / name, NOW, SMALL)
            assert isinstance(item, RawItem)
            assert TEXT in item.body or "treaty" in item.body
            assert "\ufffd" not in item.body


def test_rows_are_named_by_the_line_they_begin_at(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'date,text\n\n1,"{TEXT}\nsecond line"\n1,2,3\n')
    places = [item.origin.rpartition("#")[2] for item in read_path(path, NOW, SMALL)]
    assert places == ["line 3", "line 5"]


def test_folder_is_read_in_order_without_hidden_files(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("z.txt", "a.txt", ".hidden.txt", "b/c.txt"):
        (tmp_path / name).write_text(TEXT)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text(TEXT)
    names = [path.relative_to(tmp_path).as_posix() for path in list_files(tmp_path)]
    assert names == ["a.txt", "z.txt", "b/c.txt"]


def test_glob_patterns(tmp_path):
    for name in ("a.txt", "b.txt", "c.html"):
        (tmp_path / name).write_text(TEXT)
    assert [path.name for path in list_files(tmp_path / "*.txt")] == ["a.txt", "b.txt"]


def test_missing_and_special_files(tmp_path):
    assert [outcome(x) for x in read_path(tmp_path / "none.txt", NOW)] == ["missing"]
    os.mkfifo(tmp_path / "pipe.txt")
    assert [outcome(x) for x in read_path(tmp_path / "pipe.txt", NOW)] == ["unreadable"]
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    assert [outcome(x) for x in read_path(tmp_path / "dangling.txt", NOW)] == ["missing"]


def test_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(12):
            file.write(b" " * 999_999 + b"\n")
    assert outcome(list(read_path(path, NOW))[-1]) == "bomb"


def test_bomb_in_an_archive_stops_no_other_file(tmp_path):
    path = tmp_path / "a.zip"
    line = b" " * 999_999 + b"\n"
    path.write_bytes(zipped(("a.jsonl", line * 12), ("b.txt", TEXT.encode())))
    assert [outcome(item) for item in read_path(path, NOW)] == ["bomb", "item"]


def test_records_of_the_portal(tmp_path):
    rows = [
        {"id": "wce-1", "date": "2026-01-05", "category": "x", "text": TEXT, "sources": ["BBC"]},
        {"id": "wce-2", "date": "2026-01-05", "text": TEXT, "sources": []},
        {"id": "w", "date": "2026-01-05", "text": TEXT, "sources": [["(Reuters)", "https://r"]]},
    ]
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    items = [item for item in read_path(path, NOW) if isinstance(item, RawItem)]
    assert [item.outlet for item in items] == ["BBC", "Wikipedia Current Events", "Reuters"]
    assert {item.published for item in items} == {"2026-01-05"}
    assert {item.title for item in items} == {None}


def test_columns_by_configuration(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"cuerpo,titular\n{TEXT},Talks\n")
    columns = ColumnMap().merge({"text": "cuerpo", "title": "titular"})
    (item,) = read_path(path, NOW, FileParams(columns=columns))
    assert isinstance(item, RawItem)
    assert (item.body, item.title) == (TEXT, "Talks")


def test_dates_of_a_stated_form(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"text,Fecha\n{TEXT},05/01/2026 09:30\n{TEXT},soon\n")
    names = {"published": "Fecha", "date_format": "%d/%m/%Y %H:%M"}
    found = read_path(path, NOW, FileParams(columns=ColumnMap().merge(names)))
    dates = [item.published for item in found if isinstance(item, RawItem)]
    assert dates == ["2026-01-05T09:30:00", "soon"]


def test_meter_counts_bytes_on_disk(tmp_path):
    meter = ReadMeter()
    for name, data in (
        ("a.jsonl", LINE.encode() * 50),
        ("b.jsonl.gz", gzip.compress(LINE.encode())),
    ):
        (tmp_path / name).write_bytes(data)
    list(read_path(tmp_path, NOW, FileParams(meter=meter)))
    assert meter.done == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_relative_paths_stay_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    assert [item.origin for item in read_path(Path("a.txt"), NOW)] == ["a.txt"]
