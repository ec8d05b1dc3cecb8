"""Alert rules: reading them from TOML, and which of a day's scores and sources fire them.

Values in, values out: storing and sending are elsewhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from features.errors import ConfigError
from flows.text import plain

Row = Mapping[str, Any]
Alert = dict[str, Any]
Kind = Literal["level", "jump", "stale", "late", "failed"]

LEVELS: Final = ("LOW", "GUARDED", "ELEVATED", "HIGH", "SEVERE")
DAILY_SUBJECT: Final = "daily"
_ILL: Final = ("stale", "failing")


class Rule(BaseModel):
    """When an alert fires and where it goes.

    Args:
        name: short, unique; stored with every alert.
        kind: level (reached), jump (of the probability), stale (source), late or failed (run).
        channels: names of channels; none stores the alert and emits its event only.
        dyads: watch-list of pairs; empty means all pairs.
        outcome: which score is looked at.
        horizon_days: which score is looked at.
        level: kind level: fires when a pair reaches this level from below it.
        days: kind jump: 1 or 7 days back.
        points: kind jump: rise of the probability in percentage points.
        ratio: kind jump: the probability is this many times the earlier one.
        min_prob: kind jump: smaller probabilities fire nothing, 0 to 1.
        hours: kind late: hours after the scheduled time without a score.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    kind: Kind
    channels: tuple[str, ...] = ()
    dyads: tuple[str, ...] = ()
    outcome: str = "force"
    horizon_days: int = 30
    level: Literal["GUARDED", "ELEVATED", "HIGH", "SEVERE"] | None = None
    days: Literal[1, 7] = 7
    points: float | None = Field(None, gt=0, le=100)
    ratio: float | None = Field(None, gt=1)
    min_prob: float = Field(0.0, ge=0, le=1)
    hours: float = Field(3.0, ge=0)

    @field_validator("dyads", mode="after")
    @classmethod
    def _sort_pairs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for dyad in value:
            if [len(part) for part in dyad.split("-")] != [3, 3]:
                raise ValueError(f"expected pairs such as COL-USA, got {dyad!r}")
        return tuple("-".join(sorted(dyad.upper().split("-"))) for dyad in value)

    @model_validator(mode="after")
    def _check_kind(self) -> Rule:
        if self.kind == "level" and self.level is None:
            raise ValueError("kind level needs a level, such as HIGH")
        if self.kind == "jump" and self.points is None and self.ratio is None:
            raise ValueError("kind jump needs points or ratio")
        return self


class AlertFile(BaseModel):
    """A TOML file of rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _check_names(self) -> AlertFile:
        names = [rule.name for rule in self.rules]
        if len(set(names)) != len(names):
            raise ValueError("every rule needs a name of its own")
        return self


def read_rules(path: Path | None) -> tuple[Rule, ...]:
    """Return the rules of a TOML file; none when there is no file.

    Raises:
        ConfigError: the file is missing or a rule is wrong.
    """
    if path is None:
        return ()
    try:
        return AlertFile.model_validate(tomllib.loads(path.read_text("utf-8"))).rules
    except OSError as err:
        raise ConfigError(f"cannot read the alert rules {str(path)!r}: {err.strerror}") from err
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"alert rules {str(path)!r}: {where}: {first['msg']}") from err
    except ValueError as err:
        raise ConfigError(f"alert rules {str(path)!r} are no TOML: {err}") from err


def fire_scores(rule: Rule, rows: Iterable[Row]) -> Iterator[Alert]:
    """Yield the alerts of one rule over a day's scores (rows of ``risk_history``)."""
    for row in rows:
        if rule.dyads and row["dyad"] not in rule.dyads:
            continue
        if rule.kind == "level" and is_level_reached(rule, row):
            yield _score_alert(rule, row, row["change_1d"], f"reached {row['level']}")
        if rule.kind == "jump" and is_jump(rule, row):
            change = row[f"change_{rule.days}d"]
            unit = "day" if rule.days == 1 else "days"
            words = f"rose by {100 * change:.1f} points in {rule.days} {unit} to {row['level']}"
            yield _score_alert(rule, row, change, words)


def is_level_reached(rule: Rule, row: Row) -> bool:
    """Return whether the pair is at the rule's level or above and was below it before."""
    bar = LEVELS.index(str(rule.level))
    before = row["level_1d_ago"]
    return LEVELS.index(row["level"]) >= bar and (before is None or LEVELS.index(before) < bar)


