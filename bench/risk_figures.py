"""Compute every figure of the risk classifier that the docs state, in one go.

    python -m bench.risk_figures DATA OUT [--history FOLDER] [--jobs 2] [--steps main,more,...]

DATA is the folder of public corpora (text/, events/, index/, codebook/). OUT gets one JSON a
step and the weekly scores of the yearly refits. ``python -m bench.risk_page OUT`` then renews
the docs and the shipped track record. Steps:

main      force within 30 days, rolling origin, all baselines; held also against ICEWS and MIE
more      the other five questions
feed      ICEWS events as features and labels
exposure  the classifier of 2016 through thinner streams
trials    what changes of the method do on the development years
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench import risk_exposure, risk_gpr, risk_trials
from flows.backtest import BacktestRequest, is_watched, plain, read_keywords
from flows.backtest import run as run_request
from flows.corpora import Source, events_source, judged_by, read_history
from flows.track import false_alarms, misses, monthly_rows, refit_scores
from flows.train import prepare
from models.risk.backtest import Backtest, BacktestOptions, rejudge, run_backtest
from models.risk.report import by_year, summarise
from models.risk.rivals import boosting
from models.risk.rows import Material
from models.risk.splits import rolling_folds

FIRST_YEAR, LAST_YEAR, REPORT = 2005, 2026, (2010, 2025)
DEVELOPMENT_END = 2015
MAIN = ("force", 30)
MORE = (("escalation", 30), ("force", 7), ("force", 90), ("escalation", 7), ("escalation", 90))
ICEWS = "events/icews_dyadic_2018_2019_2021.parquet"
MIE = "events/mie_1990_2011.csv"
CORPUS = "text/wiki_current_events_2002_2026.jsonl.gz"
DICTIONARY = "codebook/gpr_dictionary.json"


class Chain:
    """The steps and what they share, computed when first asked for."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.out, self.data = args, args.out, args.data
        self.out.mkdir(parents=True, exist_ok=True)
        self.source: Source = read_history(args.history)
        self.started = time.monotonic()
        self._material: Material | None = None

    def material(self) -> Material:
        if self._material is None:
            self._material = prepare(self.source)
        return self._material

    def save(self, name: str, found: Any) -> None:
        text = json.dumps(plain(found), indent=1, default=str)
        (self.out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name} after {time.monotonic() - self.started:.0f} s", flush=True)

    def keywords(self) -> Path:
        path: Path = self.out / "keywords.parquet"
        if not path.exists():
            risk_gpr.main(self.data / CORPUS, self.data / DICTIONARY, path)
        return path

    def backtest(self, question: Any, rivals: Any = None) -> Backtest:
        options = BacktestOptions(
            rivals=rivals or {}, keywords=read_keywords(self.keywords()), jobs=self.args.jobs
        )
        first = FIRST_YEAR if question == MAIN else REPORT[0] - 3
        folds = list(rolling_folds(first, LAST_YEAR, question[1]))
        return run_backtest(self.material(), question, folds, options)

    def figures(self, done: Backtest) -> list[dict[str, Any]]:
        spans = [REPORT, (DEVELOPMENT_END + 1, REPORT[1])]
        part = between(done, *REPORT)
        found = [summarise(part, span, self.args.draws) for span in spans]
        found[0]["by_year"] = list(by_year(part))
        return found

    def scores(self, done: Backtest) -> list[dict[str, Any]]:
        frame = refit_scores(between(done, REPORT[0], LAST_YEAR), self.source.last_day)
        stem = f"{done.outcome}_{done.horizon_days}d"
        frame.to_parquet(self.out / f"scores_{stem}.parquet")
        return monthly_rows(frame)

    def judged(self, done: Backtest, path: Path, spans: list[tuple[int, int]]) -> list[Any]:
        judged = judged_by(self.source, path)
        keep = is_watched(done.rows.as_of, judged.watched, done.horizon_days)
        other = rejudge(done, judged.judge, keep)
        return [summarise(between(other, *span), span, self.args.draws) for span in spans]

    def main(self) -> None:
        begun = time.monotonic()
        rivals = {"boosting": boosting} if self.args.rivals else {}
        done = self.backtest(MAIN, rivals)
        self.save("track_force_30d", self.scores(done))
        seconds = time.monotonic() - begun
        self.save("backtest_force_30d", self.figures(done))
        self.save("judge_icews", self.judged(done, self.data / ICEWS, [(2018, 2021)]))
        self.save("judge_mie", self.judged(done, self.data / MIE, [(2005, 2011)]))
        scores = refit_scores(between(done, *REPORT), self.source.last_day)
        records = {
            name: json.loads(found.to_json(orient="records", date_format="iso"))
            for name, found in (("misses", misses(scores)), ("alarms", false_alarms(scores)))
        }
        self.save("misses", records | {"backtest_seconds": seconds})

    def more(self) -> None:
        for question in MORE[: self.args.questions]:
            done = self.backtest(question)
            stem = f"{question[0]}_{question[1]}d"
            self.save(f"track_{stem}", self.scores(done))
            self.save(f"backtest_{stem}", self.figures(done)[:1])

    def feed(self) -> None:
        source = events_source(self.data / ICEWS)
        request = BacktestRequest(split_day="2018-11-01", draw_count=self.args.draws)
        report = run_request(source, request)
        self.save("feed", [s | {"blocks": "2018-11 to 2019-03, 2021"} for s in report.summaries])

    def trials(self) -> None:
        self.save("trials", risk_trials.measure_trials(self.source))

    def exposure(self) -> None:
        self.save("exposure", risk_exposure.measure_exposure(self.source, self.material()))


def between(done: Backtest, first: int, last: int) -> Backtest:
    """Return the backtest of test years first..last; earlier ones become its warm-up."""
    early = [f for f in done.folds if f.fold.year < first]
    kept = [f for f in done.folds if first <= f.fold.year <= last]
    return replace(done, folds=kept, warm_up=early)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--history", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--steps", default="main,feed,exposure,trials,more")
    parser.add_argument("--questions", type=int, default=len(MORE), help="how many of `more`")
    parser.add_argument("--rivals", action="store_true", help="gradient boosting too")
    chain = Chain(parser.parse_args())
    for step in chain.args.steps.split(","):
        work: Callable[[], None] = getattr(chain, step)
        work()
    print(f"all after {time.monotonic() - chain.started:.0f} s, numpy {np.__version__}")


if __name__ == "__main__":
    main()
