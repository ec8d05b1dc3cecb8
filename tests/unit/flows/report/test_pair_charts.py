"""The charts of one pair, drawn by the page."""

from __future__ import annotations

import json

from flows.report.pair_charts import score_spec, weeks_spec


def test_specifications_are_json_and_name_no_address() -> None:
    for spec in (score_spec(), weeks_spec()):
        assert "http" not in json.dumps(spec)


def test_tooltips_take_text_and_not_addresses() -> None:
    marks = score_spec()["layer"][-1]
    fields = {tip["field"] for tip in marks["encoding"]["tooltip"]}
    assert fields == {"d", "what", "text"}
