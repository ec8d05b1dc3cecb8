"""What was read -> the page: small plain values for the templates, then Jinja2."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Container, Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from features.countries import country_name
from flows import figures
from flows.ranking import Record, pair_name
from flows.report import charts, pair_charts
from flows.report.gather import Reading
from flows.report.grid import country_grid, highest_pairs
from flows.report.record import (
    backtest_bins,
    backtest_parts,
    level_bands,
    pool_bins,
    refit_months,
    track_rows,
)
from flows.text import outlet_words, plain, safe_link
from models.db.tables import LEVELS

SENTENCE_CHARS = 400
MARK_CHARS = 160
SCALE = 10_000
RECENT_MONTHS = 12


def render_page(reading: Reading, bundle: str) -> str:
    """Return the whole report as one HTML text."""
    highest = highest_pairs(reading.scores)
    shown = {row["dyad"] for row in reading.pairs}
    data = Markup(_json_for_script(page_data(reading)))  # noqa: S704 made safe there
    script = _asset("report.js")
    bins = pool_bins(reading.months) or backtest_bins(reading.classifier)
    return (
        make_environment()
        .get_template("report.html.j2")
        .render(
            reading=reading,
            pairs=reading.pairs,
            movers=reading.movers,
            levels=LEVELS,
            quads=list(zip("●■▲◆", charts.QUAD_WORDS.values(), strict=True)),
            sparks=_marked(charts.sparklines(reading.series)),
            shown=shown,
            map_svg=_svg(charts.world_map(map_rows(highest, shown))),
            countries=country_rows(highest),
            grid=country_grid(reading.scores),
            volume_svg=_svg(charts.volume(reading.volumes)) if reading.volumes else None,
            coverage=coverage_words(reading),
            rest_words=figures.REST_WORDS,
            bins=bins,
            reliability_svg=_svg(charts.reliability(bins)) if bins else None,
            backtest=backtest_parts(reading.classifier),
            bands=level_bands(reading.classifier),
            track=track_rows(reading.track),
            refits=refit_months(reading.track),
            recent_count=RECENT_MONTHS,
            classifier=reading.classifier,
            made_at=datetime.now(UTC),
            data=data,
            style=Markup(_asset("style.css")),  # noqa: S704 our own file
            script=Markup(script),  # noqa: S704 our own file
            bundle=Markup(bundle),  # noqa: S704 made by vl-convert, closing tags escaped
            policy=content_policy(bundle, script),
        )
    )


def make_environment() -> Environment:
    """Return the Jinja2 environment: everything is escaped, nothing may be undefined."""
    environment = Environment(
        loader=PackageLoader("flows.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "inert": lambda text, limit=None: plain(text or "", limit),
        "outlet": outlet_words,
        "link": safe_link,
        "percent": percent,
        "points": points,
        "minus": minus,
        "log_odds": figures.log_odds,
        "unlisted": lambda row: figures.unlisted_effect(row["prob"], row["drivers"]),
        "whole": lambda prob: f"{100 * prob:.2g}\u00a0%",
        "cell": lambda prob: f"{100 * prob:.0f}" if prob >= 0.0095 else "<1",
        "country": country_name,
        "pair_name": pair_name,
        "rank_of_level": LEVELS.index,
    }
    return environment


def percent(prob: float | None) -> str:
    """Return a probability in percent that no line break parts from its sign."""
    return figures.percent(prob).replace(" ", "\u00a0")


def points(change: float | None) -> str:
    """Return a change of probability in percentage points, with a typographic minus.

    Example:
        >>> points(0.012), points(-0.5)
        ('+1.2', '−50.0')
    """
    return minus(figures.points(change))


def minus(number: str) -> str:
    """Return a printed number with a typographic minus.

    Example:
        >>> minus("-0.3"), minus("1.2")
        ('−0.3', '1.2')
    """
    return number.replace("-", "−")


def content_policy(*scripts: str) -> str:
    """Return the content security policy: these scripts run, nothing else, no network."""
    hashes = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts
    ]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _json_for_script(value: Any) -> str:
    text = orjson.dumps(value, default=str).decode()
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _asset(name: str) -> str:
    return (resources.files("flows.report") / "assets" / name).read_text(encoding="utf-8")


def _svg(spec: charts.Spec) -> Markup:
    return Markup(charts.draw(spec))  # noqa: S704 written by an XML serialiser


def _marked(drawn: Mapping[str, str]) -> dict[str, Markup]:
    return {key: Markup(svg) for key, svg in drawn.items()}  # noqa: S704 numbers only


def map_rows(highest: Mapping[str, Record], shown: Container[str]) -> dict[str, Record]:
    """Return what the map shows of each country; pairs shown in detail are linked."""
    return {
        code: {
            "level": row["level"],
            "href": f"#{row['dyad']}" if row["dyad"] in shown else None,
            "words": f"{country_name(code)}: {row['level']} with"
            f" {country_name(row['other'])}, {percent(row['prob'])}",
        }
        for code, row in highest.items()
    }


def country_rows(highest: Mapping[str, Record]) -> list[Record]:
    """Return each country with its highest pair, the highest first."""
    rows = [{"code": code, "name": country_name(code), **row} for code, row in highest.items()]
    return sorted(rows, key=lambda row: (-row["prob"], row["name"]))


def page_data(reading: Reading) -> Record:
    """Return the numbers and words that the charts of the pairs are drawn from."""
    return {
        "scale": SCALE,
        "asOf": reading.as_of_date,
        "score": pair_charts.score_spec(),
        "weeks": pair_charts.weeks_spec(),
        "quads": {str(number): words for number, words in charts.QUAD_WORDS.items()},
        "pairs": {row["dyad"]: _pair_data(reading, row["dyad"]) for row in reading.pairs},
    }


def _pair_data(reading: Reading, dyad: str) -> Record:
    series = reading.series.get(dyad, [])
    return {
        "days": [(reading.as_of_date - row["as_of_date"]).days for row in series],
        "prob": [round(row["prob"] * SCALE) for row in series],
        "low": [round(row["prob_low"] * SCALE) for row in series],
        "high": [round(row["prob_high"] * SCALE) for row in series],
        "events": [
            [
                (reading.as_of_date - row["day"]).days,
                row["quad_class"],
                f"{row['source_iso3']} → {row['target_iso3']} {row['plover_event']}",
                plain(row["sentence"], MARK_CHARS),
            ]
            for row in reading.events.get(dyad, [])
        ],
        "weeks": reading.weekly.get(dyad, []),
    }


def coverage_words(reading: Reading) -> Record:
    """Return how many of the past 30 days brought news, and how much."""
    recent = [
        row
        for row in reading.volumes
        if (reading.as_of_date - row["day"]).days <= 30 and row["article_count"]
    ]
    return {
        "day_count": len(recent),
        "article_count": sum(row["article_count"] for row in recent),
        "event_count": sum(row["event_count"] for row in recent),
    }
