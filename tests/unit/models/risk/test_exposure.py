"""Thinning keeps about the share asked for, and never invents anything."""

from __future__ import annotations

import numpy as np
import pytest

from models.risk.exposure import thin_stream


@pytest.mark.parametrize("rate", [0.3, 0.1])
def test_about_the_share_asked_for_remains(world, rate):
    rng = np.random.default_rng(1)
    days, volume = thin_stream(world.dyad_days, world.day_volume, rate, rng)
    kept = days["mention_count"].sum() / world.dyad_days["mention_count"].sum()
    assert kept == pytest.approx(rate, rel=0.15)
    seen = volume["story_count"].sum() / world.day_volume["story_count"].sum()
    assert seen == pytest.approx(rate, rel=0.1)


def test_no_count_grows(world):
    days, _ = thin_stream(world.dyad_days, world.day_volume, 0.5, np.random.default_rng(1))
    before = world.dyad_days.loc[days.index]
    assert (days["force_ab_count"] <= before["force_ab_count"]).all()
    assert (days["mention_count"] <= before["mention_count"]).all()


def test_the_whole_stream_stays_itself(world):
    days, volume = thin_stream(world.dyad_days, world.day_volume, 1.0, np.random.default_rng(1))
    assert days["event_ab_count"].tolist() == world.dyad_days["event_ab_count"].tolist()
    assert volume["story_count"].tolist() == world.day_volume["story_count"].tolist()
