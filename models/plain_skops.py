"""Reading skops files that hold nothing but plain values and numpy arrays.

skops itself imports all of scikit-learn before it reads a single number, which costs
every process several seconds; and it trusts all of scikit-learn's classes. This reader
trusts no class at all. Writing is skops's own.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from features.errors import DataError

SCHEMA_NAME: Final = "schema.json"
MAX_PART_BYTES: Final = 500_000_000
_PLAIN: Final = (str, int, float, bool, type(None))


def read_plain(content: bytes) -> Any:
    """Return the stored dicts (of text keys), lists, plain values and numpy arrays.

    Args:
        content: bytes of a file that ``skops.io.dump`` wrote.

    Raises:
        DataError: it is no such file, is damaged, or holds another type.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            tree = json.loads(_read_part(parts, SCHEMA_NAME))
            return _build(tree, parts)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        RecursionError,
        NotImplementedError,
    ) as err:
        raise DataError(f"expected a skops file of plain values, got a foreign one: {err}") from err


def _read_part(parts: zipfile.ZipFile, name: str) -> bytes:
    size = parts.getinfo(name).file_size
    if size > MAX_PART_BYTES:
        raise DataError(f"expected at most {MAX_PART_BYTES} bytes in {name!r}, got {size}")
    return parts.read(name)


def _build(node: Mapping[str, Any], parts: zipfile.ZipFile) -> Any:
    """Return the value of one node of the tree."""
    kind = f"{node['__module__']}.{node['__class__']}"
    match node["__loader__"], kind:
        case "DictNode", "builtins.dict":
            return {key: _build(value, parts) for key, value in _text_keys(node).items()}
        case "ListNode", "builtins.list":
            return [_build(item, parts) for item in node["content"]]
        case "JsonNode", _:
            return _plain(json.loads(node["content"]))
        case "NdArrayNode", "numpy.ndarray" if node["type"] == "numpy":
            raw = io.BytesIO(_read_part(parts, node["file"]))
            return np.load(raw, allow_pickle=False)
    raise DataError(f"expected plain values and numpy arrays, got the type {kind!r}")


def _text_keys(node: Mapping[str, Any]) -> Mapping[str, Any]:
    kinds = {item["__class__"] for item in node["key_types"]["content"]}
    if kinds - {"str"}:
        raise DataError(f"expected keys of text, got {sorted(kinds)!r}")
    found: Mapping[str, Any] = node["content"]
    return found


def _plain(value: Any) -> Any:
    if not isinstance(value, _PLAIN):
        raise DataError(f"expected a plain value, got {type(value).__name__!r}")
    return value
