"""Make the world outline of the report from Natural Earth (public domain).

Get the TopoJSON form of Natural Earth's countries first, for example with
``npm pack world-atlas && tar xzf world-atlas-*.tgz`` (and ``pip install pycountry``), then:

    python -m bench.build_outline package/countries-110m.json package/countries-50m.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pycountry

TARGET = Path("flows/report/data/outline.json")
# Natural Earth draws these apart and gives them no code of their own.
BY_NAME = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM"}
SOURCE = (
    "Natural Earth 1:110m and 1:50m admin-0 countries, public domain, naturalearthdata.com,"
    " by way of the TopoJSON of npm world-atlas 2.0.2. Borders as drawn there; no position taken."
)


def code_of(geometry: dict[str, Any]) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of a shape."""
    name = geometry["properties"]["name"]
    if name in BY_NAME:
        return BY_NAME[name]
    found = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
    return found.alpha_3 if found else None


def centre(topology: dict[str, Any], geometry: dict[str, Any]) -> tuple[float, float]:
    """Return the middle of a small country's bounding box: longitude, latitude."""
    points = [
        point
        for ring in flatten(geometry["arcs"])
        for point in absolute(topology, ring if ring >= 0 else ~ring)
    ]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return round((min(xs) + max(xs)) / 2, 2), round((min(ys) + max(ys)) / 2, 2)


def flatten(arcs: Any) -> list[int]:
    """Return all arc numbers of a polygon or multipolygon."""
    return [arcs] if isinstance(arcs, int) else [n for part in arcs for n in flatten(part)]


def absolute(topology: dict[str, Any], number: int) -> list[tuple[float, float]]:
    """Return an arc's points in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points = []
    for dx, dy in topology["arcs"][number]:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def main() -> None:
    """Write the outline: shapes at 1:110m, and points for the countries too small for it."""
    coarse, fine = (json.loads(Path(path).read_text()) for path in sys.argv[1:3])
    shapes = []
    for shape in coarse["objects"]["countries"]["geometries"]:
        code = code_of(shape)
        if code != "ATA":
            shapes.append({"type": shape["type"], "id": code, "arcs": shape["arcs"]})
    drawn = {shape["id"] for shape in shapes}
    points = []
    for shape in fine["objects"]["countries"]["geometries"]:
        code = code_of(shape)
        if code and code not in drawn and code != "ATA":
            longitude, latitude = centre(fine, shape)
            points.append({"id": code, "longitude": longitude, "latitude": latitude})
    outline = {
        "source": SOURCE,
        "points": sorted(points, key=lambda row: row["id"]),
        "topology": {
            "type": "Topology",
            "arcs": coarse["arcs"],
            "transform": coarse["transform"],
            "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
        },
    }
    TARGET.write_text(json.dumps(outline, separators=(",", ":")) + "\n")
    print(f"{TARGET}: {len(shapes)} shapes, {len(points)} points, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