def is_jump(rule: Rule, row: Row) -> bool:
    """Return whether the probability rose enough, in points or as a ratio."""
    change = row[f"change_{rule.days}d"]
    if change is None or change <= 0 or row["prob"] < rule.min_prob:
        return False
    # Half a hundredth of a point of room: 0.30 - 0.20 is a little less than ten points.
    by_points = rule.points is not None and 100 * change >= rule.points - 0.005
    before = max(row["prob"] - change, 1e-9)
    by_ratio = rule.ratio is not None and row["prob"] / before >= rule.ratio - 1e-6
    return by_points or by_ratio


def _score_alert(rule: Rule, row: Row, change: float | None, words: str) -> Alert:
    what = "a use of force" if rule.outcome == "force" else "an escalation"
    message = (
        f"{row['dyad']} {words}: {row['prob']:.1%} ({row['prob_low']:.1%} to"
        f" {row['prob_high']:.1%}) chance of {what} within {rule.horizon_days} days."
        f" {plain(row['top_driver'] or '')}".rstrip()
    )
    return _alert(rule, row["dyad"], row["as_of_date"], message) | {
        "outcome": rule.outcome,
        "horizon_days": rule.horizon_days,
        "prob": row["prob"],
        "change": change,
        "level": row["level"],
    }


def fire_sources(rule: Rule, rows: Iterable[Row], day: date) -> Iterator[Alert]:
    """Yield an alert for each source that is stale or fails (rows of ``source_health``)."""
    for row in rows:
        if rule.kind == "stale" and row["state"] in _ILL:
            seen = row["last_article_at"]
            since = f"last article {seen:%Y-%m-%d %H:%M} UTC" if seen else "no article yet"
            words = f"source {plain(row['outlet'])} is {row['state']}: {since}"
            yield _alert(rule, row["source_id"], day, words)


def fire_late(
    rule: Rule, last_scored: date | None, due: Sequence[tuple[date, datetime]], now: datetime
) -> Iterator[Alert]:
    """Yield an alert for the newest day that is overdue and has no score.

    Args:
        rule: of kind late.
        last_scored: newest as_of_date with scores.
        due: days and the times at which their runs were scheduled.
        now: UTC.
    """
    overdue = [
        day
        for day, moment in due
        if (now - moment).total_seconds() >= 3600 * rule.hours
        and (last_scored is None or day > last_scored)
    ]
    if rule.kind == "late" and overdue:
        day = max(overdue)
        words = f"the daily run of {day} is late: no score {rule.hours:g} hours after its time"
        yield _alert(rule, DAILY_SUBJECT, day, words)


def fire_failed(rule: Rule, day: date, state: str, message: str) -> Iterator[Alert]:
    """Yield an alert for a run that failed or crashed."""
    if rule.kind == "failed":
        yield _alert(
            rule, DAILY_SUBJECT, day, f"the daily run of {day} {state}: {plain(message, 300)}"
        )


def _alert(rule: Rule, subject: str, day: date, message: str) -> Alert:
    empty = dict.fromkeys(("outcome", "horizon_days", "prob", "change", "level"))
    return {
        "rule": rule.name,
        "subject": subject,
        "day": day,
        "kind": rule.kind,
        "message": message,
        **empty,
    }


@dataclass(frozen=True)
class Outbox:
    """One message to one channel."""

    channel: str
    title: str
    body: str
    alerts: tuple[Alert, ...]


def sort_messages(rules: Sequence[Rule], alerts: Sequence[Alert]) -> list[Outbox]:
    """Return one message a channel with all its alerts; a pair's alerts stand together."""
    channels: dict[str, list[Alert]] = {}
    by_name = {rule.name: rule for rule in rules}
    for alert in sorted(alerts, key=lambda a: (str(a["day"]), a["subject"], a["rule"])):
        rule = by_name.get(alert["rule"])
        for channel in rule.channels if rule else ():
            channels.setdefault(channel, []).append(alert)
    return [
        Outbox(channel, _title(found), _body(found), tuple(found))
        for channel, found in channels.items()
    ]


def _title(alerts: Sequence[Alert]) -> str:
    subjects = list(dict.fromkeys(alert["subject"] for alert in alerts))
    more = f" and {len(subjects) - 3} more" if len(subjects) > 3 else ""
    return f"dyadrisk: {', '.join(subjects[:3])}{more}"


def _body(alerts: Sequence[Alert]) -> str:
    return "\n".join(f"{a['day']} {a['message']} [{a['rule']}]" for a in alerts)
