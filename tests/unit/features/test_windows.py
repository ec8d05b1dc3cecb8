"""Feature windows: only the past counts, whatever the order, whichever way round the pair."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from features.errors import DataError
from features.registry import CLASSIFIER_COLUMNS, DYAD_DAY_COLUMNS
from features.windows import build_features

AS_OF = date(2026, 1, 10)
VOLUME = pd.DataFrame(
    {"day": pd.date_range("2004-01-01", "2026-03-01"), "story_count": 14, "article_count": 14}
)


def dyad_days(*rows: tuple[str, date, dict[str, float]]) -> pd.DataFrame:
    zero = dict.fromkeys(DYAD_DAY_COLUMNS, 0.0)
    return pd.DataFrame(
        [
            {"dyad": dyad, "day": day} | zero | {"mention_count": 1.0} | more
            for dyad, day, more in rows
        ]
    )


def before(days: int) -> date:
    return AS_OF - timedelta(days=days)


HISTORY = dyad_days(
    ("COL-USA", before(1), {"threat_ba_count": 2.0, "quad3_ba_count": 2.0, "event_ba_count": 2.0}),
    ("COL-USA", before(61), {"quad4_ab_count": 4.0, "event_ab_count": 4.0}),
    ("USA-VEN", before(7), {"force_ab_count": 1.0, "quad4_ab_count": 1.0, "event_ab_count": 1.0}),
    ("ARG-CHL", before(400), {"event_ab_count": 1.0}),
)


def value(frame: pd.DataFrame, dyad: str, column: str, as_of: date = AS_OF) -> float:
    matrix = build_features(frame, VOLUME, as_of, [dyad])
    return float(matrix.column(column)[0])


@pytest.mark.parametrize(
    ("dyad", "column", "expected"),
    [
        pytest.param("COL-USA", "threat_fade15_count", 2 * 0.5 ** (1 / 15), id="fades"),
        pytest.param("COL-USA", "quad4_fade60_count", 4 * 0.5 ** (61 / 60), id="half in 60 days"),
        pytest.param("COL-USA", "force_fade60_count", 0.0, id="nothing is nothing"),
        pytest.param("USA-VEN", "force_since_days", 7.0, id="days since force"),
        pytest.param("COL-USA", "force_since_days", 3650.0, id="never is the limit"),
        pytest.param(
            "COL-USA",
            "force_others_more_fade60_count",
            0.5 ** (7 / 60),
            id="the USA fought somebody else",
        ),
        pytest.param("COL-USA", "force_others_less_fade60_count", 0.0, id="Colombia did not"),
        pytest.param("COL-USA", "major_count", 1.0, id="one major power"),
        pytest.param("COL-USA", "quad4_both_fade60_count", 0.0, id="one side only is not both"),
        pytest.param("COL-USA", "stream_deficit30_ratio", 0.0, id="the usual stream lacks nothing"),
    ],
)
def test_known_values(dyad: str, column: str, expected: float) -> None:
    assert value(HISTORY, dyad, column) == pytest.approx(expected, rel=1e-5)


def test_news_of_the_day_or_later_changes_nothing() -> None:
    later = dyad_days(
        ("COL-USA", AS_OF, {"force_ab_count": 9.0, "quad4_ab_count": 9.0}),
        ("USA-VEN", AS_OF + timedelta(days=3), {"force_ab_count": 9.0}),
    )
    more = VOLUME.assign(
        story_count=np.where(pd.to_datetime(VOLUME["day"]).dt.date >= AS_OF, 999, 14)
    )
    dyads = ["COL-USA", "USA-VEN", "ARG-CHL"]
    first = build_features(HISTORY, VOLUME, AS_OF, dyads)
    second = build_features(pd.concat([HISTORY, later]), more, AS_OF, dyads)
    assert np.array_equal(first.values, second.values)


def test_order_of_rows_is_irrelevant() -> None:
    dyads = ["COL-USA", "USA-VEN"]
    first = build_features(HISTORY, VOLUME, AS_OF, dyads)
    second = build_features(HISTORY.iloc[::-1], VOLUME.iloc[::-1], AS_OF, dyads)
    assert np.allclose(first.values, second.values)


def test_swapping_the_two_directions_changes_no_feature() -> None:
    swapped = HISTORY.rename(
        columns={
            name: name.replace("_ab", "_xx").replace("_ba", "_ab").replace("_xx", "_ba")
            for name in HISTORY.columns
        }
    )
    first = build_features(HISTORY, VOLUME, AS_OF, ["COL-USA", "USA-VEN"])
    second = build_features(swapped, VOLUME, AS_OF, ["COL-USA", "USA-VEN"])
    assert np.allclose(first.values, second.values)


def test_default_rows_are_the_pairs_of_the_past_year() -> None:
    assert build_features(HISTORY, VOLUME, AS_OF).dyads.tolist() == ["COL-USA", "USA-VEN"]


def test_unknown_pair_gets_a_row_of_its_countries_other_activity() -> None:
    matrix = build_features(HISTORY, VOLUME, AS_OF, ["BRA-USA"])
    assert matrix.column("mention_fade60_count")[0] == 0
    assert matrix.column("force_others_more_fade60_count")[0] > 0


def test_several_dates_give_one_row_each() -> None:
    matrix = build_features(HISTORY, VOLUME, [before(30), AS_OF], ["COL-USA"])
    assert len(matrix) == 2
    assert matrix.column("threat_fade15_count").tolist()[0] == 0


def test_a_rich_stream_is_scaled_down_and_a_thin_one_is_not() -> None:
    rich, thin = (VOLUME.assign(story_count=count) for count in (1400, 1))
    counts = [
        float(build_features(HISTORY, volume, AS_OF, ["COL-USA"]).column("threat_fade15_count")[0])
        for volume in (VOLUME, rich, thin)
    ]
    assert counts[1] < 0.05 * counts[0]
    assert counts[2] == counts[0]
    matrix = build_features(HISTORY, thin, AS_OF, ["COL-USA"])
    assert matrix.column("stream_deficit30_ratio")[0] == pytest.approx(np.log(14 * 0.57), rel=1e-4)


def test_a_young_stream_stands_for_the_past_it_did_not_see() -> None:
    young = VOLUME[VOLUME["day"] >= pd.Timestamp(before(240))]
    gap = pd.concat([young, VOLUME[VOLUME["day"] < pd.Timestamp(before(4000))]])
    new = VOLUME[VOLUME["day"] >= pd.Timestamp(before(2))]
    counts = [
        float(build_features(HISTORY, volume, AS_OF, ["COL-USA"]).column("quad4_fade240_count")[0])
        for volume in (VOLUME, young, gap, new)
    ]
    assert counts[1] == pytest.approx(2 * counts[0], rel=1e-4)
    assert counts[2] == pytest.approx(counts[1], rel=1e-3)
    assert counts[3] == pytest.approx(5 * counts[0], rel=1e-4)


def test_a_habit_is_the_share_of_all_days_close_before_force() -> None:
    shares = [
        1 / (1 + np.exp(-value(HISTORY, dyad, "force_habit_ratio")))
        for dyad in ("USA-VEN", "COL-USA")
    ]
    seen = (AS_OF - date(2004, 1, 1)).days
    assert shares[0] == pytest.approx((30 + 182 * 0.002) / (seen + 182), rel=1e-4)
    assert shares[1] == pytest.approx(182 * 0.002 / (seen + 182), rel=1e-4)


def test_every_column_is_finite() -> None:
    matrix = build_features(HISTORY, VOLUME, AS_OF, ["COL-USA", "XXX-YYY"])
    assert matrix.columns == tuple(column.name for column in CLASSIFIER_COLUMNS)
    assert np.isfinite(matrix.values).all()


def test_missing_columns_are_named() -> None:
    with pytest.raises(DataError, match="dyad, day"):
        build_features(HISTORY.drop(columns="dyad"), VOLUME, AS_OF)
