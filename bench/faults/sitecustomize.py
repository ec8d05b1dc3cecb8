"""Holds a run in the middle of a stage, so that a fault can be made there.

Python imports this module by itself when its folder is on PYTHONPATH. The run stops with
its transaction open when the stage FAULT_STAGE is about to commit (``publish``: about to
read), writes the file FAULT_MARKER and waits until that is gone.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

STAGES = ("prepare", "ingest", "extract", "aggregate", "score", "publish")


def stage_of_now() -> str:
    """Return the stage whose task is on the stack."""
    frame = sys._getframe()
    while frame is not None:
        code = frame.f_code
        if code.co_name in STAGES and code.co_filename.endswith("daily.py"):
            return code.co_name
        frame = frame.f_back
    return "upgrade"


def hold(*_: Any) -> None:
    """Wait in the stage that was asked for, once."""
    marker = Path(os.environ["FAULT_MARKER"])
    done = marker.with_suffix(".done")
    if done.exists() or stage_of_now() != os.environ["FAULT_STAGE"]:
        return
    done.touch()
    marker.touch()
    while marker.exists():
        time.sleep(0.05)


if os.environ.get("FAULT_STAGE"):
    from sqlalchemy import Engine, event

    published = os.environ["FAULT_STAGE"] == "publish"
    event.listen(Engine, "before_cursor_execute" if published else "commit", hold)
