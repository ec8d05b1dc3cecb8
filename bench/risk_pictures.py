"""Pictures and tables that set the yearly refits' scores beside what the world remembers.

Used by ``python -m bench.risk_page``; needs matplotlib (extra ``plots``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd

mpl.use("Agg")
from matplotlib import pyplot as plt

INK, ACCENT, QUIET = "#1f2933", "#c2410c", "#94a3b8"

# Pair, first and last month shown, and the days that everybody remembers (public record).
CASES: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "RUS-UKR",
        "2013-01",
        "2022-12",
        (("2014-02-27", "Crimea"), ("2018-11-25", "Kerch Strait"), ("2022-02-24", "invasion")),
    ),
    (
        "IND-PAK",
        "2016-01",
        "2025-12",
        (("2016-09-29", "strikes after Uri"), ("2019-02-26", "Balakot"), ("2025-05-07", "strikes")),
    ),
    (
        "IRN-USA",
        "2019-01",
        "2026-03",
        (
            ("2019-06-20", "drone shot down"),
            ("2020-01-03", "Soleimani"),
            ("2025-06-22", "nuclear sites"),
            ("2026-02-28", "strikes"),
        ),
    ),
    ("USA-VEN", "2025-01", "2026-03", (("2026-01-03", "Caracas"),)),
    ("COL-USA", "2025-01", "2026-03", ()),
    ("GRC-TUR", "2020-01", "2020-12", (("2020-08-12", "frigates collide"),)),
    (
        "ARM-AZE",
        "2020-01",
        "2023-12",
        (("2020-07-12", "Tovuz"), ("2020-09-27", "war"), ("2022-09-13", "clashes")),
    ),
)


def read_scores(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    frame["day"] = pd.to_datetime(frame["as_of_date"])
    return frame


def draw_cases(scores: pd.DataFrame, record: pd.DataFrame, path: Path) -> Path:
    """Draw the weekly probability of each case with its days; ticks are days of reported force."""
    figure, axes = plt.subplots(4, 2, figsize=(10, 9))
    for place, (dyad, first, last, marks) in zip(axes.flat, CASES, strict=False):
        begin, end = pd.Timestamp(first), pd.Timestamp(last) + pd.offsets.MonthEnd(0)
        own = scores[(scores["dyad"] == dyad) & scores["day"].between(begin, end)]
        place.plot(own["day"], own["prob"], color=ACCENT, linewidth=1)
        seen = record[(record["dyad"] == dyad) & record["day"].between(begin, end)]["day"]
        place.plot(seen, np.full(len(seen), -0.03), "|", color=INK, markersize=4)
        for day, words in marks:
            place.axvline(pd.Timestamp(day), color=QUIET, linewidth=1)
            place.annotate(words, (pd.Timestamp(day), 1.0), fontsize=6, rotation=90, va="top")
        place.set(title=dyad, ylim=(-0.06, 1.02), xlim=(begin, end))
        place.title.set_fontsize(9)
        place.tick_params(labelsize=6)
        place.spines[["top", "right"]].set_visible(False)
    for place in list(axes.flat)[len(CASES) :]:
        place.set_axis_off()
    return save(figure, path)


def save(figure: Any, path: Path) -> Path:
    figure.tight_layout()
    figure.savefig(path, dpi=90, metadata={"Software": None})
    plt.close(figure)
    return path


def case_rows(scores: pd.DataFrame) -> list[dict[str, Any]]:
    """Return for each remembered day the score a year, a month and a day before, and after it."""
    rows = []
    for dyad, _, _, marks in CASES:
        own = scores[scores["dyad"] == dyad].set_index("day")["prob"].sort_index()
        for day, words in marks:
            moment = pd.Timestamp(day)
            found = {
                name: value_at(own, moment - pd.Timedelta(days=back))
                for name, back in (("year", 365), ("month", 30), ("before", 0), ("after", -7))
            }
            rows.append({"dyad": dyad, "day": day, "words": words, **found})
            rows[-1]["rank"] = rank_at(scores, dyad, moment)
    return rows


def value_at(series: pd.Series, moment: pd.Timestamp) -> float | None:
    """Return the last weekly score that used only news before the moment."""
    known = series[series.index <= moment]
    fresh = len(known) and (moment - known.index[-1]) <= pd.Timedelta(days=21)
    return float(known.iloc[-1]) if fresh else None


def rank_at(scores: pd.DataFrame, dyad: str, moment: pd.Timestamp) -> str:
    """Return the pair's rank among all pairs at the last origin before the moment."""
    days = scores["day"][scores["day"] <= moment]
    if days.empty:
        return ""
    now = scores[scores["day"] == days.max()].sort_values("prob", ascending=False)
    place = np.flatnonzero((now["dyad"] == dyad).to_numpy())
    return f"{place[0] + 1} of {len(now)}" if len(place) else "not scored"


