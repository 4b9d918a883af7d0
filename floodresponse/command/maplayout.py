"""How the streets lie to each other on the schematic map: data, in ``fixtures/street_map.json``."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "street_map.json"


@dataclass(frozen=True, slots=True)
class Layout:
    """Fields of streets as x, y, width, height in a drawing 400 wide; river and railway as SVG paths."""

    height: int
    fields: dict[str, tuple[float, float, float, float]]
    river: str
    railway: str


@cache
def city_layout() -> Layout:
    """Read once; a street that is not in it is drawn below."""
    said = json.loads(FILE.read_text(encoding="utf-8"))
    fields = {one["name"]: (one["x"], one["y"], one["width"], one["height"]) for one in said["streets"]}
    return Layout(said["height"], fields, said["river"], said["railway"])
