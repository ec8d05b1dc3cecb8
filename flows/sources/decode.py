"""Bytes to text: byte-order marks, declared charsets, and a careful guess."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from features.errors import SkippableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x80-\x9f]")
_SNIFF_BYTES = 65_536
# English text written in Windows-1252 has few bytes above 127.
_WESTERN_SHARE = 0.10
# UTF-16 without a mark: every other byte of Latin text is zero.
_ZERO_SHARE = 0.3


def is_binary(data: bytes) -> bool:
    r"""Return whether bytes are no text in any usual encoding.

    Example:
        >>> is_binary(b"\x89PNG\r\n\x00\x00"), is_binary("naïve".encode("latin-1"))
        (True, False)
    """
    head = data[:_SNIFF_BYTES]
    if any(head.startswith(bom) for bom, _ in _BOMS) or _guess_wide(head):
        return False
    if b"\x00" in head:
        return True
    control = sum(byte < 9 or 13 < byte < 27 for byte in head[:4096])
    return control > len(head[:4096]) * 0.02


def decode_bytes(data: bytes, declared: str | None = None) -> str:
    """Return bytes as text.

    The order is: byte-order mark, UTF-8, the charset declared by the sender or
    within the document, Windows-1252 where few bytes are not ASCII, best guess.

    Args:
        data: the document.
        declared: charset of the HTTP header, if any.

    Raises:
        SkippableError: ``binary`` or ``encoding``.

    Example:
        >>> decode_bytes("Bogotá".encode("latin-1"), "latin-1")
        'Bogotá'
    """
    if is_binary(data):
        raise SkippableError("binary", f"expected text, got {len(data)} bytes of binary data")
    for name in _candidates(data, declared):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        return text.removeprefix("\ufeff")
    return _guess(data)


def _candidates(data: bytes, declared: str | None) -> list[str]:
    marked = [name for bom, name in _BOMS if data.startswith(bom)]
    wide = _guess_wide(data[:_SNIFF_BYTES])
    inside = _DECLARED.search(data[:4096])
    names = [*marked, *([wide] if wide else []), "utf-8"]
    names += [declared] if declared else []
    names += [inside[1].decode("ascii")] if inside else []
    return [_widen(name) for name in names]


def _widen(name: str) -> str:
    """Return Windows-1252 for Latin-1, as browsers do: it only adds quotes and dashes."""
    plain = name.lower().replace("_", "-")
    return "cp1252" if plain in ("latin-1", "latin1", "iso-8859-1", "ascii", "us-ascii") else name


def _guess_wide(head: bytes) -> str | None:
    if len(head) < 8 or (len(head) % 2 and len(head) < _SNIFF_BYTES):
        return None
    half = len(head) / 2
    if head[1::2].count(0) > half * _ZERO_SHARE and head[0::2].count(0) < half * 0.05:
        return "utf-16-le"
    if head[0::2].count(0) > half * _ZERO_SHARE and head[1::2].count(0) < half * 0.05:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str:
    high = sum(byte > 127 for byte in data[:_SNIFF_BYTES])
    if high <= len(data[:_SNIFF_BYTES]) * _WESTERN_SHARE:
        text = data.decode("cp1252", errors="replace")
        bad = len(_CONTROL.findall(text)) + text.count("\ufffd")
        if bad <= high * 0.2:
            return text
    best = from_bytes(data[:_SNIFF_BYTES]).best()
    if best is None or best.encoding is None:
        raise SkippableError("encoding", f"no known encoding fits {len(data)} bytes")
    try:
        text = data.decode(best.encoding)
    except (UnicodeDecodeError, LookupError) as err:
        raise SkippableError("encoding", f"expected {best.encoding} text: {err}") from err
    if _CONTROL.search(text):
        raise SkippableError("encoding", f"no known encoding fits {len(data)} bytes")
    return text
