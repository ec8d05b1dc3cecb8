"""Logs of the pure layers: into the run's log in Prefect, one line a stage with counts."""

from __future__ import annotations

import logging

from flows.text import InertFilter

PACKAGES = ("features", "models", "flows")


def send_stage_logs() -> None:
    """Let INFO lines of our packages pass, also to the server, whatever the environment says."""
    to_server = logging.getLogger("prefect.extra").handlers
    for name in PACKAGES:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.INFO)
        for handler in to_server:
            if not any(isinstance(found, InertFilter) for found in handler.filters):
                handler.addFilter(InertFilter())
            if handler not in logger.handlers:
                logger.addHandler(handler)
