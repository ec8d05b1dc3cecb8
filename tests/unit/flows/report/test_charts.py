"""Charts drawn as SVG."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lxml import etree

from flows.report import charts

DAY = date(2026, 3, 29)


def points(*ages_and_probs: tuple[int, float]) -> list[dict[str, Any]]:
    return [{"as_of_date": DAY - timedelta(days=age), "prob": prob} for age, prob in ages_and_probs]


def test_one_line_a_pair_with_two_points_or_more() -> None:
    found = charts.sparklines(
        {
            "A-B": points((2, 0.1), (0, 0.2)),
            "A-C": points((0, 0.3)),
            "B-C": points((1, 0.5), (0, 0.1)),
        }
    )
    assert set(found) == {"A-B", "B-C"}
    for svg in found.values():
        assert etree.fromstring(svg).find("path").get("d").startswith("M0,")


def test_line_is_placed_by_day_not_by_rank() -> None:
    svg = charts.sparklines({"A-B": points((8, 0.1), (1, 0.2), (0, 0.3))})["A-B"]
    middle = etree.fromstring(svg).find("path").get("d").split("L")[1]
    assert float(middle.split(",")[0]) > 0.8 * charts.SPARK_WIDTH


def test_no_pair_needs_no_drawing() -> None:
    assert charts.sparklines({}) == {}


def test_map_knows_every_country_once() -> None:
    outline = charts.load_outline()
    shapes = [g["id"] for g in outline["topology"]["objects"]["countries"]["geometries"]]
    dots = [point["id"] for point in outline["points"]]
    assert {"USA", "COL", "XKX", "TWN", "PSE"} <= set(shapes)
    assert {"SGP", "MLT", "BHR"} <= set(dots) and not set(shapes) & set(dots)


def test_map_writes_hostile_words_as_text() -> None:
    row = {"level": "HIGH", "href": None, "words": "<script>x</script>"}
    svg = charts.draw(charts.world_map({"USA": row, "SGP": row}))
    tree = etree.fromstring(svg)
    titles = [e.text for e in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert titles.count("<script>x</script>") == 2
    assert not list(tree.iter("{http://www.w3.org/2000/svg}script"))
