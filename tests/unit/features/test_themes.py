"""Columns of one signal make one theme; everything else speaks for itself."""

from __future__ import annotations

import pytest

from features.registry import CLASSIFIER_COLUMNS, COLUMN_BY_NAME
from features.themes import name_theme


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        pytest.param("force_fade4_count", "force", id="fading count"),
        pytest.param("force_habit_ratio", "force", id="habit"),
        pytest.param("mention_trend30_ratio", "mention", id="trend"),
        pytest.param(
            "is_land_neighbour_x_quad4_fade240_count_product", "quad4", id="product with a fact"
        ),
        pytest.param(
            "force_others_less_fade240_count", "force_others_less_fade240_count", id="third parties"
        ),
        pytest.param("is_rival", "is_rival", id="fact"),
    ],
)
def test_a_column_speaks_of(name, theme):
    assert name_theme(COLUMN_BY_NAME[name]) == theme


def test_every_column_has_a_theme():
    assert all(name_theme(column) for column in CLASSIFIER_COLUMNS)
