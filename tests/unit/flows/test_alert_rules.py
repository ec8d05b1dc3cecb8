"""Which scores, sources and runs fire an alert, and what the message says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from features.errors import ConfigError
from flows.alert_rules import (
    Rule,
    fire_failed,
    fire_late,
    fire_scores,
    fire_sources,
    read_rules,
    sort_messages,
)

DAY = date(2026, 1, 10)


def score(dyad: str = "COL-USA", **over: Any) -> dict[str, Any]:
    return {
        "dyad": dyad,
        "as_of_date": DAY,
        "level": "HIGH",
        "prob": 0.30,
        "prob_low": 0.2,
        "prob_high": 0.4,
        "change_1d": 0.05,
        "change_7d": 0.10,
        "level_1d_ago": "ELEVATED",
        "top_driver": "threats fading",
    } | over


def rule(**over: Any) -> Rule:
    return Rule(**({"name": "r", "kind": "level", "level": "HIGH"} | over))


def jump(**over: Any) -> Rule:
    return Rule(**({"name": "j", "kind": "jump"} | over))


@pytest.mark.parametrize(
    ("given", "row", "fires"),
    [
        pytest.param(rule(), score(), True, id="level reached"),
        pytest.param(rule(), score(level_1d_ago="HIGH"), False, id="level held is no news"),
        pytest.param(rule(), score(level_1d_ago=None), True, id="level at the first score"),
        pytest.param(rule(level="SEVERE"), score(), False, id="level below the bar"),
        pytest.param(rule(level="ELEVATED"), score(level_1d_ago="LOW"), True, id="level passed"),
        pytest.param(rule(dyads=("IRN-USA",)), score(), False, id="not on the watch-list"),
        pytest.param(rule(dyads=("usa-col",)), score(), True, id="watch-list in any order"),
        pytest.param(jump(points=10), score(prob=0.3, change_7d=0.3 - 0.2), True, id="points"),
        pytest.param(jump(points=11), score(), False, id="points not reached"),
        pytest.param(jump(points=5, days=1), score(), True, id="points in a day"),
        pytest.param(jump(ratio=1.5), score(), True, id="ratio"),
        pytest.param(jump(ratio=1.6), score(), False, id="ratio not reached"),
        pytest.param(jump(ratio=1.2, min_prob=0.5), score(), False, id="too small to matter"),
        pytest.param(jump(points=1), score(change_7d=None), False, id="nothing to compare with"),
        pytest.param(jump(points=1), score(change_7d=-0.4), False, id="a fall"),
        pytest.param(jump(ratio=2), score(prob=0.1, change_7d=0.1), True, id="from nothing"),
    ],
)
def test_scores(given: Rule, row: dict[str, Any], fires: bool) -> None:
    assert bool(list(fire_scores(given, [row]))) is fires


def test_message_names_pair_level_probability_and_driver_and_is_inert() -> None:
    [alert] = fire_scores(rule(), [score(top_driver="a\x1b[31m\u202eb")])
    assert alert["message"] == (
        "COL-USA reached HIGH: 30.0% (20.0% to 40.0%) chance of a use of force within 30 days."
        " a[31mb"
    )
    assert (alert["rule"], alert["subject"], alert["day"]) == ("r", "COL-USA", DAY)


def test_stale_and_failing_sources() -> None:
    seen = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    rows = [
        {"source_id": name, "outlet": name, "state": name, "last_article_at": seen}
        for name in ("ok", "stale", "failing", "shaky")
    ]
    found = list(fire_sources(Rule(name="s", kind="stale"), rows, DAY))
    assert [alert["subject"] for alert in found] == ["stale", "failing"]
    assert "2026-01-02 03:04" in found[0]["message"]


def test_late_run() -> None:
    late = Rule(name="l", kind="late", hours=3)
    due = [(DAY, datetime(2026, 1, 10, 6, tzinfo=UTC))]
    before, after = due[0][1] + timedelta(hours=2), due[0][1] + timedelta(hours=3)
    assert not list(fire_late(late, DAY - timedelta(days=1), due, before))
    assert not list(fire_late(late, DAY, due, after))
    [alert] = fire_late(late, DAY - timedelta(days=1), due, after)
    assert (alert["subject"], alert["day"], alert["kind"]) == ("daily", DAY, "late")


def test_failed_run() -> None:
    [alert] = fire_failed(Rule(name="f", kind="failed"), DAY, "failed", "no store")
    assert alert["message"] == "the daily run of 2026-01-10 failed: no store"


def test_one_message_a_channel_with_a_pairs_alerts_together() -> None:
    rules = [rule(name="a", channels=("desk", "ops")), jump(name="b", points=1, channels=("desk",))]
    rows = [score(), score("IRN-USA")]
    alerts = [alert for one in rules for alert in fire_scores(one, rows)]
    desk, ops = sort_messages(rules, alerts)
    assert (desk.channel, len(desk.alerts), ops.channel, len(ops.alerts)) == ("desk", 4, "ops", 2)
    assert desk.title == "dyadrisk: COL-USA, IRN-USA"
    assert [line.split()[1] for line in desk.body.splitlines()] == ["COL-USA"] * 2 + ["IRN-USA"] * 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("rules = 1", "rules", id="not a list"),
        pytest.param("[[rules]", "TOML", id="not TOML"),
        pytest.param('[[rules]]\nname = "a"\nkind = "level"', "needs a level", id="no level"),
        pytest.param('[[rules]]\nname = "a"\nkind = "jump"', "points or ratio", id="no size"),
        pytest.param('[[rules]]\nname = "A B"\nkind = "stale"', "name", id="bad name"),
        pytest.param('[[rules]]\nname = "a"\nkind = "jmp"', "kind", id="bad kind"),
        pytest.param('[[rules]]\nname = "a"\nkind = "stale"\nx = 1', "x", id="unknown key"),
        pytest.param('[[rules]]\nname="a"\nkind="stale"\n' * 2, "name of its own", id="twice"),
        pytest.param(
            '[[rules]]\nname="a"\nkind="jump"\npoints=1\ndyads=["USA"]', "COL-USA", id="bad pair"
        ),
    ],
)
def test_wrong_rules_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_rules(path)


def test_missing_file_is_named_and_no_file_means_no_rules(tmp_path: Path) -> None:
    assert read_rules(None) == ()
    with pytest.raises(ConfigError, match=r"alerts\.toml"):
        read_rules(tmp_path / "alerts.toml")
