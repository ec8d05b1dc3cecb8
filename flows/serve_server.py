"""The child of ``dyadrisk serve`` that is Prefect's server. It ends when its parent does.

Run as ``python -m flows.serve_server`` with the options of ``prefect server start``.
"""

from __future__ import annotations

import os
import runpy
import sys

from flows.parent import watch_parent


def main() -> None:
    """Run ``prefect server start`` in this process."""
    watch_parent(os.getppid())
    sys.argv[1:1] = ["server", "start"]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
