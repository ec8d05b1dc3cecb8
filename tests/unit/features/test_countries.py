"""Country codes and the curated lists of ``features/data/actors``."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources

import pytest

from features.actor_lexicon import build_lexicon
from features.countries import country_name, is_known_code, load_countries, read_rows
from features.errors import DataError

TABLES = (
    "blocked",
    "countries",
    "heads",
    "leaders",
    "leaders_2003_2015",
    "neighbours",
    "nonstate",
    "organisations",
    "seats",
    "senses",
)
CODED = ("leaders", "leaders_2003_2015", "nonstate", "organisations", "seats", "senses")
NEWSWORTHY = """
AFG ARG ARM AUS AUT AZE BEL BGD BLR BRA CAN CHE CHL CHN COD COL CUB CZE DEU DNK DZA EGY ESP EST
ETH FIN FRA GBR GEO GRC HUN IDN IND IRL IRN IRQ ISR ITA JOR JPN KAZ KEN KHM KOR LBN LBY LKA LTU
LVA MAR MDA MEX MLI MMR MYS NER NGA NLD NOR NPL NZL PAK PER PHL POL PRK PRT PSE QAT ROU RUS RWA
SAU SDN SGP SOM SRB SSD SVK SWE SYR THA TUN TUR TWN UGA UKR USA VEN VNM XKX YEM ZAF ZWE
"""


def read_lines(name: str) -> tuple[list[str], list[str]]:
    path = resources.files("features") / "data" / "actors" / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    return header, lines[len(header) + 1 :]


def test_all_members_of_the_united_nations_are_known() -> None:
    statuses = [country.status for country in load_countries().values()]
    assert statuses.count("member") == 193


@pytest.mark.parametrize("code", ["TWN", "XKX", "PSE", "EUE", "NAT", "UNO", "VAT", "HKG"])
def test_codes_beside_the_members(code: str) -> None:
    assert is_known_code(code)


def test_bodies_are_no_countries() -> None:
    bodies = {code for code, country in load_countries().items() if country.is_body}
    assert bodies == {"EUE", "NAT", "UNO"}


def test_unknown_code_is_its_own_name() -> None:
    assert country_name("QQQ") == "QQQ"
    assert not is_known_code("QQQ")


@pytest.mark.parametrize("iso3", sorted(load_countries()))
def test_code_is_three_capitals_and_every_country_has_a_name(iso3: str) -> None:
    assert len(iso3) == 3
    assert iso3.isupper()
    assert load_countries()[iso3].name


@pytest.mark.parametrize("name", TABLES)
def test_table_states_its_source_and_is_sorted(name: str) -> None:
    header, rows = read_lines(name)
    text = " ".join(header)
    assert "Source:" in text
    assert "Licence:" in text
    assert "Date: 20" in text
    fields = [tuple(row) for row in csv.reader(rows)]
    assert rows == sorted(rows) or fields == sorted(fields)
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("name", CODED)
def test_table_uses_known_codes(name: str) -> None:
    codes = {
        code
        for row in read_rows(name)
        for part in row["iso3"].split(";")
        for code in part.split("|")
    }
    assert not {code for code in codes if not is_known_code(code)}


@pytest.mark.parametrize("name", ["leaders", "leaders_2003_2015"])
def test_terms_of_office_run_forward(name: str) -> None:
    for row in read_rows(name):
        start, end = row["from"], row["to"] or "9999-12-31"
        assert date.fromisoformat(start) <= date.fromisoformat(end), row
        assert row["gender"] in ("m", "f"), row
        assert row["role"] in ("state", "king", "government", "foreign", "defence", "other", "head")


def leads(row: dict[str, str], day: str) -> bool:
    return row["from"] <= day <= (row["to"] or "9999-12-31")


@pytest.mark.parametrize("iso3", NEWSWORTHY.split())
def test_newsworthy_country_always_has_a_head(iso3: str) -> None:
    heads = [
        row
        for row in read_rows("leaders")
        if row["iso3"] == iso3 and row["role"] in ("state", "king", "government")
    ]
    days = [f"{year}-{month}-15" for year in range(2015, 2027) for month in ("03", "07", "12")]
    empty = [day for day in days if day <= "2026-07-01" and not any(leads(r, day) for r in heads)]
    allowed = {"LBN": 9, "BGR": 20, "HTI": 20}
    assert len(empty) <= allowed.get(iso3, 1), empty


def test_row_with_a_missing_field_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __truediv__(self, _: str) -> Broken:
            return self

        def read_text(self, encoding: str) -> str:
            return "# header\na,b\n1\n"

    monkeypatch.setattr(resources, "files", lambda _: Broken())
    with pytest.raises(DataError, match="expected"):
        read_rows("broken")


def test_every_surface_form_has_an_entry() -> None:
    lexicon = build_lexicon()
    assert all(lexicon.values())
    assert len(lexicon) > 15_000
