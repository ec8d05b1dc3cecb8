"""Every figure of the risk classifier in the docs comes from docs/risk_figures.json."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bench.risk_blocks import BLOCKS, fill
from models.risk.artifact import load_champions

ROOT = Path(__file__).parents[2]
PAGES = ("docs/risk_accuracy.md", "docs/model_card.md", "README.md")


@pytest.fixture(scope="module")
def figures():
    return json.loads((ROOT / "docs" / "risk_figures.json").read_text("utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_was_computed(figures, name):
    page = (ROOT / name).read_text("utf-8")
    marks = set(re.findall(r"<!-- begin (\w+) -->", page))
    assert marks
    assert marks <= set(BLOCKS)
    assert fill(page, figures) == page


def test_the_figures_are_of_the_shipped_classifiers(figures):
    named = {row["classifier_version"] for row in figures["artifacts"]}
    assert named == {classifier.version for classifier in load_champions()}


def test_pictures_named_by_the_page_are_there():
    page = (ROOT / "docs" / "risk_accuracy.md").read_text("utf-8")
    pictures = re.findall(r"\]\((images/[\w.]+)\)", page)
    assert len(pictures) == 4
    assert all((ROOT / "docs" / name).is_file() for name in pictures)
