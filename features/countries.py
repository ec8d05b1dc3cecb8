"""The countries, territories and bodies that dyadrisk knows, read from ``data/actors``.

What a code is called belongs here; finding the names in a text belongs to ``actors``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from features.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

BODIES: Final = frozenset({"EUE", "NAT", "UNO"})
_PLURAL_ENDINGS: Final = ("an", "i", "er", "eek", "ot", "ak", "at", "ene", "rb", "ino", "ina", "ek")
_PERSON_ENDINGS: Final = ("zech", "hai", "yz", "jik", "kh", "wazi", "entine")


@dataclass(frozen=True, slots=True)
class Country:
    """One code with the words that stand for it.

    Args:
        iso3: ISO 3166-1 alpha-3, or XKX, EUE, NAT, UNO.
        status: ``member observer other territory body`` with respect to the UN.
        names: the display name first, then others.
        adjectives, nouns: "French"; "Frenchman", "Frenchmen".
        capitals: the seat of government and other capitals.
    """

    iso3: str
    name: str
    status: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]
    capitals: tuple[str, ...]

    @property
    def is_body(self) -> bool:
        """Return whether the code is an international body, not a state."""
        return self.status == "body"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV of ``features/data/actors`` without its ``#`` header.

    Raises:
        DataError: a row has more or fewer fields than the header.
    """
    path = resources.files("features") / "data" / "actors" / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    reader = csv.DictReader(line for line in lines if line and not line.startswith("#"))
    rows = list(reader)
    for row in rows:
        if None in row or None in row.values():
            raise DataError(f"expected {reader.fieldnames!r} in {name}.csv, got {row!r}; fix it")
    return rows


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _derive_plurals(adjectives: tuple[str, ...]) -> tuple[str, ...]:
    endings = _PLURAL_ENDINGS + _PERSON_ENDINGS
    return tuple(f"{word}s" for word in adjectives if word.endswith(endings))


def _build_country(row: dict[str, str]) -> Country:
    adjectives = _split(row["adjectives"])
    return Country(
        iso3=row["iso3"],
        name=row["name"],
        status=row["status"],
        names=(row["name"], *_split(row["aliases"])),
        adjectives=adjectives,
        nouns=(*_split(row["nouns"]), *_derive_plurals(adjectives)),
        capitals=_split(row["capitals"]),
    )


@cache
def load_countries() -> Mapping[str, Country]:
    """Return every known code with its country, read once.

    Example:
        >>> load_countries()["COL"].capitals
        ('Bogotá',)
    """
    countries = (_build_country(row) for row in read_rows("countries"))
    return MappingProxyType({country.iso3: country for country in countries})


def country_name(iso3: str) -> str:
    """Return the display name of a code, or the code itself when it is unknown.

    Example:
        >>> country_name("KOR"), country_name("NAT"), country_name("ZZZ")
        ('South Korea', 'NATO', 'ZZZ')
    """
    country = load_countries().get(iso3)
    return country.name if country else iso3


def is_known_code(iso3: str) -> bool:
    """Return whether the code stands for a known country, territory or body."""
    return iso3 in load_countries()
