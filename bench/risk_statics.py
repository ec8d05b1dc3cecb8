"""Build features/data/statics/*.csv (facts only) from public correlates-of-war files.

Usage: python bench/risk_statics.py EVENTS_FOLDER OUT_FOLDER
EVENTS_FOLDER holds cow_contdir.csv, td_rivalries.csv, tss_rivalries.csv, cow_to_iso3.csv.
"""

# ruff: noqa: E501
from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

FIRST_YEAR = 2003  # facts older than the corpora and no longer in force are left out
REGIONS = [(200, "americas"), (400, "europe"), (600, "africa"), (700, "mideast"), (1000, "asiapac")]
# Outside the state list; borders of Gaza and the West Bank since the Gaza-Jericho agreement.
PALESTINE = ("EGY-PSE", "ISR-PSE", "JOR-PSE")
AFRICAN = {"SSD", "SDN"}
MAJOR = {"USA", "GBR", "FRA", "CHN", "RUS"}

CONTIGUITY_HEADER = """# Direct contiguity of states: 1 = land or river border, 2-5 = up to 12, 24, 150, 400 miles of water.
# valid_from, valid_to: first and last day as coded; 2016-12-01 is the end of coding, so still valid.
# Source: Correlates of War, Direct Contiguity v3.2 (Stinnett, Tir, Diehl, Schafer, Gochman 2002,
# Conflict Management and Peace Science 19(2)). Facts only.
# EGY-PSE, ISR-PSE, JOR-PSE added (not in the state list; Gaza-Jericho agreement, 4 May 1994).
# Licence: facts, free to use with citation; compiled by the dyadrisk developers, 2026-11-23.
"""
RIVALRY_HEADER = """# Interstate rivalries that were in force before 2003 and ended, if at all, in or after 1990.
# coded_by: td = Thompson-Dreyer list, tss = Thompson, Sakuwa, Suhas list.
# Only rivalries begun before 2003 are listed, so the fact was known before any scored day.
# Source: Thompson & Dreyer (2011) Handbook of International Rivalries, CQ Press;
# Thompson, Sakuwa & Suhas (2021) Analyzing Strategic Rivalries in World Politics, Springer. Facts only.
# Licence: facts, free to use with citation; compiled by the dyadrisk developers, 2026-11-23.
"""
COUNTRY_HEADER = """# States (and PSE), their region (by the number ranges of the Correlates of War state list)
# and whether they hold a permanent seat in the UN Security Council.
# Source: Correlates of War, State System Membership v2016 (country numbers); UN Charter art. 23. Facts only.
# Licence: facts, free to use with citation; compiled by the dyadrisk developers, 2026-11-23.
"""


def region_of(code: float, iso3: str) -> str:
    if iso3 in AFRICAN:
        return "africa"
    return next(name for top, name in REGIONS if code < top)


def to_dyads(frame: pd.DataFrame, codes: dict[float, str]) -> pd.DataFrame:
    frame = frame.assign(x=frame["ccode1"].map(codes), y=frame["ccode2"].map(codes))
    frame = frame.dropna(subset=["x", "y"])
    frame = frame[frame["x"] != frame["y"]]
    pairs = [sorted(pair) for pair in zip(frame["x"], frame["y"], strict=True)]
    return frame.assign(dyad=["-".join(pair) for pair in pairs])


def write(frame: pd.DataFrame, path: Path, header: str) -> None:
    path.write_text(header + frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


def main(folder: Path, out: Path) -> None:
    table = pd.read_csv(folder / "cow_to_iso3.csv").dropna(subset=["iso3"])
    table = table[table["iso3"].str.len() == 3]
    codes = dict(zip(table["ccode"], table["iso3"], strict=True))
    border = to_dyads(pd.read_csv(folder / "cow_contdir.csv"), codes)
    border = border[(border["enddate"] >= f"{FIRST_YEAR}-01-01") & (border["conttype"] > 0)]
    border = border.rename(columns={"stdate": "valid_from", "enddate": "valid_to"})
    border["kind"] = border["conttype"].astype(int)
    border = border[["dyad", "kind", "valid_from", "valid_to"]].drop_duplicates()
    extra = pd.DataFrame(
        [(dyad, 1, "1994-05-01", "2016-12-01") for dyad in PALESTINE],
        columns=list(border.columns),
    )
    border = pd.concat([border, extra]).sort_values(["dyad", "valid_from"])
    write(border, out / "contiguity.csv", CONTIGUITY_HEADER)
    td = pd.read_csv(folder / "td_rivalries.csv").rename(
        columns={"styear": "begin", "endyear": "end"}
    )
    tss = pd.read_csv(folder / "tss_rivalries.csv").rename(columns={"start": "begin"})
    rivals = pd.concat([td.assign(coded_by="td"), tss.assign(coded_by="tss")])
    rivals = to_dyads(rivals, codes)
    rivals = rivals[(rivals["begin"] < FIRST_YEAR) & (rivals["end"] >= 1990)]
    rivals["begin_year"] = rivals["begin"].astype(int)
    rivals = rivals.groupby("dyad", as_index=False).agg(
        begin_year=("begin_year", "min"), coded_by=("coded_by", lambda s: " ".join(sorted(set(s))))
    )
    write(rivals[["dyad", "begin_year", "coded_by"]], out / "rivalry.csv", RIVALRY_HEADER)
    rows = [
        (iso3, region_of(code, iso3), int(iso3 in MAJOR))
        for code, iso3 in sorted([*codes.items(), (666.5, "PSE")], key=lambda item: item[1])
    ]
    country = pd.DataFrame(rows, columns=["iso3", "region", "is_major"]).drop_duplicates("iso3")
    write(country, out / "country.csv", COUNTRY_HEADER)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
