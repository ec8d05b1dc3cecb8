"""Where training and backtests read from: the shipped history, a folder, or coded events."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from features.coded import day_volume_of_events, dyad_days_of_events
from features.errors import ConfigError, DataError
from features.history import Ints
from features.matrix import day_numbers
from features.pair_history import REFERENCE_VOLUME
from features.registry import DYAD_DAY_COLUMNS
from models.risk.labels import ForceRecord
from models.risk.rows import Corpus

log = logging.getLogger(__name__)

DAYS_NAME, VOLUME_NAME = "portal_dyad_days.parquet", "portal_day_volume.parquet"
# From this many events a day on, a day without any is a gap in the table, not a quiet day.
DENSE_EVENTS_A_DAY = 20
Use = Literal["features", "labels", "both"]


@dataclass(frozen=True)
class Source:
    """A corpus with its span and digest.

    Args:
        corpus: features and own labels.
        first_day, last_day: ISO days of the first and the day after the last news.
        digest: sha256 of the bytes that it was read from.
        judge: another record of force to be judged by, if one was named.
        watched: day numbers on which the record judged by was watching; None means all.
        seen: day numbers on which the features' stream was there; None means all.
    """

    corpus: Corpus
    first_day: str
    last_day: str
    digest: str
    judge: ForceRecord | None = None
    watched: Ints | None = None
    seen: Ints | None = None


def history_folder() -> Path:
    """Return the folder of the shipped pair history."""
    return Path(str(resources.files("features") / "data" / "history"))


def read_history(folder: Path | None = None) -> Source:
    """Return the pair history of a folder, by default the shipped one.

    Raises:
        ConfigError: the folder lacks one of the two tables.
        DataError: one of them is broken.
    """
    place = folder or history_folder()
    paths = [place / DAYS_NAME, place / VOLUME_NAME]
    if not all(path.exists() for path in paths):
        raise ConfigError(f"expected {DAYS_NAME} and {VOLUME_NAME} in {str(place)!r}")
    try:
        days, volume = (pd.read_parquet(path) for path in paths)
    except (ValueError, OSError) as err:
        raise DataError(f"expected two Parquet tables in {str(place)!r}: {err}") from err
    days = days.reindex(columns=["dyad", "day", *DYAD_DAY_COLUMNS], fill_value=0)
    days[list(DYAD_DAY_COLUMNS)] = days[list(DYAD_DAY_COLUMNS)].fillna(0)
    corpus = Corpus(days, volume, ForceRecord(days), REFERENCE_VOLUME)
    return Source(corpus, *_span(volume), _digest(paths))


def read_events(path: Path) -> pd.DataFrame:
    """Return a coded event table (parquet or CSV).

    Raises:
        ConfigError: no such file.
        DataError: it is no table.
    """
    if not path.exists():
        raise ConfigError(f"expected an event table, got no file {str(path)!r}")
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, dtype={"cameo_code": str, "cameo_root": str})
    except (ValueError, OSError) as err:
        raise DataError(f"expected a parquet or CSV table in {path.name!r}") from err


def events_source(path: Path) -> Source:
    """Return a corpus whose features and labels both come from a coded event table."""
    events = read_events(path)
    days, volume = dyad_days_of_events(events), day_volume_of_events(events)
    usual = float(volume["story_count"].median())
    seen = np.unique(day_numbers(volume["day"]))
    corpus = Corpus(days, volume, ForceRecord(days), usual)
    return Source(corpus, *_span(volume), _digest([path]), watched=seen, seen=seen)


def judged_by(source: Source, path: Path) -> Source:
    """Return the source with the coded events of a table as independent judge.

    The table needs ``date source_iso3 target_iso3`` and either ``cameo_code``
    or ``hostlev`` (4 and above is force).
    """
    events = read_events(path)
    if "cameo_code" not in events and "hostlev" in events:
        events = _from_hostility(events)
    record = ForceRecord(dyad_days_of_events(events))
    seen = np.unique(day_numbers(events["date"]))
    is_dense = len(events) > DENSE_EVENTS_A_DAY * (seen.max() - seen.min() + 1) / 2
    watched = seen if is_dense else np.arange(seen.min(), seen.max() + 1)
    return replace(source, judge=record, watched=watched)


def _from_hostility(events: pd.DataFrame) -> pd.DataFrame:
    """Return militarized events (MIE columns) as CAMEO events: hostility 4 and 5 are force."""
    known = events.dropna(subset=["source_iso3", "target_iso3"])
    known = known[(known["stday"] > 0) & (known["stmon"] > 0)]
    parts = {"year": known["styear"], "month": known["stmon"], "day": known["stday"]}
    dates = pd.to_datetime(pd.DataFrame(parts), errors="coerce")
    force = known["hostlev"] >= 4
    table = known.assign(date=dates, cameo_code=np.where(force, "190", "150"))
    return table.dropna(subset=["date"])


def choose_source(history: Path | None, events: Path | None, use: Use) -> Source:
    """Return what to learn from and be judged on.

    Args:
        history: folder of a pair history; by default the shipped one.
        events: coded event table, if any.
        use: whether the table gives the features, the labels to judge by, or both.

    Raises:
        ConfigError: ``features`` alone makes no question.
    """
    if events is None:
        return read_history(history)
    if use == "both":
        return events_source(events)
    if use == "labels":
        return judged_by(read_history(history), events)
    if use == "features":
        own, base = events_source(events), read_history(history)
        corpus = Corpus(
            own.corpus.dyad_days,
            own.corpus.day_volume,
            base.corpus.record,
            own.corpus.reference_volume,
        )
        return Source(corpus, own.first_day, own.last_day, own.digest, seen=own.seen)
    raise ConfigError(f"expected --use features, labels or both, got {use!r}")


def _span(volume: pd.DataFrame) -> tuple[str, str]:
    days = day_numbers(volume["day"])
    first, last = np.datetime64(int(days.min()), "D"), np.datetime64(int(days.max()) + 1, "D")
    return str(first), str(last)


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()
