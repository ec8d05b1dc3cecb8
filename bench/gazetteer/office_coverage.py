"""How completely ``leaders.csv`` fills the offices, month by month.

python -m bench.gazetteer.office_coverage --first 2015-01 --last 2026-03
"""

from __future__ import annotations

import argparse
from collections import Counter

from features.countries import read_rows

ROLES = {
    "head": ("state", "king", "government"),
    "foreign": ("foreign",),
    "defence": ("defence",),
}
SHARES = (1.0, 0.95, 0.8)


def months(first: str, last: str) -> list[str]:
    start, end = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (first, last))
    return [f"{month // 12}-{month % 12 + 1:02d}-15" for month in range(start, end + 1)]


def filled_shares(roles: tuple[str, ...], days: list[str]) -> Counter[str]:
    """Return code -> number of days on which one of the offices is filled."""
    filled: Counter[str] = Counter()
    rows = [row for row in read_rows("leaders") if row["role"] in roles]
    for day in days:
        filled.update({r["iso3"] for r in rows if r["from"] <= day <= (r["to"] or "9999")})
    return filled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", default="2015-01")
    parser.add_argument("--last", default="2026-03")
    args = parser.parse_args()
    days = months(args.first, args.last)
    print(f"{len(read_rows('leaders'))} rows, {args.first} to {args.last}, {len(days)} months")
    for name, roles in ROLES.items():
        counts = filled_shares(roles, days).values()
        reach = [sum(count / len(days) >= share for count in counts) for share in SHARES]
        words = ", ".join(f"{n} in {s:.0%}" for n, s in zip(reach, SHARES, strict=True))
        print(f"{name:<8} countries with the office filled: {words} of the months or more")


if __name__ == "__main__":
    main()
