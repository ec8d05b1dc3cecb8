"""Build ``features/data/actors/leaders_2003_2015.csv`` again from Archigos 4.1.

    python -m bench.gazetteer.build_heads --archigos archigos_4.1.csv --codes cow_to_iso3.csv

Archigos (Goemans, Gleditsch and Chiozza 2009, "Introducing Archigos: A Dataset of Political
Leaders", Journal of Peace Research 46(2)) lists the effective leader of every state until
2015. Only facts are taken: name, gender, first and last day. Leaders whom the curated
``leaders.csv`` already holds are left out. ``--check`` compares instead of writing.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from pathlib import Path

from features.actor_lexicon import strip_accents
from features.countries import is_known_code, read_rows

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "features" / "data" / "actors" / "leaders_2003_2015.csv"
FIRST_DAY = "2003-01-01"
LAST_DAY = "2015-12-31"
HEADER = """\
# What: effective leaders of states 2003-2015 who are not in leaders.csv; columns as there.
# Source: Archigos 4.1 (Goemans, Gleditsch and Chiozza 2009), facts only; built by
# bench/gazetteer/build_heads.py. Licence: facts, cite Archigos. Date: 2026-11-23.
iso3,role,name,also,surname,alone,gender,from,to
"""
# Gleditsch-Ward numbers that differ from the Correlates of War numbers.
GLEDITSCH_WARD = {
    "260": "DEU",
    "340": "SRB",
    "345": "SRB",
    "347": "XKX",
    "678": "YEM",
    "816": "VNM",
}


def read_codes(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    number, iso3 = next(iter(rows[0])), next(c for c in rows[0] if "iso3" in c.lower())
    codes = {str(int(float(row[number]))): row[iso3] for row in rows if row[iso3]}
    return codes | GLEDITSCH_WARD


def known_names() -> set[tuple[str, str]]:
    """Return (code, word) for every word of every curated leader's names."""
    return {
        (row["iso3"], strip_accents(word).lower())
        for row in read_rows("leaders")
        for name in (row["name"], *row["also"].split(";"))
        for word in re.split(r"[ -]", name)
    }


def clean_name(text: str) -> str:
    name = re.sub(r"\b([A-Z])\.(?=\S)", r"\1. ", text.replace("_", " ")).strip()
    return re.sub(r"\s+", " ", name)


def build_rows(archigos: Path, codes: dict[str, str]) -> list[tuple[str, ...]]:
    known, rows = known_names(), set()
    with archigos.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["enddate"] < FIRST_DAY or not row["gwcode"]:
                continue
            iso3 = codes.get(str(int(float(row["gwcode"]))), "")
            name = clean_name(row["leader"])
            words = strip_accents(name).lower().replace("-", " ").split()
            if not is_known_code(iso3) or any((iso3, w) in known for w in words if len(w) > 3):
                continue
            gender = "f" if row["gender"] == "F" else "m"
            last = min(row["enddate"], LAST_DAY)
            rows.add((iso3, "head", name, "", "", "", gender, row["startdate"], last))
    return sorted(rows)


def render(rows: list[tuple[str, ...]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return HEADER + buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archigos", type=Path, required=True)
    parser.add_argument("--codes", type=Path, required=True)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    text = render(build_rows(args.archigos, read_codes(args.codes)))
    if args.check:
        print("same" if text == TARGET.read_text(encoding="utf-8") else "differs")
        return int(text != TARGET.read_text(encoding="utf-8"))
    TARGET.write_text(text, encoding="utf-8")
    print(f"{text.count(chr(10)) - 4} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
