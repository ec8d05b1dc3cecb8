"""``dyadrisk code``: events of a JSONL file, their explanation, and the drawn page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from features.errors import ConfigError
from flows.code import CodeReport, code_file
from flows.settings import load_settings

LINES = (
    {"id": "1", "date": "2026-01-09", "text": "Ghana threatened Togo with war over the river."},
    {"id": "2", "date": "2026-01-09", "text": "Snow fell on the hills."},
    {"id": "<b>3</b>", "date": "2026-01-09", "text": "<script>x</script> Ghana bombed Togo."},
)


def run(folder: Path, **options: object) -> tuple[CodeReport, list[dict[str, object]]]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("\n".join(json.dumps(line) for line in LINES) + "\n{broken\n")
    report = code_file(load_settings(), source, target, **options)  # type: ignore[arg-type]
    return report, [json.loads(line) for line in target.read_text().splitlines()]


def test_explanation_names_actors_trigger_path_and_class_probabilities(tmp_path: Path) -> None:
    report, rows = run(tmp_path, explain=True)
    assert (report.read, report.refused, report.event_count) == (4, 1, len(rows))
    threat = next(row for row in rows if row["plover_event"] == "THREATEN")
    assert (threat["source_iso3"], threat["target_iso3"]) == ("GHA", "TGO")
    assert threat["trigger"] == "threatened"
    assert threat["path"] == "nsubj <- threaten -> obj"
    assert threat["is_explicit"]
    assert [actor["text"] for actor in threat["actors"]] == ["Ghana", "Togo"]  # type: ignore[attr-defined]
    probs = threat["probs"]
    assert isinstance(probs, dict)
    assert sum(probs.values()) == pytest.approx(1.0, abs=0.01)
    assert max(probs, key=probs.__getitem__) == "THREATEN"


def test_without_explanation_rows_hold_the_event_alone(tmp_path: Path) -> None:
    _, rows = run(tmp_path)
    assert rows
    assert not any({"actors", "probs", "path"} & row.keys() for row in rows)


def test_the_page_draws_each_sentence_with_an_event_and_escapes_text(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run(tmp_path, page=page)
    drawn = page.read_text("utf-8")
    assert drawn.count("<section>") == drawn.count("<svg") == 2
    assert "(GHA) &gt; " in drawn
    assert "(TGO): THREATEN, asserted, Goldstein -6, threat; " in drawn
    assert "path nsubj &lt;- threaten -&gt; obj (agent and patient of one verb)" in drawn
    assert "Snow fell" not in drawn
    assert "<script>" not in drawn
    assert "<b>3</b>" not in drawn


def test_one_file_for_both_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("{}")
    with pytest.raises(ConfigError, match="two different files"):
        code_file(load_settings(), path, path)
