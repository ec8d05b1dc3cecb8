"""Hooks of the site: the navigation names pages that exist, and every decision by itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """Return the configuration with its navigation filled in from the folder."""
    config["nav"] = _present(config["nav"], Path(config["docs_dir"]))
    return config


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return a page whose links to files outside the site are plain text."""
    up = r"(?:\.\./)" * (page.file.src_uri.count("/") + 1)
    outside = re.compile(rf"\[([^\]]+)\]\({up}+([^)#\s]+)[^)]*\)")
    return outside.sub(r"\1 (`\2` of the repository)", markdown)


def _present(items: list[Any], folder: Path) -> list[Any]:
    kept: list[Any] = []
    for item in items:
        if isinstance(item, str):
            kept += [item] if (folder / item).is_file() else []
            continue
        for title, value in item.items():
            pages = _present(value, folder) if isinstance(value, list) else _pages(value, folder)
            kept += [{title: pages}] if pages else []
    return kept


def _pages(name: str, folder: Path) -> list[str]:
    return sorted(f"{name}/{path.name}" for path in (folder / name).glob("*.md"))
