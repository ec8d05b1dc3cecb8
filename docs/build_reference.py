"""Write docs/reference/{cli,settings,events}.md from the code.

python docs/build_reference.py
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from features import ontology  # noqa: E402
from flows.cli import app  # noqa: E402
from flows.settings import Settings  # noqa: E402

TARGET = ROOT / "docs" / "reference"
MADE = "Made from the code by `python docs/build_reference.py`; a test compares the two.\n"
FAMILY_WORDS = {
    "threat": "threats of force, sanctions or a deadline",
    "diplomacy": "calls, visits, talks, summits, envoys, mediation, agreements",
    "military": "strikes, incursions, deployments, exercises, seizures, captures",
    "verbal_conflict": "accusations, demands, protests, rejections",
    "coercion": "sanctions, expulsions, blockades, cyber attacks, arrests",
    "cooperation": "aid, trade, support, joint work",
    "deescalation": "ceasefires, withdrawals, releases, concessions",
}
MODALITY_WORDS = {
    "asserted": "said to have happened; counts as now",
    "planned": "announced or decided for the near future; counts as now",
    "hypothetical": "would, could, if; stored, does not count",
    "negated": "said not to have happened; stored, does not count",
    "historical": "an anniversary or a past war; stored, does not count",
    "reported": "claimed by one party only; counted apart",
}


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a markdown table."""
    cells = [" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(
        [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *(f"| {c} |" for c in cells)]
    )


def cli_page() -> str:
    """Return the page of all commands."""
    sys.argv[:] = ["dyadrisk"]  # the usage lines name the program by it
    text = str(app.generate_docs(output_format="markdown"))
    body = re.sub(r"^# dyadrisk\n", "", text).split("## Table of Contents")
    rest = body[1].split("\n**Commands**", 1)[1] if len(body) > 1 else text
    return (
        f"# Command line\n\n{MADE}\nData go to stdout, progress and logs to stderr. Exit codes:"
        f" 0 all well, 1 data or run failed, 2 wrong usage.\n\n**Commands**{rest}".rstrip()
        + "\n"
    )


def settings_page() -> str:
    """Return the page of all settings."""
    rows = [
        (f"`{name}`", f"`{_default(field.default)}`", field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return (
        f"# Settings\n\n{MADE}\nEach can be given as `DYADRISK_<NAME>` in the environment or as a"
        " key of `dyadrisk.toml` in the working folder (or of the file named by `DYADRISK_CONFIG`)."
        " Precedence: command-line argument, environment, file, default. `dyadrisk settings` prints"
        f" what is in force, without secrets.\n\n{table(('setting', 'default', 'meaning'), rows)}\n"
    )


def _default(value: object) -> str:
    return str(value.as_posix() if isinstance(value, Path) else value)


INTENDED_DEEDS = """\
CAMEO counts an intended deed as a word: "will send aid" is an AGREE there (03), sanctions that are
to come a THREATEN (13). Here it is the deed, `planned` or `hypothetical`. To compare counts, read
planned and hypothetical `AID`, `COOPERATE` and `YIELD` as `AGREE`, and those of quad class 4 as
`THREATEN`."""


def events_page() -> str:
    """Return the page of events, families and modalities."""
    events = [
        (f"`{name}`", quad, ontology.QUAD_NAMES[quad].replace("_", " "), ontology.GOLDSTEIN[name],
         ontology.EVENT_FAMILY[name])
        for name, quad in ontology.QUAD_CLASS.items()
    ]  # fmt: skip
    roots = [(root, f"`{event}`") for root, event in ontology.CAMEO_ROOT_TO_PLOVER.items()]
    families = [(f"`{name}`", FAMILY_WORDS[name]) for name in ontology.FAMILIES]
    modalities = [(f"`{name}`", MODALITY_WORDS[name]) for name in ontology.MODALITIES]
    return (
        f"# Events\n\n{MADE}\nAn event says who did what to whom. Sources: PLOVER manual draft 0.8;"
        " Goldstein (1992) as scaled for CAMEO roots; CAMEO code book 1.1b3.\n\n"
        "## PLOVER events\n\n"
        f"{table(('event', 'quad class', 'in words', 'Goldstein', 'family'), events)}\n\n"
        "## Families\n\n"
        f"{table(('family', 'signals'), families)}\n\n## Modality\n\n"
        f"{table(('modality', 'meaning'), modalities)}\n\n## From CAMEO\n\n"
        "Coded event tables are read by their CAMEO root; root 01 (statements) is left out.\n\n"
        f"{table(('CAMEO root', 'PLOVER event'), roots)}\n\n{INTENDED_DEEDS}\n"
    )


PAGES: dict[str, Callable[[], str]] = {
    "cli": cli_page,
    "settings": settings_page,
    "events": events_page,
}


def main() -> None:
    """Write all pages."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, render in PAGES.items():
        (TARGET / f"{name}.md").write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
