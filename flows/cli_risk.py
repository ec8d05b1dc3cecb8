"""Commands of the modeller: train, backtest, verify, models list|show|promote|compare."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from features.errors import ConfigError
from flows.cli_options import AT_LEAST_ONE, DbUrl, Json, day_option
from flows.settings import Settings, load_settings, prepare_prefect, put_in_force
from models.db import store
from models.db.migrate import upgrade
from models.db.session import open_store

models_app = App(name="models", help="The registry of classifiers.")

History = Annotated[
    Path | None, Parameter(help="Folder with a pair history; default: the shipped one.")
]


@Parameter(name="*")
@dataclass(frozen=True)
class Question:
    """What to learn from and what to predict.

    Args:
        history: folder with a pair history; by default the shipped one.
        events: coded event table (parquet or CSV) in place of text events.
        use: what the event table gives: features, labels to judge by, or both.
        outcome: force or escalation; may be repeated.
        horizon: days ahead; may be repeated.
        out: folder of what is written.
        jobs: processes that fit years side by side.
    """

    history: Path | None = None
    events: Path | None = None
    use: Literal["features", "labels", "both"] = "both"
    outcome: tuple[Literal["force", "escalation"], ...] = ()
    horizon: Annotated[tuple[int, ...], Parameter(validator=Number(gte=1, lte=365))] = ()
    out: Path | None = None
    jobs: Annotated[int, Parameter(validator=AT_LEAST_ONE)] = 1


@Parameter(name="*")
@dataclass(frozen=True)
class Span:
    """Which time to test on.

    Args:
        first: first test year.
        last: last test year.
        split: for a short corpus: train before this day, test from it on.
    """

    first: Annotated[int, Parameter(name="--from")] = 2010
    last: Annotated[int, Parameter(name="--to")] = 2025
    split: Annotated[
        date | None,
        day_option("--split", "for a short corpus: train before this day, test from it on."),
    ] = None


def say(text: str) -> None:
    """Print a line of progress to stderr at once."""
    print(text, file=sys.stderr, flush=True)


def _use_database(db: str | None) -> Settings:
    settings = load_settings() if db is None else put_in_force("db_url", db)
    prepare_prefect(settings.home)
    return settings


def _open(settings: Settings) -> Any:
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = open_store(settings.database_url)
    upgrade(engine)
    return engine


def train(
    question: Question = Question(),
    *,
    backtest_figures: Annotated[
        Path | None, Parameter(help="backtest.json whose figures the classifiers shall carry.")
    ] = None,
    db: DbUrl = None,
) -> int:
    """Train classifiers and register them as challengers; `models promote` puts one in force."""
    settings = _use_database(db)
    from flows.corpora import choose_source
    from flows.train import TrainRequest, train_all

    source = choose_source(question.history, question.events, question.use)
    folder = question.out or settings.home / "classifiers" / source.digest[:8]
    wanted = TrainRequest(question.outcome, question.horizon, question.jobs, backtest_figures)
    report = train_all(source, folder, wanted, say)
    run_id = f"train-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    store.upsert_classifiers(_open(settings), report.entries, run_id)
    for entry in report.entries:
        print(f"{entry['classifier_version']}  {entry['artifact_path']}")
    say(f"==> {len(report.entries)} classifiers in {report.seconds:.0f} s")
    return 0


def backtest(
    question: Question = Question(),
    span: Span = Span(),
    *,
    labels: Annotated[
        Path | None, Parameter(help="Event table to judge by; as --events --use labels.")
    ] = None,
    keywords: Annotated[
        Path | None, Parameter(help="Table of GPR keyword counts by pair: one more baseline.")
    ] = None,
    rivals: Annotated[bool, Parameter(negative="", help="Boosting and the average too.")] = False,
    publish: Annotated[
        bool, Parameter(negative="", help="Leave a Prefect artifact as well (starts a flow run).")
    ] = False,
    json: Json = False,
) -> int:
    """Fit on the past, test on the next year, year by year; compare with every baseline."""
    settings = _use_database(None)
    from flows.backtest import BacktestRequest, run, run_as_flow, write_report
    from flows.corpora import choose_source

    use = "labels" if labels else question.use
    source = choose_source(question.history, labels or question.events, use)
    request = BacktestRequest(
        question.outcome or ("force",),
        question.horizon or (30,),
        span.first,
        span.last,
        None if span.split is None else str(span.split),
        rivals,
        keywords=keywords,
        jobs=question.jobs,
    )
    report = run_as_flow(source, request, say) if publish else run(source, request, say)
    paths = write_report(report, question.out or settings.home / "backtest")
    print(json_text.dumps(report.figures(), indent=1) if json else report.markdown())
    say(f"==> {report.seconds:.0f} s; wrote {', '.join(str(path) for path in paths)}")
    return 0


def verify(
    *,
    as_of: Annotated[
        date | None, day_option("--as-of", "Scores due before this day are held up.")
    ] = None,
    db: DbUrl = None,
) -> int:
    """Hold past scores against what then happened and renew the track record."""
    _use_database(db)
    from flows.verify import verify as verify_flow

    report = verify_flow(as_of or datetime.now(UTC).date())
    print(f"{report.verified_count} scores verified, {report.month_count} months in the record")
    return 0


@models_app.command(name="list")
def list_models(*, db: DbUrl = None, json: Json = False) -> int:
    """Print every registered classifier with status and figures."""
    rows = store.read_classifiers(_open(_use_database(db)))
    if json:
        print(json_text.dumps(rows, indent=1, default=str))
        return 0
    for row in rows:
        print(
            f"{row['status']:<10} {row['outcome']:<10} {row['horizon_days']:>3} d "
            f" {row['classifier_version']}  {_figure_words(row)}"
        )
    if not rows:
        say("no classifier registered yet; `dyadrisk run` or `dyadrisk train` registers some")
    return 0


@models_app.command(name="show")
def show_model(
    classifier_version: str,
    *,
    formula: Annotated[bool, Parameter(negative="", help="Print the whole formula.")] = False,
    db: DbUrl = None,
) -> int:
    """Print one classifier: facts of its training, figures, and the formula if asked."""
    from flows.champions import load_registered
    from models.risk.formula import render_formula

    row = _find(_open(_use_database(db)), classifier_version)
    if formula:
        print(render_formula(load_registered(row)), end="")
        return 0
    print(json_text.dumps(dict(row), indent=1, default=str))
    return 0


@models_app.command(name="promote")
def promote_model(classifier_version: str, *, db: DbUrl = None) -> int:
    """Put a registered classifier in force; the champion before it retires."""
    from flows.champions import load_registered

    engine = _open(_use_database(db))
    row = _find(engine, classifier_version)
    load_registered(row)
    run_id = f"promote-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    changed = store.promote_classifier(
        engine, classifier_version, row["outcome"], row["horizon_days"], run_id
    )
    print(f"{classifier_version} is champion" + ("" if changed else " already"))
    return 0


@models_app.command(name="compare")
def compare_models(first: str, second: str, *, db: DbUrl = None) -> int:
    """Print the figures of two classifiers side by side."""
    engine = _open(_use_database(db))
    rows = [_find(engine, first), _find(engine, second)]
    if len({(row["outcome"], row["horizon_days"]) for row in rows}) > 1:
        raise ConfigError("expected two classifiers of one outcome and horizon; see `models list`")
    parts = [_flat(row["figures"] or {}) for row in rows]
    print(f"{'figure':<36} {first[-20:]:>20} {second[-20:]:>20}")
    for name in sorted({*parts[0], *parts[1]}):
        a, b = (str(part.get(name, "-"))[:20] for part in parts)
        print(f"{name:<36} {a:>20} {b:>20}")
    return 0


def _find(engine: Any, version: str) -> Mapping[str, Any]:
    """Return the registry row of a version (or of its unique beginning)."""
    rows: Sequence[Mapping[str, Any]] = store.read_classifiers(engine)
    hits = [row for row in rows if row["classifier_version"].startswith(version)]
    if len(hits) != 1:
        known = ", ".join(row["classifier_version"] for row in rows) or "none"
        raise ConfigError(f"expected one registered classifier, got {version!r}; known: {known}")
    return hits[0]


def _figure_words(row: Mapping[str, Any]) -> str:
    figures = _flat(row["figures"] or {})
    wanted = ("backtest.auc", "backtest.average_precision", "backtest.brier_skill")
    return " ".join(f"{n.split('.')[1]}={figures[n]}" for n in wanted if n in figures)


def _flat(figures: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = round(value, 5) if isinstance(value, float) else value
    return found


def mount(app: App) -> None:
    """Add the modeller's commands to the command line."""
    for command in (train, backtest, verify):
        app.command(command)
    app.command(models_app)
