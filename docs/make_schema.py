"""Write docs/schema.md from the tables and views of the code."""

from __future__ import annotations

from pathlib import Path

from models.db.describe import schema_markdown

if __name__ == "__main__":
    target = Path(__file__).with_name("schema.md")
    target.write_text(schema_markdown(), encoding="utf-8")
    print(f"wrote {target.name}")
