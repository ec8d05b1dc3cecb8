"""The registry of columns: names, signs and the page made from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from features.registry import (
    CLASSIFIER_COLUMNS,
    COLUMN_BY_NAME,
    DYAD_DAY_COLUMNS,
    THIN_COLUMNS,
    ClassifierColumn,
    render_features_page,
)

SUFFIXES = ("_count", "_days", "_ratio", "_weight", "_product")
ROOT = Path(__file__).parents[3]


def test_names_are_unique() -> None:
    assert len(COLUMN_BY_NAME) == len(CLASSIFIER_COLUMNS)
    assert len(set(DYAD_DAY_COLUMNS)) == len(DYAD_DAY_COLUMNS)


@pytest.mark.parametrize("column", CLASSIFIER_COLUMNS, ids=lambda column: column.name)
def test_a_column_says_what_it_is(column: ClassifierColumn) -> None:
    assert column.name.endswith(SUFFIXES) or column.name.startswith(("is_", "has_"))
    assert column.words
    assert column.monotone in (-1, 0, 1)
    assert column.transform in ("log1p", "identity")


def test_products_name_known_columns() -> None:
    for column in CLASSIFIER_COLUMNS:
        if column.kind == "product":
            assert all(name in COLUMN_BY_NAME for name in column.signal.split("*"))


def test_more_force_can_never_lower_the_risk() -> None:
    force = [c for c in CLASSIFIER_COLUMNS if c.kind in ("fade", "both") and c.signal == "force"]
    assert force
    assert all(column.monotone == 1 for column in force)


def test_thin_columns_are_the_ones_of_the_deficit() -> None:
    assert THIN_COLUMNS
    assert all(name.startswith("stream_deficit") for name in THIN_COLUMNS)


def test_the_page_is_the_registry() -> None:
    assert (ROOT / "docs" / "features.md").read_text("utf-8") == render_features_page()
