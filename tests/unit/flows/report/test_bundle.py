"""The Vega script is built once and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import vl_convert

from flows.report.bundle import load_bundle


def test_script_is_kept_and_cannot_close_its_element(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def build(*_: object, **__: object) -> str:
        built.append(1)
        return 'window.vegaEmbed = "</script><!--"'

    monkeypatch.setattr(vl_convert, "javascript_bundle", build)
    first, second = load_bundle(tmp_path / "cache"), load_bundle(tmp_path / "cache")
    assert first == second and len(built) == 1
    assert "</script" not in first and "<!--" not in first


def test_folder_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda *_, **__: "1")
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert load_bundle(blocked / "cache") == "1"
