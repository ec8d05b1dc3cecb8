"""Rows to learn from and to be judged on: one per pair and weekly origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.matrix import FeatureMatrix
from features.pair_history import REFERENCE_VOLUME, History
from features.registry import CLASSIFIER_COLUMNS, ClassifierColumn
from features.windows import compute_features
from models.risk.exposure import thin_stream
from models.risk.labels import (
    OUTCOMES,
    ForceRecord,
    Outcome,
    count_force,
    label_rows,
    onset_rows,
)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SampleParams:
    """How training rows are drawn.

    Args:
        negative_share: share of the rows without force nearby that are kept
            (and weighted up in return).
        stream_count: number of thinned copies of the stream.
        lowest_rate: smallest share of stories in a thinned copy.
        thinned_share: rows drawn from each thinned copy, relative to the full sample.
        seed: of every random draw.
    """

    negative_share: float = 0.08
    stream_count: int = 10
    lowest_rate: float = 0.01
    thinned_share: float = 0.1
    seed: int = 20260101


@dataclass(frozen=True)
class RowSet:
    """Features with everything needed to label and split them.

    Args:
        matrix: features, one row per pair and origin.
        as_of: day number of each row.
        weight: how many rows of the universe a sampled row stands for.
        record: where labels come from.
        conflict: material conflict of the stream, an easier thing to learn from.
    """

    matrix: FeatureMatrix
    as_of: Ints
    weight: Floats
    record: ForceRecord
    conflict: ForceRecord | None = None

    def __len__(self) -> int:
        return len(self.as_of)

    def labels(self, outcome: Outcome, horizon_days: int) -> Bools:
        """Return the label of each row."""
        return label_rows(self.record, self.matrix.dyads, self.as_of, outcome, horizon_days)

    def onsets(self) -> Bools:
        """Return which rows are onset rows (quiet before)."""
        return onset_rows(self.record, self.matrix.dyads, self.as_of)

    def conflicts(self, horizon_days: int) -> Bools | None:
        """Return whether material conflict of any kind followed, None where nobody knows."""
        if self.conflict is None:
            return None
        count = count_force(self.conflict, self.matrix.dyads, self.as_of, horizon_days)
        return count > 0

    def take(self, rows: Ints | Bools) -> RowSet:
        """Return the chosen rows."""
        parts = (self.matrix.take(rows), self.as_of[rows], self.weight[rows])
        return RowSet(*parts, self.record, self.conflict)


@dataclass(frozen=True)
class Corpus:
    """A stream of DyadDays with its volume and the record of what happened.

    Args:
        dyad_days, day_volume: what features are computed from.
        record: uses of force, from the same stream or from another judge.
        reference_volume: stories a day above which counts are scaled down.
    """

    dyad_days: pd.DataFrame
    day_volume: pd.DataFrame
    record: ForceRecord
    reference_volume: float = REFERENCE_VOLUME

    def history(self) -> History:
        """Return the indexed stream."""
        return History(self.dyad_days, self.day_volume, self.reference_volume)

    def conflict(self) -> ForceRecord:
        """Return the record of material conflict of the stream."""
        return ForceRecord(self.dyad_days, "quad4")


def build_rows(
    corpus: Corpus,
    origins: Ints,
    columns: Sequence[ClassifierColumn] = CLASSIFIER_COLUMNS,
    history: History | None = None,
) -> RowSet:
    """Return all rows of pairs with any mention or event in the 365 days before an origin."""
    indexed = history or corpus.history()
    ids, days = indexed.active_rows(origins)
    matrix = compute_features(indexed, indexed.dyads, ids, days, columns)
    return RowSet(matrix, days, np.ones(len(days)), corpus.record, corpus.conflict())


def sample_rows(rows: RowSet, params: SampleParams, rng: np.random.Generator) -> RowSet:
    """Return every row near force and a share of the quiet ones, weighted to stand for all."""
    near = np.zeros(len(rows), dtype=bool)
    for outcome in OUTCOMES:
        near |= rows.labels(outcome, 90)
    kept = near | (rng.random(len(rows)) < params.negative_share)
    sample = rows.take(kept)
    weight = np.where(near[kept], 1.0, 1.0 / params.negative_share)
    return replace(sample, weight=weight)


@dataclass(frozen=True)
class ThinRows:
    """Rows of the sample seen through one thinned stream.

    Args:
        rows: the rows with the thinned stream's features.
        places: position of each row in the sample.
    """

    rows: RowSet
    places: Ints


def thinned_rows(
    corpus: Corpus,
    sample: RowSet,
    params: SampleParams,
    rng: np.random.Generator,
) -> list[ThinRows]:
    """Return parts of the sample as they look through randomly thinned streams.

    Labels stay those of the full stream: the question is what the world will
    report, not what the thin stream will notice.
    """
    columns = {column.name: column for column in CLASSIFIER_COLUMNS}
    chosen_columns = [columns[name] for name in sample.matrix.columns]
    parts = []
    for number in range(params.stream_count):
        low = params.lowest_rate
        fixed = float(np.exp(rng.uniform(np.log(low), 0.0)))
        rate = fixed if number % 2 else (low, 1.0)
        days, volume = thin_stream(corpus.dyad_days, corpus.day_volume, rate, rng)
        history = History(days, volume, corpus.reference_volume)
        places = np.flatnonzero(rng.random(len(sample)) < params.thinned_share)
        part = sample.take(places)
        names, index = np.unique(part.matrix.dyads.astype(str), return_inverse=True)
        matrix = compute_features(
            history, [str(n) for n in names], index.astype(np.int64), part.as_of, chosen_columns
        )
        parts.append(ThinRows(replace(part, matrix=matrix), places))
    return parts


def join_rows(parts: Sequence[RowSet]) -> RowSet:
    """Return several row sets of one record as one."""
    first = parts[0]
    matrix = FeatureMatrix(
        np.concatenate([p.matrix.dyads for p in parts]),
        np.concatenate([p.matrix.as_of_dates for p in parts]),
        first.matrix.columns,
        np.concatenate([p.matrix.values for p in parts]),
    )
    return RowSet(
        matrix,
        np.concatenate([p.as_of for p in parts]),
        np.concatenate([p.weight for p in parts]),
        first.record,
        first.conflict,
    )


@dataclass(frozen=True)
class Material:
    """Everything that fitting and testing needs, prepared once.

    Args:
        rows: every pair and origin through the full stream: tested on.
        sample: weighted sample of them: fitted on.
        thinned: parts of the sample through thinned streams: fitted on as well.
    """

    rows: RowSet
    sample: RowSet
    thinned: list[ThinRows]

    def thin(self) -> RowSet | None:
        """Return the thinned rows in one piece, None where there are none."""
        return join_rows([part.rows for part in self.thinned]) if self.thinned else None


def prepare_material(
    corpus: Corpus,
    origins: Ints,
    params: SampleParams | None = None,
    columns: Sequence[ClassifierColumn] = CLASSIFIER_COLUMNS,
) -> Material:
    """Return rows, sample and thinned rows of a corpus at the given origins."""
    used = params or SampleParams()
    rng = np.random.default_rng(used.seed)
    rows = build_rows(corpus, origins, columns)
    sample = sample_rows(rows, used, rng)
    return Material(rows, sample, thinned_rows(corpus, sample, used, rng))
