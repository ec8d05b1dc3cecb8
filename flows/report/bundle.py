"""Vega for the browser as one script without any network, kept beside the report."""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path
from typing import Final

import vl_convert

log = logging.getLogger(__name__)

VEGA_LITE: Final = "6.4"
_SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"


def load_bundle(folder: Path) -> str:
    """Return the script that defines ``window.vegaEmbed``; built once, then read from a file.

    Args:
        folder: where the built script is kept (building takes some seconds).
    """
    name = f"vega-{VEGA_LITE}-{version('vl-convert-python')}.js"
    kept = folder / name
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    script: str = vl_convert.javascript_bundle(_SNIPPET, vl_version=VEGA_LITE)
    # Inside an HTML script element these two would end or reopen it.
    script = script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(".part")
        draft.write_text(script, encoding="utf-8")
        draft.replace(kept)
    except OSError as err:
        log.debug("the script is not kept: %s", err)
    return script
