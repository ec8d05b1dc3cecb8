"""Markdown blocks of the docs from docs/risk_figures.json. Values in, text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

OURS = "dyadrisk"
FEWEST_CELLS = 20
Figures = Mapping[str, Any]
HEAD = [
    "predictor",
    "AUC",
    "AP",
    "Brier",
    "Brier skill",
    "ECE",
    "gain in AUC",
    "gain in AP",
    "gain in Brier x 1000",
]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table.

    Example:
        >>> table(["a"], [["1"]])
        ['| a |', '|---|', '| 1 |']
    """
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def span(low_high: Sequence[float], digits: int = 3) -> str:
    low, high = low_high
    return f"{low:+.{digits}f} .. {high:+.{digits}f}"


def predictor_row(name: str, f: Figures) -> list[str]:
    a, p = f["auc_interval"], f["average_precision_interval"]
    row = [
        name,
        f"{f['auc']:.3f} ({a[0]:.3f}-{a[1]:.3f})",
        f"{f['average_precision']:.3f} ({p[0]:.3f}-{p[1]:.3f})",
        f"{f['brier']:.5f}",
        f"{f['brier_skill']:.3f}",
        f"{f['ece']:.4f}",
    ]
    if name == OURS:
        return [*row, "", "", ""]
    gain = [1000 * value for value in f["gain_brier_interval"]]
    return [
        *row,
        span(f["gain_auc_interval"]),
        span(f["gain_average_precision_interval"]),
        span(gain, 2),
    ]


def parts_table(summary: Figures) -> list[str]:
    lines: list[str] = []
    first, last = summary["years"]
    for part, words in (("all", "all rows"), ("onset", "onset rows (no force for 90 days)")):
        block = summary[part]
        share = 100 * block["positive_share"]
        lines += [
            f"**{first}-{last}, {words}**: {block['row_count']:,} rows, {share:.2f} % positive.",
            "",
            *table(
                HEAD,
                [predictor_row(name, f) for name, f in block["predictors"].items()],
            ),
            "",
        ]
    return lines


def best_baseline(summary: Figures, part: str, kind: str) -> tuple[str, float]:
    """Return the baseline with the best figure (smallest Brier, else largest)."""
    found = {
        name: f[kind]
        for name, f in summary[part]["predictors"].items()
        if name not in (OURS, "boosting")
    }
    pick = min if kind == "brier" else max
    name = pick(found, key=lambda key: found[key])
    return name, found[name]


def ratio(summary: Figures, part: str) -> tuple[float, str]:
    """Return our average precision over the best baseline's, and that baseline's name."""
    name, value = best_baseline(summary, part, "average_precision")
    return summary[part]["predictors"][OURS]["average_precision"] / value, name


def ours(summary: Figures, part: str = "all") -> Figures:
    found: Figures = summary[part]["predictors"][OURS]
    return found


def block_asked(figures: Figures) -> list[str]:
    main, icews = figures["backtest_force_30d"][0], figures["judge_icews"][0]
    rows = [
        judged("AUC, all rows", 0.95, ours(main)["auc"]),
        judged("AUC, onset rows", 0.90, ours(main, "onset")["auc"]),
        times("AP over the best baseline, all rows", 1.3, ratio(main, "all")),
        times("AP over the best baseline, onset rows", 2.0, ratio(main, "onset")),
        gains_row(main),
        ["ECE", "at most .01", f"{ours(main)['ece']:.4f}", verdict(ours(main)["ece"] <= 0.01)],
        coverage_row(main),
        judged("ICEWS judge, features from text: AUC", 0.90, ours(icews)["auc"]),
        times("ICEWS judge: AP over the best baseline", 1.7, ratio(icews, "all")),
        *feed_rows(figures.get("feed", [])),
    ]
    return table(["what", "asked", "measured", ""], rows)


def verdict(holds: bool) -> str:
    return "met" if holds else "**missed**"


def judged(words: str, asked: float, found: float) -> list[str]:
    return [words, f"{asked:.2f}", f"{found:.3f}", verdict(found >= asked)]


