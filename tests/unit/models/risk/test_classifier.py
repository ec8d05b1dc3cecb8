"""Scores: the past only, both ways round, ordered interval, levels by the published cuts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.errors import DataError
from features.matrix import FeatureMatrix
from features.registry import COLUMN_BY_NAME
from features.themes import name_theme
from features.windows import build_features
from models.risk.levels import LEVELS, name_level

AS_OF = date(2015, 6, 1)
DYADS = ["AAA-BBB", "BBB-CCC", "CCC-DDD", "AAA-JJJ"]


def scores(classifier, days, volume, as_of=AS_OF):
    matrix = build_features(days, volume, as_of, DYADS)
    return [(s.dyad, round(s.prob, 12), s.level) for s in classifier.score(matrix)]


def test_news_on_or_after_the_day_changes_no_score(classifier, world):
    rng = np.random.default_rng(3)
    days, volume = world.dyad_days, world.day_volume
    later = pd.to_datetime(days["day"]).dt.date >= AS_OF
    shaken = days.copy()
    numbers = [name for name in days.columns if name not in ("dyad", "day")]
    noise = rng.integers(0, 50, (int(later.sum()), len(numbers))).astype(float)
    shaken.loc[later, numbers] = noise
    loud = volume.assign(
        story_count=np.where(
            pd.to_datetime(volume["day"]).dt.date >= AS_OF, 5000, volume["story_count"]
        )
    )
    assert scores(classifier, shaken, loud) == scores(classifier, days, volume)
    assert scores(classifier, days[~later], volume) == scores(classifier, days, volume)


def test_the_order_of_rows_is_irrelevant(classifier, world):
    mixed = world.dyad_days.sample(frac=1.0, random_state=1)
    assert scores(classifier, mixed, world.day_volume) == scores(
        classifier, world.dyad_days, world.day_volume
    )


def test_intervals_hold_the_probability_and_levels_the_cuts(classifier, material):
    rows = material.rows.matrix.take(np.arange(0, len(material.rows), 97))
    for scored in classifier.score(rows):
        assert 0 < scored.prob_low <= scored.prob <= scored.prob_high < 1
        assert scored.level == name_level(scored.prob, classifier.cuts)
        assert scored.level in LEVELS


def test_drivers_are_the_largest_contributions(classifier, material):
    rows = material.rows.matrix.take(np.arange(3))
    parts = classifier.contributions(rows)
    for i, scored in enumerate(classifier.score(rows)):
        sizes = [abs(driver["contribution"]) for driver in scored.drivers]
        assert sizes[1:] == sorted(sizes[1:], reverse=True)
        assert max(sizes) == pytest.approx(np.abs(parts[i]).max(), abs=1e-4)
        assert len({driver["feature"] for driver in scored.drivers}) == len(sizes)
        assert all(driver["words"] for driver in scored.drivers)


def test_the_first_driver_is_of_the_theme_that_moves_the_score_most(classifier, material):
    rows = material.rows.matrix.take(np.arange(0, len(material.rows), 97))
    themes = [name_theme(COLUMN_BY_NAME[name]) for name in classifier.columns]
    for parts, scored in zip(classifier.contributions(rows), classifier.score(rows), strict=True):
        sums = {t: sum(p for p, own in zip(parts, themes, strict=True) if own == t) for t in themes}
        first = scored.drivers[0]
        theme = name_theme(COLUMN_BY_NAME[first["feature"]])
        assert abs(sums[theme]) == pytest.approx(max(map(abs, sums.values())))
        assert first["contribution"] * sums[theme] >= 0


def test_more_force_never_lowers_a_score(classifier, material):
    rows = material.rows.matrix.take(np.arange(200))
    more = rows.values.copy()
    for name in rows.columns:
        if name.startswith("force_fade"):
            more[:, rows.columns.index(name)] += 3.0
    raised = FeatureMatrix(rows.dyads, rows.as_of_dates, rows.columns, more)
    assert (classifier.predict(raised) >= classifier.predict(rows) - 1e-12).all()


def test_a_lacking_column_is_named(classifier, material):
    rows = material.rows.matrix
    short = FeatureMatrix(rows.dyads, rows.as_of_dates, rows.columns[1:], rows.values[:, 1:])
    with pytest.raises(DataError, match=rows.columns[0]):
        classifier.predict(short)
