"""The documented training, as written but on few pairs and years of the shipped history."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli import main
from models.db import store
from tests.integration.documented import commands, is_one_of, words_of
from tests.integration.small_history import write_history

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("prefect_server")]

PAIR_COUNT = 60
FIRST_DAY = "2014-01-01"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a folder with the shipped history of the busiest pairs."""
    write_history(tmp_path, PAIR_COUNT, FIRST_DAY)
    return tmp_path


@pytest.mark.parametrize(
    ("page", "line"), [c for c in commands() if is_one_of(c[1], ("train",))], ids=str
)
def test_train_registers_a_challenger(
    page: str, line: str, history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(history)
    monkeypatch.setenv("DYADRISK_HOME", str(history / "var"))
    with pytest.raises(SystemExit) as end:
        main([*words_of(line), "--history", str(history)])
    assert not end.value.code, f"{page}: {line}"
    engine = store.open_store(f"sqlite:///{history / 'var' / 'dyadrisk.db'}", read_only=True)
    rows = store.read_classifiers(engine)
    assert [(row["outcome"], row["horizon_days"]) for row in rows] == [("force", 30)]
    assert Path(rows[0]["artifact_path"]).is_file()
