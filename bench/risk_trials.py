"""What a change of the method does on the development years, beside what ships.

    python -m bench.risk_trials [--history FOLDER] [--only WORD]

Test years 2008 to 2015 in blocks of two, each fitted on the years before and calibrated on the
blocks before; a weighted sample of the rows. Prints a Markdown table: change of the log loss a
thousand rows (standard error by pair) and average precision, on all rows and on onset rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from bench.risk_tables import table
from features.registry import CLASSIFIER_COLUMNS, COLUMN_BY_NAME, ClassifierColumn
from flows.corpora import Source, read_history
from models.risk.classifier import to_prob
from models.risk.rows import RowSet, SampleParams, build_rows, sample_rows
from models.risk.splits import day_number, weekly_origins
from models.risk.training import PENALTY, FitData, fit_calibration, fit_weights

Floats = npt.NDArray[np.float64]

FIRST_ORIGIN, LAST_ORIGIN = "2003-07-01", "2015-12-01"
# The first block only calibrates.
BLOCKS = ((2006, 2008), (2008, 2010), (2010, 2012), (2012, 2014), (2014, 2016))
HEAD = ("trial", "log loss, all rows", "log loss, onset rows", "AP, all", "AP, onset")
TENSION = ("threat_fade15_count", "military_fade15_count", "quad3_fade15_count")


def product(first: str, second: str, monotone: int = 0) -> ClassifierColumn:
    name = f"{first}_x_{second}_trial{monotone}_product"
    signal = f"{first}*{second}"
    return ClassifierColumn(
        name, "product", signal, 0, "", "product", monotone, transform="identity"
    )


def like(name: str, scale: int, monotone: int | None = None) -> ClassifierColumn:
    """Return a registered column with another half-life."""
    old = COLUMN_BY_NAME[name]
    new_name = name.replace(f"fade{old.scale}", f"fade{scale}") + "_trial"
    sign = old.monotone if monotone is None else monotone
    return replace(old, name=new_name, scale=scale, monotone=sign)


def since(signal: str) -> ClassifierColumn:
    return replace(
        COLUMN_BY_NAME["force_since_days"], name=f"{signal}_since_days_trial", signal=signal
    )


HABIT = tuple(product("force_near_fade1000_days", name) for name in TENSION)
PLACE = tuple(
    product(place, name) for place in ("is_land_neighbour", "is_rival") for name in TENSION
)
SIGNED = tuple(replace(c, name=c.name.replace("trial0", "trial1"), monotone=1) for c in PLACE)


@dataclass(frozen=True)
class Trial:
    """One change: columns more, columns less, another penalty, no help from conflict."""

    words: str
    more: tuple[ClassifierColumn, ...] = ()
    less: tuple[str, ...] = ()
    penalty_weight: float = PENALTY
    is_helped: bool = True


TRIALS = (
    Trial("as it ships"),
    Trial("without the lasting habit", less=("force_habit_ratio",)),
    Trial("without the fit on material conflict", is_helped=False),
    Trial("habit x threats, military acts, verbal conflict", HABIT),
    Trial("border and rivalry x the same", PLACE),
    Trial("the same, sign as theory demands", SIGNED),
    Trial(
        "fast de-escalation and force of the last days",
        (like("deescalation_fade60_count", 15), like("force_fade4_count", 2)),
    ),
    Trial("days since threats and military acts", (since("threat"), since("military"))),
    Trial("trend of force", (replace(COLUMN_BY_NAME["quad4_trend30_ratio"],
          name="force_trend30_trial_ratio", signal="force"),)),
    Trial("penalty 1e-3", penalty_weight=1e-3),
    Trial("penalty 1e-2", penalty_weight=1e-2),
)  # fmt: skip


@dataclass(frozen=True)
class Forecast:
    """Calibrated forecasts of all test years with their labels."""

    prob: Floats
    y: npt.NDArray[np.bool_]
    weight: Floats
    is_onset: npt.NDArray[np.bool_]
    pair: npt.NDArray[np.int64]

    def loss(self) -> Floats:
        """Return the log loss of each row."""
        found: Floats = -np.log(np.where(self.y, self.prob, 1 - self.prob))
        return found

    def precision(self, rows: npt.NDArray[np.bool_]) -> float:
        return float(
            average_precision_score(self.y[rows], self.prob[rows], sample_weight=self.weight[rows])
        )


def read_rows(source: Source) -> RowSet:
    """Return the sample of the development years with the columns of every trial."""
    more = tuple({c.name: c for trial in TRIALS for c in trial.more}.values())
    COLUMN_BY_NAME.update({column.name: column for column in more})
    origins = weekly_origins(FIRST_ORIGIN, LAST_ORIGIN)
    rows = build_rows(source.corpus, origins, (*CLASSIFIER_COLUMNS, *more))
    params = SampleParams()
    return sample_rows(rows, params, np.random.default_rng(params.seed))


def with_columns(rows: RowSet, trial: Trial) -> RowSet:
    """Return the rows as a trial sees them."""
    own = {c.name for c in CLASSIFIER_COLUMNS} - set(trial.less) | {c.name for c in trial.more}
    kept = [i for i, name in enumerate(rows.matrix.columns) if name in own]
    names = tuple(rows.matrix.columns[i] for i in kept)
    matrix = replace(rows.matrix, columns=names, values=rows.matrix.values[:, kept])
    return replace(rows, matrix=matrix, conflict=rows.conflict if trial.is_helped else None)


def blocks(rows: RowSet, trial: Trial) -> Iterator[tuple[RowSet, Floats]]:
    """Yield the rows of each block with their log odds, fitted on the years before."""
    for first, end in BLOCKS:
        begin, stop = (day_number(f"{year}-01-01") for year in (first, end))
        test = rows.take((rows.as_of >= begin) & (rows.as_of < stop))
        data = FitData(rows, None, begin)
        weights = fit_weights(data, "force", 30, trial.penalty_weight)
        yield test, weights.raw_log_odds(test)


def forecast(rows: RowSet, trial: Trial) -> Forecast:
    """Return the forecasts of all blocks but the first, each calibrated on those before it."""
    done: list[tuple[RowSet, Floats]] = []
    probs = []
    for test, odds in blocks(with_columns(rows, trial), trial):
        if done:
            past = np.concatenate([o for _, o in done])
            y = np.concatenate([r.labels("force", 30) for r, _ in done])
            weight = np.concatenate([r.weight for r, _ in done])
            probs.append(to_prob(fit_calibration(past, y, weight).apply(odds)))
        done.append((test, odds))
    tests = [test for test, _ in done[1:]]
    dyads = np.concatenate([test.matrix.dyads for test in tests]).astype(str)
    return Forecast(
        np.concatenate(probs),
        np.concatenate([test.labels("force", 30) for test in tests]),
        np.concatenate([test.weight for test in tests]),
        np.concatenate([test.onsets() for test in tests]),
        np.unique(dyads, return_inverse=True)[1],
    )


def change(new: Forecast, old: Forecast, rows: npt.NDArray[np.bool_]) -> str:
    """Return the change of the log loss a thousand rows and its standard error by pair."""
    weight = old.weight * rows / old.weight[rows].sum()
    by_pair = np.bincount(old.pair, 1000 * weight * (new.loss() - old.loss()))
    return f"{by_pair.sum():+.3f} ({np.sqrt((by_pair**2).sum()):.3f})"


def trial_row(words: str, new: Forecast, old: Forecast) -> list[str]:
    parts = (np.ones(len(old.y), dtype=bool), old.is_onset)
    if new is old:
        losses = [f"{1000 * np.average(old.loss()[p], weights=old.weight[p]):.3f}" for p in parts]
    else:
        losses = [change(new, old, part) for part in parts]
    return [words, *losses, *(f"{new.precision(part):.3f}" for part in parts)]


def measure_trials(source: Source, only: str = "") -> list[list[str]]:
    """Return one row of the table a trial, what ships first."""
    rows = read_rows(source)
    shipped = forecast(rows, TRIALS[0])
    chosen = [trial for trial in TRIALS[1:] if only in trial.words]
    return [
        trial_row(TRIALS[0].words, shipped, shipped),
        *(trial_row(trial.words, forecast(rows, trial), shipped) for trial in chosen),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--history", type=Path)
    parser.add_argument("--only", default="", help="trials whose words hold this")
    args = parser.parse_args()
    print("\n".join(table(HEAD, measure_trials(read_history(args.history), args.only))))


if __name__ == "__main__":
    main()
