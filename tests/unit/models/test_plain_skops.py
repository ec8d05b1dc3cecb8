"""The strict reader of plain skops files agrees with skops and trusts no class."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.errors import DataError
from models.plain_skops import read_plain

ARTIFACTS = sorted(
    path
    for package in ("models.risk", "models.coder")
    for path in Path(str(resources.files(package) / "artifacts")).glob("*.skops")
)
VALUES = {
    "text": "Côte d'Ivoire\n",
    "none": None,
    "flag": True,
    "numbers": [1, -2.5, 1e-300, float("inf")],
    "nested": {"a": {"b": [[], {}]}},
    "array": np.arange(6, dtype=np.float32).reshape(2, 3),
    "same": [np.ones(2), np.ones(2)],
}


def dumped(value: Any) -> bytes:
    skops = pytest.importorskip("skops.io")
    found: bytes = skops.dumps(value)
    return found


def rewritten(old_content: bytes, **change: Any) -> bytes:
    """Return the file with parts of its tree changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(old_content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            if name == "schema.json":
                raw = json.dumps(json.loads(raw) | change).encode()
            new.writestr(name, raw)
    return out.getvalue()


@pytest.mark.parametrize("path", ARTIFACTS, ids=lambda path: path.stem)
def test_every_shipped_artifact_reads_as_skops_reads_it(path: Path) -> None:
    skops = pytest.importorskip("skops.io")
    content = path.read_bytes()
    np.testing.assert_equal(read_plain(content), skops.loads(content, trusted=[]))


def test_plain_values_come_back() -> None:
    np.testing.assert_equal(read_plain(dumped(VALUES)), VALUES)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"a": {1, 2}}, id="a set"),
        pytest.param({1: "a"}, id="keys that are no text"),
        pytest.param({"a": np.array([{}], dtype=object)}, id="an array of objects"),
        pytest.param({"a": print}, id="a function"),
        pytest.param([range], id="a class"),
    ],
)
def test_other_types_are_refused(value: Any) -> None:
    with pytest.raises(DataError):
        read_plain(dumped(value))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"__module__": "os", "__class__": "system"}, id="os.system"),
        pytest.param({"__loader__": "ReduceNode"}, id="another loader"),
        pytest.param({"content": [1]}, id="another content"),
    ],
)
def test_a_changed_tree_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        read_plain(rewritten(dumped(VALUES), **change))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x05\x06" + bytes(18), id="an empty zip"),
        pytest.param(b"\x80\x04N.", id="a pickle"),
        pytest.param(ARTIFACTS[0].read_bytes()[:-300], id="cut short"),
    ],
)
def test_foreign_files_are_refused(content: bytes) -> None:
    with pytest.raises(DataError):
        read_plain(content)


def test_a_damaged_part_is_refused() -> None:
    content = bytearray(dumped({"a": np.zeros(500)}))
    content[200] ^= 0xFF
    with pytest.raises(DataError):
        read_plain(bytes(content))


def test_scoring_imports_neither_skops_nor_scikit_learn() -> None:
    code = (
        "import sys; from models.risk.artifact import load_champions;"
        " from models.coder.artifact import load_coder; load_champions(); load_coder();"
        " sys.exit(any(name.split('.')[0] in ('sklearn', 'skops') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