def world_total(scores: pd.DataFrame) -> pd.Series:
    """Return the sum of all pairs' probabilities at each weekly origin."""
    return scores.groupby("day")["prob"].sum()


def gpr_correlations(scores: pd.DataFrame, gpr: pd.DataFrame) -> dict[str, float]:
    """Return correlations of the world total with the GPR index around the same days.

    GPR is averaged over the 30 days before each origin (what the score looked at last)
    and over the 30 days after it (what it speaks of).
    """
    total = world_total(scores)
    daily = gpr.set_index(pd.to_datetime(gpr["DAY"].astype(str)))
    found: dict[str, float] = {}
    for name in ("GPRD", "GPRD_ACT", "GPRD_THREAT"):
        mean = daily[name].rolling(30).mean()
        past = mean.reindex(total.index - pd.Timedelta(days=1)).to_numpy()
        ahead = mean.reindex(total.index + pd.Timedelta(days=29)).to_numpy()
        for words, values in (("past", past), ("ahead", ahead)):
            known = ~np.isnan(values)
            pair = pd.DataFrame({"a": total.to_numpy()[known], "b": values[known]})
            found[f"{name}_{words}"] = float(pair.corr().iloc[0, 1])
            found[f"{name}_{words}_rank"] = float(pair.corr(method="spearman").iloc[0, 1])
    return found


def draw_world(scores: pd.DataFrame, gpr: pd.DataFrame, path: Path) -> Path:
    """Draw the world total beside the GPR index (30-day mean)."""
    total = world_total(scores)
    daily = gpr.set_index(pd.to_datetime(gpr["DAY"].astype(str)))["GPRD"].rolling(30).mean()
    figure, axes = plt.subplots(figsize=(9, 3))
    axes.plot(total.index, total, color=ACCENT, linewidth=1, label="sum of probabilities")
    other = axes.twinx()
    shown = daily[daily.index >= total.index.min()]
    other.plot(shown.index, shown, color=QUIET, linewidth=1, label="GPR, 30-day mean")
    axes.set_ylabel("world total", color=ACCENT, fontsize=8)
    other.set_ylabel("GPR", color=INK, fontsize=8)
    return save(figure, path)


def draw_reliability(summaries: list[dict[str, Any]], path: Path) -> Path:
    """Draw said against happened for each summary, both logarithmic."""
    figure, axes = plt.subplots(figsize=(5, 4.6))
    axes.plot([1e-4, 1], [1e-4, 1], color=QUIET, linewidth=1)
    for summary, colour in zip(summaries, (ACCENT, INK, "#0f766e"), strict=False):
        rows = [row for row in summary["reliability"] if row["happened"] > 0]
        label = f"{summary['outcome']}, {summary['horizon_days']} days"
        said, happened = [r["said"] for r in rows], [r["happened"] for r in rows]
        axes.plot(said, happened, "o-", color=colour, label=label, markersize=4)
    axes.set(xscale="log", yscale="log", xlabel="probability said", ylabel="share that came true")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    return save(figure, path)


def draw_track(rows: list[dict[str, Any]], path: Path) -> Path:
    """Draw forecast and outcome month by month, and the Brier skill of the past 12 months."""
    frame = pd.DataFrame(rows).sort_values("month")
    months = pd.to_datetime(frame["month"])
    figure, axes = plt.subplots(2, 1, figsize=(9, 4.6), sharex=True)
    axes[0].plot(months, 100 * frame["prob_mean"], color=ACCENT, label="said (mean), %")
    axes[0].plot(months, 100 * frame["happened_share"], color=INK, label="came true, %")
    axes[0].legend(frameon=False, fontsize=8)
    weight = frame["score_count"]
    ours = (frame["brier"] * weight).rolling(12).sum()
    base = (frame["brier_climatology"] * weight).rolling(12).sum()
    axes[1].plot(months, 1 - ours / base, color=ACCENT)
    axes[1].axhline(0, color=QUIET, linewidth=1)
    axes[1].set_ylabel("Brier skill, 12 months", fontsize=8)
    for place in axes:
        place.spines[["top", "right"]].set_visible(False)
    return save(figure, path)


def force_days(days: pd.DataFrame) -> pd.DataFrame:
    """Return dyad and day of every day with reported force."""
    hit = days[(days["force_ab_count"] + days["force_ba_count"]) > 0]
    return pd.DataFrame({"dyad": hit["dyad"], "day": pd.to_datetime(hit["day"])})
