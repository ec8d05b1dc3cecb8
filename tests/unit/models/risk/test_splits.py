"""No label of a training row reaches into the test year."""

from __future__ import annotations

import numpy as np
import pytest

from models.risk.splits import day_number, rolling_folds, weekly_origins
from models.risk.training import FitData


@pytest.mark.parametrize("horizon_days", [7, 30, 90])
def test_the_last_training_label_ends_before_the_first_test_day(horizon_days):
    days = weekly_origins("2008-01-01", "2012-12-31", 1)
    for fold in rolling_folds(2010, 2012, horizon_days):
        train, test = days[fold.train_rows(days)], days[fold.test_rows(days)]
        last_labelled = train.max() + horizon_days - 1
        assert last_labelled < test.min()
        assert last_labelled == test.min() - 1


def test_fitting_sees_no_label_past_its_end(material):
    for horizon_days in (7, 30, 90):
        end = day_number("2014-01-01")
        known = FitData(material.sample, None, end).known(material.sample, horizon_days)
        assert len(known)
        assert known.as_of.max() + horizon_days <= end


def test_the_years_follow_each_other_without_a_gap():
    folds = list(rolling_folds(2010, 2013, 30))
    assert [fold.year for fold in folds] == [2010, 2011, 2012, 2013]
    ends = np.array([fold.test_end for fold in folds])
    begins = np.array([fold.test_begin for fold in folds])
    assert (ends[:-1] == begins[1:]).all()
