"""Execute the example notebook on a real store and write it as .ipynb and as a page.

    python docs/build_notebook.py var/dyadrisk.db

Needs the extras docs and plots, and a store that `make run` filled.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

DOCS = Path(__file__).parent
CELLS: list[tuple[str, str]] = [
    (
        "markdown",
        "# Scores in a notebook\n\n`models.api` reads the store and returns pandas frames (or Arrow"
        " tables with `arrow=True`). It cannot write. This page was executed on the store that"
        " `make run` makes from the shipped history and the sample articles.",
    ),
    (
        "code",
        "import pandas as pd\n\nfrom models.api import open_reader\n\n"
        'pd.set_option("display.width", 120, "display.max_colwidth", 60)\n'
        'risk = open_reader("sqlite:///var/dyadrisk.db")\n'
        'shown = ["dyad", "level", "prob", "prob_low", "prob_high", "change_7d", "top_driver"]\n'
        "risk.latest()[shown].head(10).round(3)",
    ),
    ("markdown", "## One pair\n\nWhy is it where it is?"),
    ("code", 'risk.drivers("COL-USA").round(3)'),
    (
        "code",
        'sentences = risk.evidence("COL-USA")\n'
        'newest = sentences[sentences["as_of_date"] == sentences["as_of_date"].max()]\n'
        'newest[["published_at", "source_iso3", "target_iso3", "plover_event", "sentence"]].head()',
    ),
    ("markdown", "## Its events over time"),
    (
        "code",
        'days = risk.days("COL-USA").set_index("day")\n'
        'quads = ["quad1", "quad2", "quad3", "quad4"]\n'
        'words = ["verbal cooperation", "material cooperation", "verbal conflict",'
        ' "material conflict"]\n'
        "counts = sum(\n"
        '    days[[f"{quad}_{side}_count" for quad in quads]].set_axis(words, axis=1)\n'
        '    for side in ("ab", "ba")\n'
        ")\n"
        'monthly = counts.resample("MS").sum().tail(24)\n'
        'monthly.index = monthly.index.strftime("%b %Y")\n'
        '_ = monthly.plot.bar(stacked=True, width=0.9, figsize=(9, 3.6), xlabel="", rot=60)',
    ),
    ("markdown", "## The whole world at once\n\nHow many pairs stand at each level?"),
    ("code", 'risk.latest()["level"].value_counts()'),
    ("markdown", "## Your own query\n\n`:name` takes a parameter; queries that write are refused."),
    (
        "code",
        "risk.sql(\n"
        '    "SELECT dyad, level, prob FROM latest_risk"\n'
        "    \" WHERE outcome = 'force' AND horizon_days = 30\"\n"
        '    " AND (country_a_iso3 = :code OR country_b_iso3 = :code)"\n'
        '    " ORDER BY prob DESC LIMIT 5",\n'
        '    {"code": "VEN"},\n'
        ").round(3)",
    ),
    ("code", "risk.close()"),
]


def build(database: Path) -> Any:
    """Return the executed notebook."""
    book = nbformat.v4.new_notebook()
    book.cells = [
        (nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell)(source)
        for kind, source in CELLS
    ]
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number}"  # the same notebook on every build
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "var" / "dyadrisk.db"
        target.parent.mkdir()
        shutil.copy(database, target)
        NotebookClient(book, timeout=300, resources={"metadata": {"path": folder}}).execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)
    book.metadata.pop("language_info", None)
    return book


def render(book: Any) -> str:
    """Return the notebook as a page; pictures are written beside it."""
    parts = []
    for number, cell in enumerate(book.cells):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        parts += [_render_output(output, number) for output in cell.outputs]
    note = "*[Download the notebook](notebook.ipynb)*"
    return "\n\n".join(part for part in [*parts, note] if part) + "\n"


def _render_output(output: Any, number: int) -> str:
    data = output.get("data", {})
    if "image/png" in data:
        name = f"notebook-{number}.png"
        (DOCS / "images" / name).write_bytes(base64.b64decode(data["image/png"]))
        return f"![Chart made by the cell above](images/{name})"
    if "text/plain" in data:
        return f"```text\n{data['text/plain']}\n```"
    return ""


def main() -> None:
    """Write notebook.ipynb and notebook.md."""
    book = build(Path(sys.argv[1]))
    nbformat.write(book, DOCS / "notebook.ipynb")
    (DOCS / "notebook.md").write_text(render(book), encoding="utf-8")


if __name__ == "__main__":
    main()
