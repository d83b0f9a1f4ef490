"""The map of the provinces with the number of people in each; the outlines are data with their own licence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.language import catalogue
from app.questions.question import N_
from app.results.drawing.draw import NOT_SHOWN, TOLD, drawn
from app.results.drawing.paper import MAP, Medium
from app.results.drawing.text import whole_number

PATH = Path(__file__).with_name("province_map.json")
TITLE = N_("Waar de cliënten wonen, per provincie")
MARGIN = 6  # in the units of the outlines


@dataclass(frozen=True)
class Province:
    """One outline, and the place of its number."""

    name: str
    path: str
    x: int
    y: int


@cache
def provinces() -> tuple[tuple[Province, ...], tuple[int, int]]:
    """The outlines in order of name, and the width and height of the map."""
    data = json.loads(PATH.read_text("utf-8"))
    found = tuple(Province(one["name"], one["path"], one["x"], one["y"]) for one in data["provinces"])
    return found, (data["width"] + 2 * MARGIN, data["height"] + 2 * MARGIN)


@cache
def credit() -> str:
    """Whom the map is from: to be printed near it."""
    data = json.loads(PATH.read_text("utf-8"))
    return f"{data['credit']}, CC BY 4.0"


def province_map(
    counts: Mapping[str, int | None], language: str, medium: Medium = "screen", *, name: str = "map"
) -> Markup:
    """The map: deeper colours for more people, and the number in every province. None = too few to tell.

    A province that is not in `counts` has nobody. The title says what it shows; `credit` belongs under it.
    """
    texts = catalogue(language)
    found, box = provinces()
    most = max((n for n in counts.values() if n), default=0)
    shown = [
        (
            one,
            _level(counts.get(one.name, 0), most),
            "–" if counts.get(one.name, 0) is None else whole_number(counts.get(one.name, 0) or 0, language),
        )
        for one in found
    ]
    words = {one.name: texts.gettext(NOT_SHOWN) if counts.get(one.name, 0) is None else text for one, _, text in shown}
    told = " ".join(texts.gettext(TOLD) % {"label": label, "own": text} for label, text in words.items())
    view = {"provinces": shown, "box": box, "margin": MARGIN}
    return drawn("map", name, texts.gettext(TITLE), told, medium, language, box[1], view)


def _level(n: int | None, most: int) -> int:
    """The step of colour: 0 for nobody or untold, then four from few to most."""
    return min(len(MAP) - 1, 1 + (len(MAP) - 1) * (n - 1) // most) if n else 0
