"""Who may serve: one process a home, and no other installation's server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from features.errors import FatalError
from flows.serve_guard import hold_home, refuse_other_server, server_home


@contextmanager
def answering(body: Any) -> Iterator[str]:
    """Yield the address of a server that answers everything with the same JSON."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_home_is_held_once_and_free_again_afterwards(tmp_path: Path) -> None:
    with hold_home(tmp_path / "var"):
        refused = pytest.raises(FatalError, match=r"no other `dyadrisk serve`.*process \d+")
        with refused, hold_home(tmp_path / "var"):
            pass
        with hold_home(tmp_path / "elsewhere"):
            pass
    with hold_home(tmp_path / "var"):
        pass


def test_a_server_left_over_in_this_home_is_accepted(tmp_path: Path) -> None:
    with answering({"home": str(tmp_path)}) as api_url:
        refuse_other_server(api_url, tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"home": "/elsewhere/prefect"}, id="another home"),
        pytest.param({}, id="says no home"),
        pytest.param([], id="no settings at all"),
    ],
)
def test_any_other_server_is_refused(tmp_path: Path, body: Any) -> None:
    with answering(body) as api_url, pytest.raises(FatalError, match="PREFECT_API_URL"):
        refuse_other_server(api_url, tmp_path)


def test_nobody_answers_nobody_has_a_home() -> None:
    assert server_home("http://127.0.0.1:9/api") is None
