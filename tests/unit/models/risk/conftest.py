"""A small made-up world: ten countries, six years, pairs that fight at their own rates."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from features.registry import DYAD_DAY_COLUMNS
from models.risk.backtest import Backtest, BacktestOptions, run_backtest
from models.risk.classifier import RiskClassifier
from models.risk.fitting import FitRequest, fit_classifier
from models.risk.labels import ForceRecord
from models.risk.rows import Corpus, Material, SampleParams, prepare_material
from models.risk.splits import day_number, rolling_folds, weekly_origins

COUNTRIES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "III", "JJJ")
DAYS = pd.date_range("2010-01-01", "2016-12-31", freq="D")


def make_world(seed: int = 1) -> Corpus:
    rng = np.random.default_rng(seed)
    parts = []
    for a, b in combinations(COUNTRIES, 2):
        heat = rng.gamma(0.3, 0.4)
        mood = np.exp(np.cumsum(rng.normal(0, 0.05, len(DAYS))) * 0.5)
        hostile = rng.poisson(np.minimum(0.05 * heat * mood, 2.0))
        talk = rng.poisson(0.03, len(DAYS))
        force = rng.binomial(hostile, 0.4)
        seen = (hostile + talk) > 0
        rows = pd.DataFrame(0.0, index=range(int(seen.sum())), columns=list(DYAD_DAY_COLUMNS))
        rows["quad4_ab_count"] = hostile[seen]
        rows["military_ab_count"] = hostile[seen]
        rows["force_ab_count"] = force[seen]
        rows["event_ab_count"] = (hostile + talk)[seen]
        rows["diplomacy_ba_count"] = talk[seen]
        rows["quad1_ba_count"] = talk[seen]
        rows["mention_count"] = (hostile + talk)[seen]
        rows["goldstein_sum_ab"] = -10.0 * hostile[seen]
        rows.insert(0, "day", DAYS[seen])
        rows.insert(0, "dyad", f"{a}-{b}")
        parts.append(rows)
    days = pd.concat(parts, ignore_index=True)
    volume = pd.DataFrame({"day": DAYS, "story_count": rng.poisson(14, len(DAYS))})
    return Corpus(days, volume, ForceRecord(days))


@pytest.fixture(scope="session")
def world() -> Corpus:
    return make_world()


@pytest.fixture(scope="session")
def material(world: Corpus) -> Material:
    params = SampleParams(negative_share=0.5, stream_count=2, thinned_share=0.5)
    return prepare_material(world, weekly_origins("2011-01-03", "2016-11-28", 14), params)


@pytest.fixture(scope="session")
def classifier(material: Material) -> RiskClassifier:
    """Return a classifier fitted on the made-up world."""
    return fit_classifier(material, FitRequest("force", 30, "2016-12-31", "0" * 64, 14.0))


@pytest.fixture(scope="session")
def backtest(material: Material) -> Backtest:
    """Return a small rolling-origin backtest of the made-up world."""
    folds = list(rolling_folds(2013, 2016, 30))
    known = day_number("2016-12-31") - 30 + 1
    clipped = [replace(fold, test_end=min(fold.test_end, known)) for fold in folds]
    return run_backtest(material, ("force", 30), clipped, BacktestOptions(report_from=2014))
