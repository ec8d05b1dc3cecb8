"""Charts as Vega-Lite specifications, and drawing the still ones as SVG.

Colours are CSS variables of the page, so that a chart follows light, dark and print.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

import vl_convert
from lxml import etree

from flows.report.bundle import VEGA_LITE
from flows.text import plain
from models.db.tables import LEVELS

Spec = dict[str, Any]
Record = Mapping[str, Any]

SPARK_WIDTH: Final = 110
SPARK_HEIGHT: Final = 24
SPARK_DAYS: Final = 90
QUAD_WORDS: Final = {
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}
# The page prints the key of these shapes as ● ■ ▲ ◆.
QUAD_SHAPES: Final = ["circle", "square", "triangle-up", "diamond"]
_SVG: Final = "{http://www.w3.org/2000/svg}"

FONT: Final = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
# Vega's names for the steps of a time axis -> how a tick is written.
DATE_TICKS: Final = {
    "year": "%Y",
    "quarter": "%b",
    "month": "%b",
    "week": "%-d %b",
} | dict.fromkeys(("date", "day"), "%-d %b")
THEME: Final[Spec] = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--quiet)",
        "titleColor": "var(--quiet)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
        "gridColor": "var(--line)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "text": {"color": "var(--ink)"},
}
LEVEL_COLOURS: Final = [f"var(--level-{i})" for i in range(len(LEVELS))]


def draw(spec: Spec) -> str:
    """Return a chart as SVG for a page: scalable, with a tooltip for every labelled mark."""
    svg: str = vl_convert.vegalite_to_svg({"config": THEME, **spec}, vl_version=VEGA_LITE)
    root = etree.fromstring(svg.encode())
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", plain(str(spec.get("description", ""))))
    for element in root.iter():
        _simplify(element)
    return str(etree.tostring(root, encoding="unicode"))


def _simplify(element: Any) -> None:
    """Turn the label of a mark into a tooltip; the page gives a table for readers of text."""
    label = element.attrib.pop("aria-label", None) if element.getparent() is not None else None
    if element.getparent() is not None:
        for name in ("role", "aria-roledescription", "aria-hidden"):
            element.attrib.pop(name, None)
    if label and element.tag == f"{_SVG}path":
        title = etree.SubElement(element, f"{_SVG}title")
        title.text = label


def sparklines(series: Mapping[str, Sequence[Record]]) -> dict[str, str]:
    """Return a small line of each pair's recent probabilities, scaled to its own range.

    All lines are drawn as one chart, one below the other, and then cut apart.
    """
    recent = {dyad: _recent(points) for dyad, points in series.items()}
    dyads = [dyad for dyad, points in recent.items() if len(points) > 1]
    values = [
        {"row": row, "x": x, "y": SPARK_HEIGHT * row + y}
        for row, dyad in enumerate(dyads)
        for x, y in _scaled(recent[dyad])
    ]
    if not values:
        return {}
    bottom = SPARK_HEIGHT * len(dyads)
    svg = vl_convert.vegalite_to_svg(_spark_spec(values, bottom), vl_version=VEGA_LITE)
    lines = [
        element.get("d")
        for element in etree.fromstring(svg.encode()).iter(f"{_SVG}path")
        if element.get("stroke") == "var(--ink)"
    ]
    return {
        dyad: f'<svg class="spark" viewBox="0 {SPARK_HEIGHT * row} {SPARK_WIDTH} {SPARK_HEIGHT}"'
        f' aria-hidden="true" focusable="false"><path d="{line}"/></svg>'
        for row, (dyad, line) in enumerate(zip(dyads, lines, strict=True))
    }


def _recent(points: Sequence[Record]) -> list[tuple[int, float]]:
    """Return the age in days before the last point, and the probability, of the recent points."""
    last = points[-1]["as_of_date"]
    ages = [((last - point["as_of_date"]).days, float(point["prob"])) for point in points]
    return [(age, prob) for age, prob in ages if age < SPARK_DAYS]


def _scaled(points: Sequence[tuple[int, float]]) -> list[tuple[float, float]]:
    """Return places in the line's box: right is now, up is the pair's own highest."""
    probs = [prob for _, prob in points]
    low, span = min(probs), (max(probs) - min(probs)) or 1.0
    step, inner = SPARK_WIDTH / max(1, points[0][0]), SPARK_HEIGHT - 4
    return [
        (round(SPARK_WIDTH - age * step, 1), round(2 + inner * (1 - (prob - low) / span), 1))
        for age, prob in points
    ]


def _spark_spec(values: list[Spec], bottom: int) -> Spec:
    def axis(field: str, end: int) -> Spec:
        scale = {"domain": [0, end], "nice": False, "zero": False, "reverse": field == "y"}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    return {
        "width": SPARK_WIDTH,
        "height": bottom,
        "padding": 0,
        "data": {"values": values},
        "mark": {"type": "line", "color": "var(--ink)"},
        "encoding": {
            "x": axis("x", SPARK_WIDTH),
            "y": axis("y", bottom),
            "detail": {"field": "row", "type": "nominal"},
            "order": {"field": "x", "type": "quantitative"},
        },
        "config": {"view": {"stroke": None}},
    }


@cache
def load_outline() -> Spec:
    """Return the world outline: ``topology`` and ``points`` of the smallest countries."""
    path = resources.files("flows.report") / "data" / "outline.json"
    outline: Spec = json.loads(path.read_text(encoding="utf-8"))
    return outline


def world_map(highest: Mapping[str, Record]) -> Spec:
    """Return the map of each country's highest pair.

    Args:
        highest: country code -> dyad, level and the words of a tooltip.
    """
    outline = load_outline()
    table = [{"id": code, **row} for code, row in sorted(highest.items())]
    look_up = {
        "lookup": "id",
        "from": {"data": {"values": table}, "key": "id", "fields": ["level", "words", "href"]},
    }
    points = [row for row in outline["points"] if row["id"] in highest]
    return {
        "description": "World map: the level of each country's highest pair. The country table"
        " that follows says the same in words.",
        "width": 960,
        "height": 460,
        "padding": 0,
        "projection": {"type": "naturalEarth1"},
        "layer": [_land(outline["topology"], look_up), _small_countries(points, look_up)],
    }


def _map_encoding() -> Spec:
    colour = {
        "field": "level",
        "type": "nominal",
        "scale": {"domain": list(LEVELS), "range": LEVEL_COLOURS},
        "legend": None,
    }
    return {
        "color": {
            "condition": {"test": "datum.level === null", "value": "var(--blank)"},
            **colour,
        },
        "href": {"field": "href", "type": "nominal"},
        "description": {"field": "words", "type": "nominal"},
    }


def _land(topology: Any, look_up: Spec) -> Spec:
    return {
        "data": {
            "values": topology,
            "format": {"type": "topojson", "feature": "countries"},
        },
        "transform": [look_up],
        "mark": {"type": "geoshape", "stroke": "var(--page)", "strokeWidth": 0.6},
        "encoding": _map_encoding(),
    }


def _small_countries(points: Sequence[Record], look_up: Spec) -> Spec:
    return {
        "data": {"values": [dict(row) for row in points]},
        "transform": [look_up],
        "mark": {"type": "circle", "size": 36, "opacity": 1, "stroke": "var(--page)"},
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            **_map_encoding(),
        },
    }


def reliability(bins: Sequence[Record]) -> Spec:
    """Return the reliability chart: forecast against what then happened."""
    probability = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": "%"}}
    return {
        "description": "Reliability: mean forecast against the share that came true; points on"
        " the dashed diagonal are perfectly calibrated. The table beside it has the figures.",
        "width": 340,
        "height": 300,
        "layer": [
            {
                "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
                "mark": {"type": "line", "strokeDash": [4, 4], "color": "var(--quiet)"},
                "encoding": {
                    "x": {"field": "x", **probability},
                    "y": {"field": "y", **probability},
                },
            },
            {
                "data": {"values": [dict(row) for row in bins]},
                "mark": {"type": "rule", "color": "var(--ink)"},
                "encoding": {
                    "x": {"field": "prob_mean", **probability},
                    "y": {"field": "share_low", **probability},
                    "y2": {"field": "share_high"},
                },
            },
            {
                "data": {"values": [dict(row) for row in bins]},
                "mark": {"type": "circle", "size": 70, "opacity": 1, "color": "var(--accent)"},
                "encoding": {
                    "x": {"field": "prob_mean", "title": "forecast", **probability},
                    "y": {"field": "happened_share", "title": "came true", **probability},
                    "description": {"field": "words", "type": "nominal"},
                },
            },
        ],
    }


def volume(days: Sequence[Record]) -> Spec:
    """Return the chart of the news volume of each day."""
    values = [{"day": str(row["day"]), "count": row["article_count"]} for row in days]
    return {
        "description": "Articles coded on each day; a gap is a day without news.",
        "width": 900,
        "height": 120,
        "data": {"values": values},
        "mark": {"type": "bar", "color": "var(--accent)", "width": {"band": 0.9}},
        "encoding": {
            "x": {
                "field": "day",
                "type": "temporal",
                "title": None,
                "timeUnit": "utcyearmonthdate",
            },
            "y": {
                "field": "count",
                "type": "quantitative",
                "title": "articles a day",
                "axis": {"tickCount": 3},
            },
        },
    }
