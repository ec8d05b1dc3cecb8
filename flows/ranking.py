"""Which day people look at, and its pairs: shared by the terminal, the report and exports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, Select, select

from features.countries import country_name, is_known_code
from features.errors import ConfigError, DataError
from features.types import Dyad
from models.db import store
from models.db.tables import OUT_CLASSIFIER, OUT_RISK_SCORE

Record = dict[str, Any]
SCORE, CLASSIFIER = OUT_RISK_SCORE.c, OUT_CLASSIFIER.c


def _published_days() -> Select[Any]:
    """Return the query of the newest day that a champion, past or present, scored."""
    same = (
        (CLASSIFIER.classifier_version == SCORE.classifier_version)
        & (CLASSIFIER.outcome == SCORE.outcome)
        & (CLASSIFIER.horizon_days == SCORE.horizon_days)
    )
    return (
        select(SCORE.as_of_date)
        .join_from(OUT_RISK_SCORE, OUT_CLASSIFIER, same)
        .where(CLASSIFIER.status != "challenger")
        .order_by(SCORE.as_of_date.desc())
        .limit(1)
    )


def find_day(engine: Engine, as_of_date: date | None = None) -> date:
    """Return the day to look at: the one asked for, else the newest one scored.

    Raises:
        DataError: nothing was scored, or not on that day; the message names the nearest day.
    """
    query = _published_days()
    with store.reading(engine) as conn:
        newest: date | None = conn.execute(query).scalar()
        if newest is None:
            raise DataError("expected scores in the store, got none; run `dyadrisk run` first")
        if as_of_date is None:
            return newest
        nearest = conn.execute(query.where(SCORE.as_of_date <= as_of_date)).scalar()
    if nearest == as_of_date:
        return as_of_date
    earlier = f"the nearest earlier day with scores is {nearest}" if nearest else "none is earlier"
    raise DataError(
        f"expected scores as of {as_of_date}, got none; {earlier},"
        f" the newest is {newest}: score the day with `dyadrisk run --as-of {as_of_date}`"
    )


def parse_dyad(text: str) -> str:
    """Return the pair that a person named, such as ``col-usa`` or ``USA-COL``.

    Raises:
        ConfigError: the text is no pair, or a code is unknown.

    Example:
        >>> parse_dyad("usa-col")
        'COL-USA'
    """
    try:
        dyad = Dyad.parse(text)
    except DataError as err:
        raise ConfigError(
            f"expected a pair such as COL-USA, two different codes, got {text!r};"
            " `dyadrisk show` lists the pairs"
        ) from err
    for code in (dyad.a, dyad.b):
        if not is_known_code(code):
            raise ConfigError(
                f"expected ISO 3166-1 alpha-3 codes such as COL-USA, got {code!r} in {text!r};"
                " `dyadrisk show` lists the pairs"
            )
    return str(dyad)


def pair_name(dyad: str) -> str:
    """Return a pair in words.

    Example:
        >>> pair_name("COL-USA")
        'Colombia – United States'
    """
    a, _, b = dyad.partition("-")
    return f"{country_name(a)} – {country_name(b)}"


def read_series(
    engine: Engine, as_of_date: date, day_count: int, dyads: list[str] | None = None
) -> dict[str, list[Record]]:
    """Return the published probabilities of the days up to ``as_of_date`` by pair.

    Args:
        engine: the store.
        as_of_date: last day.
        day_count: how many days back.
        dyads: only these pairs; all when None.
    """
    same = (
        (CLASSIFIER.classifier_version == SCORE.classifier_version)
        & (CLASSIFIER.outcome == SCORE.outcome)
        & (CLASSIFIER.horizon_days == SCORE.horizon_days)
    )
    first = as_of_date - timedelta(days=day_count - 1)
    query = (
        select(SCORE.dyad, SCORE.as_of_date, SCORE.prob, SCORE.prob_low, SCORE.prob_high)
        .join_from(OUT_RISK_SCORE, OUT_CLASSIFIER, same)
        .where(CLASSIFIER.status != "challenger")
        .where(SCORE.outcome == store.DEFAULT_OUTCOME)
        .where(SCORE.horizon_days == store.DEFAULT_HORIZON_DAYS)
        .where(SCORE.as_of_date >= first, SCORE.as_of_date <= as_of_date)
        # Of two versions on one day the champion, then the later trained, comes last and stays.
        .order_by(SCORE.dyad, SCORE.as_of_date, CLASSIFIER.status.desc(), CLASSIFIER.trained_at)
    )
    if dyads is not None:
        query = query.where(SCORE.dyad.in_(dyads))
    series: dict[str, dict[date, Record]] = {}
    with store.reading(engine) as conn:
        for row in conn.execute(query).mappings():
            series.setdefault(row["dyad"], {})[row["as_of_date"]] = dict(row)
    return {dyad: list(days.values()) for dyad, days in series.items()}
