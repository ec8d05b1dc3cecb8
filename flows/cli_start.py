"""The program ``dyadrisk``: a Ctrl-C ends it in one line even while its modules load."""

from __future__ import annotations

import os
import signal
from typing import Any

EXIT_INTERRUPTED = 130


def leave(_signal: int, _frame: Any) -> None:
    """End at once; nothing has been started or written yet."""
    os.write(2, b"dyadrisk: interrupted; run it again to go on\n")
    os._exit(EXIT_INTERRUPTED)


def main() -> None:
    """Load the command line and run it."""
    signal.signal(signal.SIGINT, leave)
    from flows.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
