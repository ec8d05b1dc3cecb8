"""Renew the risk figures of the docs, their pictures and the shipped track record.

    python -m bench.risk_page DATA OUT

OUT is the folder that ``python -m bench.risk_figures DATA OUT`` filled; DATA gives the daily
GPR index. Writes docs/risk_figures.json, the marked blocks of the pages, docs/images and
models/risk/artifacts/track_record.json.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from bench import risk_pictures as pictures
from bench.risk_blocks import fill
from flows.backtest import plain
from flows.corpora import read_history
from flows.track import by_year
from flows.track_files import TRACK_NAME, write_track_record
from flows.train import read_figures
from models.risk.artifact import artifact_name, read_sidecar, shipped_folder, sidecar_path
from models.risk.labels import HORIZONS, OUTCOMES

ROOT = Path(__file__).parents[1]
PAGES = ("docs/risk_accuracy.md", "docs/model_card.md", "README.md")
FIGURES = "docs/risk_figures.json"


def gather(data: Path, out: Path) -> dict[str, Any]:
    names = [
        *(f"backtest_{o}_{h}d" for o in OUTCOMES for h in (30, 7, 90)),
        "judge_icews",
        "judge_mie",
        "feed",
        "exposure",
        "trials",
        "misses",
    ]
    found = {
        name: json.loads((out / f"{name}.json").read_text("utf-8"))
        for name in names
        if (out / f"{name}.json").exists()
    }
    for summary in (*found["judge_icews"], *found["judge_mie"]):
        # intervals speak of our own reports; another judge has no coverage
        summary.pop("coverage")
    scores = pictures.read_scores(out / "scores_force_30d.parquet")
    gpr = pd.read_csv(data / "index" / "gpr_daily_1985_2025.csv")
    found["cases"] = pictures.case_rows(scores)
    found["gpr"] = pictures.gpr_correlations(scores, gpr)
    found["track"] = list(by_year(main_track(out)))
    found["artifacts"] = artifacts()
    return found


def artifacts() -> list[dict[str, Any]]:
    wanted = ("row_count", "training_row_count", "data_from", "data_to", "data_digest")
    rows = []
    for outcome in OUTCOMES:
        for horizon_days in HORIZONS:
            side = read_sidecar(shipped_folder() / artifact_name(outcome, horizon_days))
            kept = {name: side["figures"][name] for name in wanted}
            rows.append({name: side[name] for name in ("classifier_version", "cuts")} | kept)
    return rows


def stamp(out: Path) -> None:
    """Write the backtest's figures into the sidecars, where `models list` and `compare` look."""
    for path in out.glob("backtest_*.json"):
        for (outcome, horizon_days), known in read_figures(path).items():
            side = sidecar_path(shipped_folder() / artifact_name(outcome, horizon_days))
            content = json.loads(side.read_text("utf-8"))
            content["figures"] |= known
            side.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main_track(out: Path) -> list[dict[str, Any]]:
    rows = json.loads((out / "track_force_30d.json").read_text("utf-8"))
    return [row | {"month": date.fromisoformat(row["month"])} for row in rows]


def all_tracks(out: Path) -> list[dict[str, Any]]:
    paths = sorted(out.glob("track_*.json"))
    return [row for path in paths for row in json.loads(path.read_text("utf-8"))]


def draw(data: Path, out: Path, figures: dict[str, Any]) -> None:
    folder = ROOT / "docs" / "images"
    scores = pictures.read_scores(out / "scores_force_30d.parquet")
    gpr = pd.read_csv(data / "index" / "gpr_daily_1985_2025.csv")
    record = pictures.force_days(read_history().corpus.dyad_days)
    pictures.draw_cases(scores, record, folder / "risk_cases.png")
    pictures.draw_world(scores, gpr, folder / "risk_world.png")
    wanted = ("backtest_force_30d", "backtest_force_7d", "backtest_force_90d")
    shown = [figures[name][0] for name in wanted if name in figures]
    pictures.draw_reliability(shown, folder / "risk_reliability.png")
    pictures.draw_track(main_track(out), folder / "risk_track.png")


def main(data: Path, out: Path) -> None:
    stamp(out)
    figures = json.loads(json.dumps(plain(gather(data, out)), default=str))
    text = json.dumps(figures, indent=1)
    (ROOT / FIGURES).write_text(text + "\n", encoding="utf-8")
    draw(data, out, figures)
    write_track_record(all_tracks(out), shipped_folder() / TRACK_NAME)
    for name in PAGES:
        page = ROOT / name
        page.write_text(fill(page.read_text("utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
