import numpy as np
import pytest

from features.watched import SILENCE_DAYS, WatchedSpans


@pytest.mark.parametrize(
    ("heard", "day", "seen"),
    [
        pytest.param([10, 11, 12], 10, 0, id="nothing before the first day"),
        pytest.param([10, 11, 12], 12, 2, id="the day itself does not count"),
        pytest.param([10, 50], 60, 50, id="a pause is no gap"),
        pytest.param([10, 20], 20 + SILENCE_DAYS, 10 + SILENCE_DAYS, id="a pause until now"),
        pytest.param([10, 20], 400, 11, id="a stream that ended"),
        pytest.param([10, 20, 300], 310, 21, id="a gap is left out"),
        pytest.param([10, 300], 200, 1, id="what comes later does not matter"),
        pytest.param([], 200, 0, id="no news at all"),
    ],
)
def test_days_seen(heard, day, seen):
    spans = WatchedSpans(np.array(heard, dtype=np.int64))
    assert spans.length(np.array([day])).tolist() == [seen]


def test_the_share_is_the_sum_of_the_fading_days():
    spans = WatchedSpans(np.array([*range(100, 150), *range(300, 330)]))
    days = np.array([120, 330, 350])
    fading = [sum(0.5 ** ((d - k) / 60) for k in range(100, 150) if k < d) for d in days]
    fading = [
        f + sum(0.5 ** ((d - k) / 60) for k in range(300, 351) if k < d)
        for f, d in zip(fading, days, strict=True)
    ]
    full = 1 / (2 ** (1 / 60) - 1)
    assert spans.share(days, 60) == pytest.approx(np.array(fading) / full, rel=1e-6)
