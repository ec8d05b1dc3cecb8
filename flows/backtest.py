"""Rolling-origin backtest from prepared sources to tables, JSON and pictures."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flows.corpora import Source
from flows.train import prepare
from models.risk.backtest import CALIBRATION_YEARS, Backtest, BacktestOptions, run_backtest
from models.risk.labels import Outcome
from models.risk.report import by_year, summarise, to_markdown
from models.risk.rivals import average, boosting
from models.risk.rows import Material, RowSet
from models.risk.splits import Fold, day_number, rolling_folds

log = logging.getLogger(__name__)

# Share of the days of a horizon on which the judge must have been watching.
SEEN_SHARE = 0.97
RIVALS = {"boosting": boosting, "average": average}


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """What to test.

    Args:
        outcomes: outcomes to predict.
        horizons: horizons in days.
        first_year, last_year: test years.
        split_day: with a short corpus: train before, test from this day on.
        with_rivals: whether boosting and the average run as well (slow).
        draw_count: bootstrap draws.
    """

    outcomes: Sequence[Outcome] = ("force",)
    horizons: Sequence[int] = (30,)
    first_year: int = 2010
    last_year: int = 2025
    split_day: str | None = None
    with_rivals: bool = False
    draw_count: int = 200


@dataclass(frozen=True)
class BacktestReport:
    """Figures of every question, and the folds behind them."""

    summaries: list[dict[str, Any]]
    backtests: list[Backtest]
    seconds: float

    def figures(self) -> list[dict[str, Any]]:
        """Return all figures ready for JSON."""
        return [_plain(summary) for summary in self.summaries]

    def markdown(self) -> str:
        """Return all tables."""
        return "\n".join(to_markdown(summary) for summary in self.summaries)


def judged_rows(rows: RowSet, watched: Any, horizon_days: int) -> RowSet:
    """Return the rows during whose whole horizon the judge was watching."""
    days = np.sort(np.asarray(watched))
    ahead = np.searchsorted(days, rows.as_of + horizon_days) - np.searchsorted(days, rows.as_of)
    return rows.take(ahead >= SEEN_SHARE * horizon_days)


def run(
    source: Source,
    request: BacktestRequest,
    say: Callable[[str], None] = log.info,
    material: Material | None = None,
) -> BacktestReport:
    """Return the backtests of all questions of a request.

    Args:
        source: what to learn from and be judged on.
        request: what to test.
        say: takes a line of progress.
        material: prepared rows, if there are any.
    """
    started = time.monotonic()
    ready = material or prepare(source)
    say(f"{len(ready.rows)} rows prepared after {time.monotonic() - started:.0f} s")
    backtests, summaries = [], []
    for outcome in request.outcomes:
        for horizon_days in request.horizons:
            done = _run_one(source, request, ready, (outcome, horizon_days))
            summary = summarise(done, draw_count=request.draw_count)
            summary["by_year"] = list(by_year(done))
            backtests.append(done)
            summaries.append(summary)
            say(f"{outcome} {horizon_days} d after {time.monotonic() - started:.0f} s")
    return BacktestReport(summaries, backtests, time.monotonic() - started)


def _run_one(
    source: Source, request: BacktestRequest, material: Material, question: tuple[Outcome, int]
) -> Backtest:
    """Return the backtest of one question."""
    rows = material.rows
    if source.judged_days is not None:
        rows = judged_rows(rows, source.judged_days, question[1])
    used = Material(rows, material.sample, material.thinned)
    options = BacktestOptions(
        report_from=0 if request.split_day else request.first_year,
        rivals=RIVALS if request.with_rivals else {},
        judge=source.judge,
    )
    return run_backtest(used, question, make_folds(request, question[1], rows), options)


def make_folds(request: BacktestRequest, horizon_days: int, rows: RowSet) -> list[Fold]:
    """Return the folds: one a year, or one before and after ``split_day``."""
    if request.split_day is None:
        first = request.first_year - CALIBRATION_YEARS
        return list(rolling_folds(first, request.last_year, horizon_days))
    begin = day_number(request.split_day)
    end = int(rows.as_of.max()) + 1
    return [Fold(int(request.split_day[:4]), begin, end, begin - horizon_days + 1)]


def write_report(report: BacktestReport, folder: Path) -> list[Path]:
    """Write tables (Markdown), figures (JSON) and pictures; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    tables, figures = folder / "backtest.md", folder / "backtest.json"
    tables.write_text(report.markdown(), encoding="utf-8")
    text = json.dumps(report.figures(), indent=1)
    figures.write_text(text + "\n", encoding="utf-8")
    return [tables, figures, *_draw(report, folder)]


def _draw(report: BacktestReport, folder: Path) -> list[Path]:
    """Return the pictures drawn; none where matplotlib is not installed."""
    try:
        from flows.risk_plots import draw_reliability, draw_years
    except ImportError:
        log.warning("no pictures: matplotlib is not installed (pip install 'dyadrisk[plots]')")
        return []
    paths = []
    for summary in report.summaries:
        stem = f"{summary['outcome']}_{summary['horizon_days']}d"
        paths.append(draw_reliability(summary, folder / f"reliability_{stem}.png"))
        paths.append(draw_years(summary, folder / f"years_{stem}.png"))
    return paths


def run_as_flow(
    source: Source, request: BacktestRequest, say: Callable[[str], None] = log.info
) -> BacktestReport:
    """Run the backtest as a Prefect flow run that leaves its tables as an artifact."""
    from prefect import flow
    from prefect.artifacts import create_markdown_artifact

    def backtest() -> BacktestReport:
        report = run(source, request, say)
        create_markdown_artifact(
            key="backtest", markdown=report.markdown(), description="Rolling-origin backtest"
        )
        return report

    return flow(name="backtest")(backtest)()


def _plain(value: Any) -> Any:
    """Return JSON-ready values, floats rounded to six digits."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    return round(value, 6) if isinstance(value, float) else value
