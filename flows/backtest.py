"""Rolling-origin backtest from prepared sources to tables, JSON and pictures."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import ConfigError, DataError
from features.history import Ints
from flows.backtest_folds import block_folds, check_span, clip_folds, usable_folds, year_folds
from flows.corpora import Source
from flows.train import prepare
from models.risk.backtest import Backtest, BacktestOptions, run_backtest
from models.risk.baselines import KeywordSeries
from models.risk.labels import Outcome
from models.risk.report import by_year, summarise, to_markdown
from models.risk.rivals import average, boosting
from models.risk.rows import Material, RowSet
from models.risk.splits import Fold

log = logging.getLogger(__name__)

# Share of the days of a horizon on which the judge must have been watching.
SEEN_SHARE = 0.97
# Columns, penalty and half-lives were chosen on test years up to this one.
DEVELOPMENT_END = 2015
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
        keywords: table of keyword counts (dyad, day, gpr_count) for a further baseline.
        jobs: processes that fit test years side by side.
    """

    outcomes: Sequence[Outcome] = ("force",)
    horizons: Sequence[int] = (30,)
    first_year: int = 2010
    last_year: int = 2025
    split_day: str | None = None
    with_rivals: bool = False
    draw_count: int = 200
    keywords: Path | None = None
    jobs: int = 1


@dataclass(frozen=True)
class BacktestReport:
    """Figures of every question, and the folds behind them."""

    summaries: list[dict[str, Any]]
    backtests: list[Backtest]
    seconds: float

    def figures(self) -> list[dict[str, Any]]:
        """Return all figures ready for JSON."""
        return [plain(summary) for summary in self.summaries]

    def markdown(self) -> str:
        """Return all tables."""
        return "\n".join(to_markdown(summary) for summary in self.summaries)


def is_watched(as_of: Ints, watched: Ints, horizon_days: int) -> npt.NDArray[np.bool_]:
    """Return the rows during whose whole horizon the judge was watching."""
    days = np.sort(np.asarray(watched))
    ahead = np.searchsorted(days, as_of + horizon_days) - np.searchsorted(days, as_of)
    seen: npt.NDArray[np.bool_] = ahead >= SEEN_SHARE * horizon_days
    return seen


def watched_material(material: Material, source: Source, horizon_days: int) -> Material:
    """Return the rows that can be judged; where own labels have gaps, fit on whole ones only."""
    if source.watched is None:
        return material
    rows = _judged_rows(material.rows, source.watched, horizon_days)
    if source.judge is not None:
        return replace(material, rows=rows)
    sample = _judged_rows(material.sample, source.watched, horizon_days)
    return Material(rows, sample, [])


def _judged_rows(rows: RowSet, watched: Ints, horizon_days: int) -> RowSet:
    return rows.take(is_watched(rows.as_of, watched, horizon_days))


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
    check_span(source, request.split_day, request.first_year, request.last_year)
    ready = material or prepare(source)
    say(f"{len(ready.rows)} rows prepared after {time.monotonic() - started:.0f} s")
    backtests, summaries = [], []
    for outcome in request.outcomes:
        for horizon_days in request.horizons:
            done = _run_one(source, request, ready, (outcome, horizon_days))
            spans = _spans(done, request)
            found = [summarise(done, span, request.draw_count) for span in spans]
            found[0]["by_year"] = list(by_year(done))
            backtests.append(done)
            summaries.extend(found)
            say(f"{outcome} {horizon_days} d after {time.monotonic() - started:.0f} s")
    return BacktestReport(summaries, backtests, time.monotonic() - started)


def _spans(done: Backtest, request: BacktestRequest) -> list[tuple[int, int]]:
    """Return the spans of years to report: all, and those after the development years."""
    years = [fold.fold.year for fold in done.folds]
    if request.split_day is not None:
        return [(year, year) for year in years]
    spans = [(years[0], years[-1])]
    if years[0] <= DEVELOPMENT_END < years[-1]:
        spans.append((DEVELOPMENT_END + 1, years[-1]))
    return spans


def _run_one(
    source: Source, request: BacktestRequest, material: Material, question: tuple[Outcome, int]
) -> Backtest:
    """Return the backtest of one question."""
    used = watched_material(material, source, question[1])
    options = BacktestOptions(
        report_from=0 if request.split_day else request.first_year,
        rivals=RIVALS if request.with_rivals else {},
        judge=source.judge,
        keywords=read_keywords(request.keywords),
        jobs=request.jobs,
    )
    folds = make_folds(request, source, used, question[1])
    ready = usable_folds(folds, used, question, options.report_from)
    return run_backtest(used, question, ready, options)


def read_keywords(path: Path | None) -> KeywordSeries | None:
    """Return the keyword counts of a table, None where none is named.

    Raises:
        ConfigError: no such file.
        DataError: it is no Parquet table of dyad, day and gpr_count.
    """
    if path is None:
        return None
    if not path.exists():
        raise ConfigError(f"expected a table of keyword counts, got no file {str(path)!r}")
    try:
        return KeywordSeries.of(pd.read_parquet(path))
    except (KeyError, ValueError, OSError) as err:
        raise DataError(
            f"expected a Parquet table with the columns dyad, day and gpr_count in {path.name!r}"
        ) from err


def make_folds(
    request: BacktestRequest, source: Source, used: Material, horizon_days: int
) -> list[Fold]:
    """Return the folds: one a year, or one a block of days after ``split_day``."""
    if request.split_day is None:
        folds = year_folds(request.first_year, request.last_year, horizon_days)
    else:
        folds = block_folds(request.split_day, horizon_days, used.rows)
    return clip_folds(folds, source.last_day, horizon_days)


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
        log.warning("no pictures: matplotlib is not installed (pip install -e '.[plots]')")
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


def plain(value: Any) -> Any:
    """Return JSON-ready values, floats rounded to six digits."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return round(value, 6) if isinstance(value, float) else value