def times(words: str, asked: float, found: tuple[float, str]) -> list[str]:
    value, name = found
    return [words, f"{asked:g} times", f"{value:.2f} times ({name})", verdict(value >= asked)]


def gains_row(main: Figures) -> list[str]:
    lows = {
        (part, name): f["gain_brier_interval"][0]
        for part in ("all", "onset")
        for name, f in main[part]["predictors"].items()
        if name not in (OURS, "boosting")
    }
    behind = [f"{name} ({part})" for (part, name), low in lows.items() if low <= 0]
    words = "all intervals above zero" if not behind else "not above zero: " + ", ".join(behind)
    return ["Brier better than every baseline (95 % by pair)", "yes", words, verdict(not behind)]


def _coverage(found: Mapping[str, float]) -> str:
    """Return a coverage, or a dash where too few cells tell anything."""
    return f"{100 * found['coverage']:.0f} %" if found["cells"] >= FEWEST_CELLS else "–"


def coverage_row(main: Figures) -> list[str]:
    found = main["coverage"]["coverage"]
    words = f"{100 * found:.1f} % of {main['coverage']['cells']:.0f} cells"
    return [
        "coverage of the 90 % interval",
        "within 3 points",
        words,
        verdict(abs(found - 0.9) <= 0.03),
    ]


def feed_rows(feed: Sequence[Figures]) -> list[list[str]]:
    rows = []
    for summary, auc, words in zip(
        feed, (0.93, 0.92), ("2018-11 to 2019-03", "2021"), strict=False
    ):
        found = ours(summary)
        base = summary["all"]["predictors"]["pair base rate"]["average_precision"]
        gain = found["average_precision"] - base
        rows += [
            judged(f"event feed (ICEWS), {words}: AUC", auc, found["auc"]),
            [
                f"event feed, {words}: AP above the pair base rate",
                "+.08",
                f"{gain:+.3f} ({found['average_precision']:.3f})",
                verdict(gain >= 0.08),
            ],
            judged(f"event feed, {words}: onset AUC", 0.86, ours(summary, "onset")["auc"]),
        ]
    return rows


def block_force(figures: Figures) -> list[str]:
    return [line for summary in figures["backtest_force_30d"] for line in parts_table(summary)]


def block_questions(figures: Figures) -> list[str]:
    rows = []
    for name, summaries in figures.items():
        if not name.startswith("backtest_"):
            continue
        summary = summaries[0]
        found, onset = ours(summary), ours(summary, "onset")
        best, _ = best_baseline(summary, "all", "average_precision")
        rows.append(
            [
                f"{summary['outcome']}, {summary['horizon_days']} days",
                f"{100 * summary['all']['positive_share']:.2f} %",
                f"{found['auc']:.3f}",
                f"{found['average_precision']:.3f}",
                f"{ratio(summary, 'all')[0]:.2f} ({best})",
                f"{found['brier_skill']:.3f}",
                f"{found['ece']:.4f}",
                f"{onset['auc']:.3f}",
                f"{onset['average_precision']:.3f}",
                _coverage(summary["coverage"]),
            ]
        )
    head = "question|positive|AUC|AP|AP / best baseline|Brier skill|ECE|onset AUC|onset AP|coverage"
    return table(head.split("|"), rows)


def block_years(figures: Figures) -> list[str]:
    rows = [
        [
            str(row["year"]),
            f"{row['row_count']:,}",
            f"{100 * row['positive_share']:.2f} %",
            f"{row['auc']:.3f}",
            f"{row['average_precision']:.3f}",
            f"{row['brier_skill']:.3f}",
            f"{row['ece']:.4f}",
        ]
        for row in figures["backtest_force_30d"][0]["by_year"]
    ]
    return table(["year", "rows", "positive", "AUC", "AP", "Brier skill", "ECE"], rows)


def block_icews(figures: Figures) -> list[str]:
    return [line for summary in figures["judge_icews"] for line in parts_table(summary)]


def block_mie(figures: Figures) -> list[str]:
    return [line for summary in figures["judge_mie"] for line in parts_table(summary)]


def block_feed(figures: Figures) -> list[str]:
    return [line for summary in figures["feed"] for line in parts_table(summary)]
