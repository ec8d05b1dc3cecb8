"""The charts of one pair, which the page draws when the pair is opened."""

from __future__ import annotations

from typing import Any, Final

from flows.report.charts import DATE_TICKS, QUAD_SHAPES, QUAD_WORDS, THEME

Spec = dict[str, Any]

# The same room left of both charts puts a day of the one above that day of the other.
Y_ROOM: Final[Spec] = {"minExtent": 46, "maxExtent": 46}
DAYS: Final[Spec] = {
    "field": "d",
    "type": "temporal",
    "title": None,
    "scale": {"type": "utc", "padding": 0},
    "axis": {"grid": False, "format": DATE_TICKS, "labelOverlap": True},
}
_DAY_TIP: Final[Spec] = {"field": "d", "type": "temporal", "title": "day", "format": "%Y-%m-%d"}


def score_spec() -> Spec:
    """Return the chart of one pair's year; the page fills in the data when it is opened."""
    return {
        "config": THEME,
        "width": "container",
        "height": 200,
        "data": {"name": "scores"},
        "encoding": {"x": DAYS},
        "layer": [*_score_layers(), _event_layer()],
    }


def _score_layers() -> list[Spec]:
    """Return interval, probability and the invisible marks that carry the tooltips."""
    prob = {
        "type": "quantitative",
        "axis": {"format": "~%", "tickCount": 4, **Y_ROOM},
        "title": "probability",
    }
    band = {
        "mark": {"type": "area", "color": "var(--accent)", "opacity": 0.25},
        "encoding": {"y": {"field": "l", **prob}, "y2": {"field": "h"}},
    }
    line = {
        "mark": {"type": "line", "color": "var(--accent)", "strokeWidth": 2},
        "encoding": {"y": {"field": "p", **prob}},
    }
    hover = {
        "mark": {"type": "rule", "opacity": 0, "strokeWidth": 5},
        "encoding": {"tooltip": [_DAY_TIP, *_percent_tips()]},
    }
    return [band, line, hover]


def _event_layer() -> Spec:
    return {
        "data": {"name": "events"},
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
        "encoding": {
            "y": {"field": "p", "type": "quantitative"},
            "color": _quad_scale("color"),
            "shape": _quad_scale("shape"),
            "tooltip": [
                _DAY_TIP,
                {"field": "what", "title": "event"},
                {"field": "text", "title": "sentence"},
            ],
        },
    }


def weeks_spec() -> Spec:
    """Return the chart of one pair's events by week and class."""
    return {
        "config": THEME,
        "width": "container",
        "height": 70,
        "data": {"name": "weeks"},
        "mark": {"type": "bar", "width": 6, "clip": True},
        "encoding": {
            "x": DAYS,
            "y": {
                "field": "n",
                "type": "quantitative",
                "title": "events",
                "axis": {"tickCount": 2, "format": "d", **Y_ROOM},
            },
            "color": _quad_scale("color"),
            "tooltip": [
                {"field": "d", "type": "temporal", "title": "week from", "format": "%Y-%m-%d"},
                {"field": "quad", "title": "class"},
                {"field": "n", "title": "events"},
            ],
        },
    }


def _quad_scale(channel: str) -> Spec:
    colours = [f"var(--quad-{number})" for number in QUAD_WORDS]
    shown = colours if channel == "color" else QUAD_SHAPES
    return {
        "field": "quad",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(QUAD_WORDS.values()), "range": shown},
    }


def _percent_tips() -> list[Spec]:
    names = {"p": "probability", "l": "low", "h": "high"}
    return [
        {"field": field, "type": "quantitative", "title": title, "format": ".1%"}
        for field, title in names.items()
    ]
