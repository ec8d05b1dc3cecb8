"""Lists of article addresses: the kind of each row is told by its number of fields."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from features.types import Reject
from flows.sources.gdelt_urls import ListedPage, read_page_file, read_pages

STAMP = "20260109101500"
URL = "https://a.example/1"


def row(fields: int, **filled: str) -> str:
    """Return a tab-separated row with some fields filled, such as ``f4="x"``."""
    values = [filled.get(f"f{number}", "") for number in range(fields)]
    return "\t".join(values) + "\n"


GKG = row(27, f0="k", f1=STAMP, f2="1", f3="a.example", f4=URL)
ROWS = {
    "GKG 2.1": (GKG, STAMP, "a.example"),
    "GKG 1.0": (row(11, f0="20260109", f9="a.example;b.example", f10=URL), "20260109", "a.example"),
    "mentions": (row(16, f1=STAMP, f2=STAMP, f3="1", f4="a.example", f5=URL), STAMP, "a.example"),
    "events 2.0": (row(61, f0="1", f59=STAMP, f60=URL), STAMP, ""),
    "events 1.0": (row(58, f0="1", f56="20260109", f57=URL), "20260109", ""),
    "address alone": (URL + "\r\n", "", ""),
}


@pytest.mark.parametrize("kind", ROWS)
def test_each_kind_of_row(kind):
    text, stamp, outlet = ROWS[kind]
    found = list(read_pages(text.encode(), "o"))
    assert found == [ListedPage(URL, stamp, outlet, "o#line 1")]


def test_rows_of_other_media_headers_notes_and_twins_are_left_out():
    book = row(27, f1=STAMP, f2="2", f3="BBC Monitoring", f4="as listed in Russian")
    text = f"DATE\tNUMARTS\n\n# a note\n{book}{GKG}{GKG}{URL}\n"
    assert [page.url for page in read_pages(text.encode(), "o") if page] == [URL]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\tb\tc\n", "broken_row"),
        ("no address\n", "bad_url"),
        ("file:///etc/passwd\n", "bad_url"),
        (row(57, f0="1"), "broken_row"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(text, reason):
    (found,) = read_pages(text.encode(), "o")
    assert isinstance(found, Reject)
    assert (found.reason, found.origin) == (reason, "o#line 1")
    assert found.detail.startswith("expected ")


def test_files_plain_and_compressed(tmp_path):
    (tmp_path / "a.csv").write_text(GKG)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(GKG.encode()))
    with zipfile.ZipFile(tmp_path / "c.gkg.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("c.gkg.csv", GKG)
    (tmp_path / "d.txt").write_bytes((URL + "\n").encode("utf-16"))
    for path in sorted(tmp_path.iterdir()):
        (found,) = read_page_file(path)
        assert isinstance(found, ListedPage), path
        assert found.url == URL


def test_a_missing_file_is_refused():
    (found,) = read_page_file(Path("nowhere.csv"))
    assert isinstance(found, Reject)
    assert found.reason == "missing"
