"""The registry's commands: list, show with formula, compare, promote, and who scores after."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from features.errors import ConfigError, DataError
from flows import cli_risk
from flows.champions import load_in_force
from flows.register import register_shipped
from models.db import store
from models.db.migrate import upgrade
from models.db.session import open_store
from models.risk.artifact import load_champions, save

VERSION = "force-30d-challenger"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'registry.db'}"


@pytest.fixture
def engine(url, tmp_path):
    """Return a store with the shipped champions and one challenger of force, 30 days."""
    found = open_store(url)
    upgrade(found)
    champions = tuple(load_champions())
    register_shipped(found, champions, "r1")
    own = next(c for c in champions if (c.outcome, c.horizon_days) == ("force", 30))
    path = tmp_path / "challenger.skops"
    digest = save(replace(own, version=VERSION, base=own.base - 1.0), path)
    entry = {
        "classifier_version": VERSION,
        "outcome": "force",
        "horizon_days": 30,
        "kind": "signed logistic",
        "status": "challenger",
        "trained_at": datetime(2026, 1, 1, tzinfo=UTC),
        "data_digest": "0" * 64,
        "code_version": "0",
        "params": {},
        "figures": {"backtest": {"auc": 0.5}},
        "artifact_path": str(path),
        "artifact_sha256": digest,
    }
    store.upsert_classifiers(found, [entry], "r1")
    return found


def in_force(engine):
    classifiers = load_in_force(engine)
    return next(c for c in classifiers if (c.outcome, c.horizon_days) == ("force", 30))


def test_a_challenger_scores_only_once_promoted(engine, url, capsys):
    before = in_force(engine)
    assert before.version != VERSION
    cli_risk.promote_model(VERSION, db=url)
    assert in_force(engine).version == VERSION
    assert in_force(engine).base == pytest.approx(before.base - 1.0)
    statuses = {row["classifier_version"]: row["status"] for row in store.read_classifiers(engine)}
    assert (statuses[VERSION], statuses[before.version]) == ("champion", "retired")
    assert "is champion" in capsys.readouterr().out


def test_list_and_compare_name_both(engine, url, capsys):
    cli_risk.list_models(db=url, json=True)
    listed = json.loads(capsys.readouterr().out)
    assert {row["classifier_version"] for row in listed} >= {VERSION, in_force(engine).version}
    cli_risk.compare_models(in_force(engine).version, VERSION, db=url)
    assert "backtest.auc" in capsys.readouterr().out


def test_the_whole_formula_is_printed(engine, url, capsys):
    cli_risk.show_model(VERSION, formula=True, db=url)
    text = capsys.readouterr().out
    classifier = in_force(engine)
    used = [
        name
        for name, weight in zip(classifier.columns, classifier.weights, strict=True)
        if weight != 0
    ]
    assert all(f"x = {name}:" in text for name in used)
    assert "probability = 1 / (1 + exp(-L))" in text


def test_a_tampered_artifact_cannot_be_promoted(engine, url, tmp_path):
    path = tmp_path / "challenger.skops"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DataError, match="sha256"):
        cli_risk.promote_model(VERSION, db=url)
    assert in_force(engine).version != VERSION


def test_two_questions_cannot_be_compared(engine, url):
    other = next(c for c in load_in_force(engine) if c.horizon_days == 7)
    with pytest.raises(ConfigError, match="one outcome"):
        cli_risk.compare_models(VERSION, other.version, db=url)
