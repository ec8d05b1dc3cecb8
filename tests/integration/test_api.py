"""The reader for notebooks: frames, read-only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from features.errors import ConfigError, DataError, FatalError
from models.api import Reader, open_reader
from models.db import store
from tests.integration.seed import fill_store


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('seed') / 'store.db'}"
    engine = store.open_store(found)
    fill_store(engine)
    engine.dispose()
    return found


def frames(risk: Reader) -> dict[str, object]:
    return {
        "latest": risk.latest(),
        "history": risk.history("usa-col"),
        "movers": risk.movers(),
        "drivers": risk.drivers("COL-USA"),
        "evidence": risk.evidence("COL-USA"),
        "events": risk.events("COL-USA"),
        "days": risk.days("COL-USA"),
        "track_record": risk.track_record(),
        "sources": risk.sources(),
        "columns": risk.columns(),
        "sql": risk.sql("SELECT dyad FROM latest_risk WHERE prob > :least", {"least": 0.05}),
    }


def test_every_method_returns_a_filled_pandas_frame(url: str) -> None:
    with open_reader(url) as risk:
        for name, frame in frames(risk).items():
            assert isinstance(frame, pd.DataFrame) and len(frame), name


def test_every_method_returns_a_filled_arrow_table(url: str) -> None:
    with open_reader(url, arrow=True) as risk:
        for name, table in frames(risk).items():
            assert isinstance(table, pa.Table) and table.num_rows, name


def test_postgresql_and_sqlite_give_the_same_frames(engine: Engine) -> None:
    fill_store(engine)
    risk = Reader(engine)
    assert risk.latest()["dyad"].iloc[0] == "COL-USA"
    assert risk.history("COL-USA")["as_of_date"].dtype.kind == "M"
    assert len(risk.sql("SELECT 1 AS one")) == 1


def test_empty_answers_keep_their_columns(url: str) -> None:
    with open_reader(url) as risk:
        assert "prob" in risk.history("FRA-MEX") and risk.history("FRA-MEX").empty
        assert list(risk.drivers("FRA-MEX")) == ["feature", "value", "contribution", "words"]
        assert risk.events(since=date(2030, 1, 1)).empty


def test_nothing_can_be_written(url: str, tmp_path: Path) -> None:
    with open_reader(url) as risk:
        with pytest.raises(ConfigError, match="reads"):
            risk.sql("DELETE FROM out_risk_score")
        with pytest.raises(DBAPIError), risk._engine.begin() as conn:
            conn.execute(text("DELETE FROM out_risk_score"))
    with pytest.raises(FatalError):
        open_reader(f"sqlite:///{tmp_path / 'none.db'}")


def test_a_word_that_is_no_pair_is_refused(url: str) -> None:
    with open_reader(url) as risk, pytest.raises(DataError, match="COL-USA"):
        risk.history("colombia")
