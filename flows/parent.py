"""A child process that ends when its parent does, even when that was killed."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

CHECK_SECONDS = 2.0


def end_with_parent(parent: int) -> None:
    """Ask this process to stop if its parent is gone."""
    if os.getppid() != parent:
        log.warning("the parent process is gone: stopping")
        os.kill(os.getpid(), signal.SIGINT)


def repeat(act: Callable[[], float]) -> None:
    """Call ``act`` in a thread of its own, again and again; it returns the seconds to wait."""

    def go_on() -> None:
        pause = threading.Event()
        while True:
            pause.wait(act())

    threading.Thread(target=go_on, daemon=True).start()


def hear_interrupts() -> None:
    """Let SIGINT stop this process: what a shell starts in the background ignores it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def watch_parent(parent: int) -> None:
    """End this process soon after its parent has ended; call it in the main thread."""
    hear_interrupts()

    def look() -> float:
        end_with_parent(parent)
        return CHECK_SECONDS

    repeat(look)
