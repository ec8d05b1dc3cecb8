"""A small made-up world: ten countries, six years, pairs that fight at their own rates."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from features.registry import DYAD_DAY_COLUMNS
from models.risk.labels import ForceRecord
from models.risk.rows import Corpus, Material, SampleParams, prepare_material
from models.risk.splits import weekly_origins

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
    params = SampleParams(negative_share=0.5, stream_count=4, thinned_share=0.25)
    return prepare_material(world, weekly_origins("2011-01-03", "2016-11-28"), params)
