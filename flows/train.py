"""Train the classifiers of all outcomes and horizons and write their artifacts."""

from __future__ import annotations

import json
import logging
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from features.errors import DataError
from flows.corpora import Source
from models.risk.artifact import artifact_name, save
from models.risk.backtest import OURS
from models.risk.classifier import RiskClassifier
from models.risk.fitting import FitRequest, fit_classifier
from models.risk.labels import HORIZONS, OUTCOMES, Outcome
from models.risk.rows import Material, SampleParams, prepare_material
from models.risk.splits import weekly_origins

log = logging.getLogger(__name__)

# The first year of a corpus only fills the windows.
WARM_UP_DAYS = 365
SHORT_DAYS, SHORT_WARM_UP_DAYS = 1100, 30
TRAINING_STEP_DAYS = 7


@dataclass(frozen=True)
class TrainReport:
    """What was trained: one entry a classifier, ready for the registry."""

    entries: list[dict[str, Any]]
    seconds: float


def prepare(source: Source, params: SampleParams | None = None) -> Material:
    """Return the rows of a source at weekly origins after a warm-up.

    A corpus shorter than SHORT_DAYS warms up for a month only, and is not
    thinned: its windows never fill, so a thin stream cannot be told from a young one.

    Raises:
        DataError: the corpus ends before the warm-up does.
    """
    begin, end = (date.fromisoformat(day) for day in (source.first_day, source.last_day))
    seen_count = (end - begin).days if source.seen is None else len(source.seen)
    is_short = seen_count < SHORT_DAYS
    wait = timedelta(days=SHORT_WARM_UP_DAYS if is_short else WARM_UP_DAYS)
    origins = weekly_origins(begin + wait, end, TRAINING_STEP_DAYS)
    if source.seen is not None:
        origins = origins[np.isin(origins - 1, source.seen)]
    if not len(origins):
        raise DataError(
            f"expected news of more than {wait.days} days, got {source.first_day} to"
            f" {source.last_day}"
        )
    used = params or SampleParams()
    return prepare_material(
        source.corpus,
        origins,
        replace(used, stream_count=0, negative_share=1.0) if is_short else used,
    )


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What to train.

    Args:
        outcomes: which to fit; none means all.
        horizons: which to fit, days; none means all.
        jobs: processes that fit years side by side.
        backtest_figures: ``backtest.json`` whose figures the classifiers carry.
    """

    outcomes: Sequence[Outcome] = ()
    horizons: Sequence[int] = ()
    jobs: int = 1
    backtest_figures: Path | None = None


def train_all(
    source: Source,
    folder: Path,
    request: TrainRequest | None = None,
    say: Callable[[str], None] = log.info,
) -> TrainReport:
    """Fit, save and describe one classifier an outcome and horizon.

    Args:
        source: what to learn from.
        folder: where artifacts and sidecars go.
        request: which to fit; by default all.
        say: takes a line of progress.
    """
    wanted = request or TrainRequest()
    started = time.monotonic()
    material = prepare(source)
    say(f"{len(material.rows)} rows, {len(material.sample)} to fit on")
    tested = read_figures(wanted.backtest_figures)
    entries = []
    for question in product(wanted.outcomes or OUTCOMES, wanted.horizons or HORIZONS):
        volume = source.corpus.reference_volume
        fit = FitRequest(*question, source.last_day, source.digest, volume, wanted.jobs)
        fitted = with_figures(fit_classifier(material, fit), source, material)
        known = tested.get(question, {})
        entries.append(_save(replace(fitted, figures={**fitted.figures, **known}), folder))
        say(f"{fitted.version} after {time.monotonic() - started:.0f} s")
    return TrainReport(entries, time.monotonic() - started)


def read_figures(path: Path | None) -> dict[tuple[str, int], dict[str, Any]]:
    """Return the classifier's own figures of a backtest, by outcome and horizon.

    Raises:
        DataError: the file is no ``backtest.json``.
    """
    if path is None:
        return {}
    try:
        summaries = json.loads(path.read_text("utf-8"))
        return {(s["outcome"], s["horizon_days"]): _headline(s) for s in reversed(summaries)}
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise DataError(f"expected the figures of a backtest in {path.name!r}") from err


def _headline(summary: Mapping[str, Any]) -> dict[str, Any]:
    names = ("auc", "average_precision", "brier", "brier_skill", "ece")
    found: dict[str, Any] = {"backtest_years": "-".join(map(str, summary["years"]))}
    for part, key in (("all", "backtest"), ("onset", "backtest_onset")):
        ours = summary[part]["predictors"][OURS]
        found[key] = {name: ours[name] for name in names}
    return found | {"interval_coverage": summary["coverage"]["coverage"]}


def with_figures(classifier: RiskClassifier, source: Source, material: Material) -> RiskClassifier:
    """Return the classifier with the facts of its training."""
    figures = {
        **classifier.figures,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "data_digest": source.digest,
        "data_from": source.first_day,
        "data_to": source.last_day,
        "code_version": code_version(),
        "row_count": len(material.rows),
        "training_row_count": len(material.sample),
    }
    return replace(classifier, figures=figures)


def _save(classifier: RiskClassifier, folder: Path) -> dict[str, Any]:
    """Write the artifact and return its registry entry."""
    path = folder / artifact_name(classifier.outcome, classifier.horizon_days)
    digest = save(classifier, path)
    figures = dict(classifier.figures)
    return {
        "classifier_version": classifier.version,
        "outcome": classifier.outcome,
        "horizon_days": classifier.horizon_days,
        "kind": "signed logistic",
        "status": "challenger",
        "trained_at": datetime.fromisoformat(figures["trained_at"]),
        "data_digest": figures["data_digest"],
        "code_version": figures["code_version"],
        "params": {"columns": list(classifier.columns), "cuts": list(classifier.cuts)},
        "figures": figures,
        "artifact_path": str(path),
        "artifact_sha256": digest,
    }


def code_version() -> str:
    """Return the program's version, with the commit where it runs from a checkout."""
    try:
        version = metadata.version("dyadrisk")
    except metadata.PackageNotFoundError:
        version = "0.1.0"
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return version
    return f"{version}+{found.stdout.strip()}"
