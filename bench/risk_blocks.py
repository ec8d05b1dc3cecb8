"""The docs' blocks beyond the main tables, and the filling of marked pages."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence

from bench import risk_tables, risk_trials
from bench.risk_tables import Figures, ours, ratio, table


def block_exposure(figures: Figures) -> list[str]:
    rows = []
    for row in figures["exposure"]:
        found, bare = row["corrected"], row["plain"]
        rows.append(
            [
                f"{100 * row['rate']:g} %",
                f"{found['auc']:.3f}",
                f"{found['average_precision']:.3f}",
                f"{found['brier']:.5f}",
                f"{found['ece']:.4f} ({bare['ece']:.4f})",
                f"{100 * row['mean_prob']:.2f} %",
                f"{row['width_ratio']:.1f}",
                f"{100 * row['full_inside']:.0f} % / {100 * row['full_inside_risky']:.0f} %",
            ]
        )
    head = (
        "share of the stream|AUC|AP|Brier|ECE (without the thin-stream columns)|mean probability"
        "|interval, high / low|full-stream score inside: all / above 1 %"
    )
    return table(head.split("|"), rows)


def percent(value: float | None) -> str:
    return "not scored" if value is None else f"{100 * value:.1f} %"


def block_trials(figures: Figures) -> list[str]:
    return table(risk_trials.HEAD, figures["trials"])


def block_cases(figures: Figures) -> list[str]:
    rows = [
        [
            row["dyad"],
            f"{row['day']} {row['words']}",
            *(percent(row[name]) for name in ("year", "month", "before", "after")),
            row["rank"],
        ]
        for row in figures["cases"]
    ]
    head = "pair|day|a year before|30 days before|last score before|a week after|rank before"
    return table(head.split("|"), rows)


def block_gpr(figures: Figures) -> list[str]:
    found = figures["gpr"]
    rows = [
        [
            words,
            *(
                f"{found[f'{name}_{when}']:.2f} / {found[f'{name}_{when}_rank']:.2f}"
                for when in ("past", "ahead")
            ),
        ]
        for name, words in (("GPRD", "GPR"), ("GPRD_ACT", "acts"), ("GPRD_THREAT", "threats"))
    ]
    head = "index|30 days before (Pearson / Spearman)|30 days after (Pearson / Spearman)"
    return table(head.split("|"), rows)


def block_track(figures: Figures) -> list[str]:
    rows = [
        [
            str(row["year"]),
            f"{row['score_count']:,}",
            f"{100 * row['prob_mean']:.2f} %",
            f"{100 * row['happened_share']:.2f} %",
            f"{row['brier']:.5f}",
            f"{row['brier_skill']:.3f}",
            *(str(row[f"{name}_count"]) for name in ("hit", "miss", "false_alarm")),
        ]
        for row in figures["track"]
    ]
    head = "year|scores|said (mean)|came true|Brier|Brier skill|hits|misses|false alarms"
    return table(head.split("|"), rows)


def episode_rows(rows: Sequence[Figures]) -> list[list[str]]:
    return [
        [
            row["dyad"],
            row["as_of_date"][:10],
            percent(row["prob"]),
            row["level"],
            str(row["event_count"]),
        ]
        for row in rows
    ]


def block_misses(figures: Figures) -> list[str]:
    head = "pair|last score before|probability|level|uses of force in the 30 days after"
    return table(head.split("|"), episode_rows(figures["misses"]["misses"]))


def block_alarms(figures: Figures) -> list[str]:
    head = "pair|score of|probability|level|uses of force in the 30 days after"
    return table(head.split("|"), episode_rows(figures["misses"]["alarms"]))


def block_seconds(figures: Figures) -> list[str]:
    seconds = figures["misses"]["backtest_seconds"]
    return [
        f"The main backtest, 2005 to 2026, took {seconds:.0f} s with two processes on a machine"
        " shared with other work."
    ]


def block_readme(figures: Figures) -> list[str]:
    main, later = figures["backtest_force_30d"][:2]
    found, onset = ours(main), ours(main, "onset")
    value, name = ratio(main, "all")
    quiet, quiet_name = ratio(main, "onset")
    icews = ours(figures["judge_icews"][0])
    lines = [
        "Risk score, rolling origin 2010-2025 (force within 30 days,"
        f" {main['all']['row_count']:,} pair-weeks, {100 * main['all']['positive_share']:.2f} %"
        f" positive): AUC {found['auc']:.3f},"
        f" average precision {found['average_precision']:.3f} ({value:.2f} times the best baseline,"
        f" {name}), Brier skill {found['brier_skill']:.3f}, calibration error {found['ece']:.4f}.",
        f"Onset rows (no force for 90 days): AUC {onset['auc']:.3f}, average precision"
        f" {onset['average_precision']:.3f} ({quiet:.2f} times {quiet_name}). Years after those"
        f" it was developed on (2016-2025): AUC {ours(later)['auc']:.3f}. Held against ICEWS, coded"
        f" by others: AUC {icews['auc']:.3f}. Baselines, intervals, worst misses:"
        " [docs/risk_accuracy.md](docs/risk_accuracy.md).",
    ]
    return textwrap.wrap(" ".join(lines), 100, break_long_words=False, break_on_hyphens=False)


def block_card(figures: Figures) -> list[str]:
    rows = [
        [
            f"`{row['classifier_version']}`",
            " / ".join(f"{100 * cut:g}" for cut in row["cuts"]),
            f"{row['row_count']:,} ({row['training_row_count']:,})",
            f"{row['data_from']} to {row['data_to']}",
        ]
        for row in figures["artifacts"]
    ]
    head = "classifier|GUARDED / ELEVATED / HIGH / SEVERE from, %|pair-weeks (fitted on)|data"
    return table(head.split("|"), rows)


BLOCKS: dict[str, Callable[[Figures], list[str]]] = {
    name.removeprefix("block_"): value
    for name, value in [*vars(risk_tables).items(), *list(globals().items())]
    if name.startswith("block_")
}
# The figures that a block shows, where they are not named like it.
NEEDS = {
    "asked": "judge_icews",
    "force": "backtest_force_30d",
    "questions": "backtest_force_30d",
    "years": "backtest_force_30d",
    "icews": "judge_icews",
    "mie": "judge_mie",
    "alarms": "misses",
    "seconds": "misses",
    "readme": "judge_icews",
    "card": "artifacts",
}
MISSING = "Not computed on this edition yet; the commands above do."
_MARK = re.compile(r"<!-- begin (\w+) -->\n.*?<!-- end \1 -->", re.DOTALL)


def fill(text: str, figures: Figures) -> str:
    """Return the text with every marked block made anew; unknown names are an error."""

    def render(match: re.Match[str]) -> str:
        name = match.group(1)
        wanted = NEEDS.get(name, name)
        lines = BLOCKS[name](figures) if wanted in figures else [MISSING]
        body = "\n".join(lines).rstrip()
        return f"<!-- begin {name} -->\n{body}\n<!-- end {name} -->"

    return _MARK.sub(render, text)
