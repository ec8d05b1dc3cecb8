"""A webhook on the loopback that keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Hook:
    """A webhook that keeps what it was sent, and fails while ``is_down``."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.is_down = False
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(500 if hook.is_down else 200)
                self.end_headers()
                if not hook.is_down:
                    hook.bodies.append(json.loads(body))

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"json://user:tops3cret@127.0.0.1:{self.server.server_port}/hook"


@contextmanager
def run_hook() -> Iterator[Hook]:
    """Yield a webhook that listens on a free port."""
    found = Hook()
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
        found.thread.join()
