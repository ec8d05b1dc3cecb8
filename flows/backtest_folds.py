"""Which test years or blocks a backtest has, and whether the news can answer for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from features.errors import ConfigError
from flows.corpora import Source
from models.risk.backtest import CALIBRATION_YEARS
from models.risk.labels import Outcome
from models.risk.rows import Material, RowSet
from models.risk.splits import Fold, day_number, rolling_folds

BLOCK_GAP_DAYS = 60


def check_span(source: Source, split_day: str | None, first_year: int, last_year: int) -> None:
    """Refuse, before any work, to test on time of which the source has no news.

    Raises:
        ConfigError: the years are swapped, or lie outside the news; the message says where it is.
    """
    if split_day is not None:
        if not source.first_day < split_day < source.last_day:
            raise ConfigError(f"expected --split {_between(source)}, got {split_day}")
        return
    if first_year > last_year:
        raise ConfigError(f"expected --from before --to, got --from {first_year} --to {last_year}")
    if str(last_year) < source.first_day[:4] or str(first_year) > source.last_day[:4]:
        raise ConfigError(
            f"expected years {_between(source)}, got --from {first_year} --to {last_year}"
        )


def _between(source: Source) -> str:
    return f"between {source.first_day} and {source.last_day}, where the news lies"


def year_folds(first_year: int, last_year: int, horizon_days: int) -> list[Fold]:
    """Return one fold a year, and those of the years before on which they are calibrated."""
    return list(rolling_folds(first_year - CALIBRATION_YEARS, last_year, horizon_days))


def block_folds(split_day: str, horizon_days: int, rows: RowSet) -> list[Fold]:
    """Return one fold a block of days from ``split_day`` on, all trained before it.

    Blocks are named by their first year.

    Raises:
        ConfigError: there is nothing to test from that day on.
    """
    begin = day_number(split_day)
    days = np.unique(rows.as_of[rows.as_of >= begin])
    if not len(days):
        last = _day(int(rows.as_of.max()))
        raise ConfigError(f"expected --split up to {last}, where the news ends, got {split_day}")
    starts = days[np.diff(days, prepend=days[0] - 999) > BLOCK_GAP_DAYS]
    ends = [*starts[1:], days[-1] + 1]
    known = begin - horizon_days + 1
    return [
        Fold(int(_day(int(start))[:4]), int(start), int(end), known)
        for start, end in zip(starts, ends, strict=True)
    ]


def clip_folds(folds: Sequence[Fold], last_day: str, horizon_days: int) -> list[Fold]:
    """Return the folds without the test rows whose outcome is not known yet."""
    known = day_number(last_day) - horizon_days + 1
    return [replace(fold, test_end=min(fold.test_end, known)) for fold in folds]


def usable_folds(
    folds: Sequence[Fold], material: Material, question: tuple[Outcome, int], report_from: int = 0
) -> list[Fold]:
    """Return the folds that have rows to test on and, before them, a case to learn from.

    Args:
        folds: in order of time.
        material: rows to test on and to fit on.
        question: outcome and horizon in days.
        report_from: first year that is reported; those before only calibrate.

    Raises:
        ConfigError: no fold to be reported is left.
    """
    kept = list(_usable(folds, material, question))
    if not any(fold.year >= report_from for fold in kept):
        first, last = (_day(int(day)) for day in _span(material.rows))
        asked = ", ".join(str(fold.year) for fold in folds if fold.year >= report_from)
        raise ConfigError(
            f"expected years with news to test on and {question[0]} in the news before them,"
            f" got {asked}: scores can be made from {first} to {last},"
            f" outcomes are known {question[1]} days later"
        )
    return kept


def _usable(
    folds: Sequence[Fold], material: Material, question: tuple[Outcome, int]
) -> Iterator[Fold]:
    labels = material.sample.labels(*question)
    for fold in folds:
        learnt = labels[fold.train_rows(material.sample.as_of)]
        if fold.test_rows(material.rows.as_of).any() and learnt.any() and not learnt.all():
            yield fold


def _span(rows: RowSet) -> tuple[int, int]:
    return int(rows.as_of.min()), int(rows.as_of.max())


def _day(number: int) -> str:
    return str(np.datetime64(number, "D"))
