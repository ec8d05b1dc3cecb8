"""Write docs/features.md from the registry.

Usage: python -m bench.risk_features_page docs/features.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from features.registry import render_features_page

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_features_page(), encoding="utf-8")
