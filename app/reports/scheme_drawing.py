"""The invitation scheme as a drawing: a line of time per group, from the first invitation down."""

from typing import Any

from markupsafe import Markup

from app.reports.document import Scheme
from app.results.drawing.draw import drawn
from app.results.drawing.paper import PAPERS, Medium, Paper
from app.results.drawing.text import wrapped

DAY_WIDTH, GAP = 4.2, 1.4  # in sizes of the letter


def draw_scheme(scheme: Scheme, language: str, medium: Medium = "screen") -> Markup:
    """The whole `<svg>` with title and description."""
    paper = PAPERS[medium]
    dot_x = DAY_WIDTH * paper.size
    view: dict[str, Any] = {"dot_x": dot_x, "text_x": dot_x + GAP * paper.size, "rows": []}
    y = 0.0
    for row in scheme.rows:
        title_y = y + paper.line
        y, moments = title_y, []
        for moment in row.moments:
            y += paper.line * 1.35
            lines = wrapped(moment.words, paper.size, paper.width - view["text_x"])
            moments.append({"y": y, "day": _day(moment.day), "lines": lines})
            y += paper.line * (len(lines) - 1)
        view["rows"].append(_row(row.group, title_y, moments, paper))
        y += paper.line
    return drawn("scheme", "scheme", scheme.caption, scheme_told(scheme), medium, language, y - paper.line * 0.4, view)


def _row(group: str, title_y: float, moments: list[dict[str, Any]], paper: Paper) -> dict[str, Any]:
    first_y, last_y = (moments[place]["y"] - paper.size * 0.36 for place in (0, -1))
    return {"title": group, "title_y": title_y, "moments": moments, "first_y": first_y, "last_y": last_y}


def scheme_told(scheme: Scheme) -> str:
    """What the drawing shows, in words."""
    return " ".join(
        f"{row.group}: " + "; ".join(f"{_day(moment.day)} {moment.words}" for moment in row.moments) + "."
        for row in scheme.rows
    )


def _day(day: int) -> str:
    return f"dag {day}"
