"""A mail server on the loopback that takes every message and keeps it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Talk(socketserver.StreamRequestHandler):
    """One SMTP session; what a client needs to hand over a message, and no more."""

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 loopback ESMTP")
        for line in iter(self.rfile.readline, b""):
            word = line.split()[0].upper().decode() if line.split() else ""
            if word == "DATA":
                self.say("354 go on")
                self.keep()
            elif word == "QUIT":
                return self.say("221 bye")
            self.say("250 ok")
        return None

    def keep(self) -> None:
        body = b"".join(iter(self.rfile.readline, b".\r\n"))
        message = message_from_bytes(body, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.kept.append(message)  # type: ignore[attr-defined]


class Mailbox(socketserver.ThreadingTCPServer):
    """The server; ``kept`` holds the messages."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.kept: list[EmailMessage] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def run_mailbox() -> Iterator[Mailbox]:
    """Serve until the end of the block."""
    with Mailbox() as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join()
