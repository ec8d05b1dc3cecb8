"""Artifacts come back as they went, and nothing else comes in."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
import skops.io

from features.errors import DataError
from models.risk.artifact import FORMAT, load, load_champions, save, sidecar_path


@pytest.fixture
def stored(classifier, tmp_path):
    path = tmp_path / "force_30d.skops"
    save(classifier, path)
    return path


def reseal(path, **changes):
    """Give a changed file a fitting digest, as a careful forger would."""
    import hashlib

    side = sidecar_path(path)
    known = json.loads(side.read_text("utf-8"))
    known["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    side.write_text(json.dumps(known | changes), encoding="utf-8")


def test_scores_survive_the_round_trip(classifier, material, stored):
    back = load(stored)
    rows = material.rows.matrix.take(np.arange(50))
    assert back.version == classifier.version
    assert np.allclose(back.predict(rows), classifier.predict(rows), atol=1e-12)
    ours, theirs = classifier.score(rows), back.score(rows)
    assert [a.level for a in ours] == [b.level for b in theirs]
    assert np.allclose([a.prob_low for a in ours], [b.prob_low for b in theirs], atol=1e-6)


def test_a_changed_byte_is_refused(stored):
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.write_bytes(bytes(content))
    with pytest.raises(DataError, match="sha256"):
        load(stored)


def test_a_pickle_in_disguise_is_refused(stored):
    stored.write_bytes(pickle.dumps({"format": FORMAT}))
    reseal(stored)
    with pytest.raises(DataError, match="foreign"):
        load(stored)


def test_a_type_outside_the_list_is_refused(stored):
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    skops.io.dump({"format": FORMAT, "fit": fitted, "call": np.random.default_rng}, stored)
    reseal(stored)
    with pytest.raises(DataError, match=r"type|foreign"):
        load(stored)


def test_another_programs_artifact_is_refused(stored):
    skops.io.dump({"format": "other/1"}, stored)
    reseal(stored)
    with pytest.raises(DataError, match="format"):
        load(stored)


def test_a_missing_sidecar_is_refused(stored):
    sidecar_path(stored).unlink()
    with pytest.raises(DataError, match="sidecar"):
        load(stored)


def test_an_unknown_column_is_refused(classifier, tmp_path):
    from dataclasses import replace

    path = tmp_path / "other.skops"
    save(replace(classifier, columns=("no_such_count", *classifier.columns[1:])), path)
    with pytest.raises(DataError, match="no_such_count"):
        load(path)


def test_the_shipped_artifacts_load_and_name_their_question():
    found = {(c.outcome, c.horizon_days) for c in load_champions()}
    assert found == {(o, h) for o in ("force", "escalation") for h in (7, 30, 90)}
