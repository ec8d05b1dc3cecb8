"""The start of the program: a Ctrl-C while modules load, and a server that goes away."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from features.errors import FatalError
from flows.cli_run import plain_errors

PRESSED_WHILE_LOADING = """
import os, signal, sys

class Press:
    def find_spec(self, name, *_):
        if name == "flows.cli":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Press())
from flows.cli_start import main
main()
"""


def test_ctrl_c_while_modules_load_is_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRESSED_WHILE_LOADING], capture_output=True, text=True, check=False
    )
    assert done.returncode == 130
    assert done.stderr == "dyadrisk: interrupted; run it again to go on\n"


def test_a_server_that_went_away_says_what_to_do() -> None:
    with pytest.raises(FatalError, match=r"start it again .* run the same command"), plain_errors():
        raise httpx.ConnectError("All connection attempts failed")
