"""Where the parts of a drawing come: pure layout, in the measures of the paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.results.drawing.paper import Paper
from app.results.drawing.text import percentage, width_of, wrapped
from app.results.figures.figure import Bar

BAR_HEIGHT = {"screen": 14.0, "print": 8.0}
STACK_HEIGHT = {"screen": (30.0, 22.0), "print": (18.0, 13.0)}
ROW_GAP = {"screen": 16.0, "print": 6.0}
LEGEND_GAP = 22.0  # between two items
APART = 0.02  # of the width, before "no opinion"
NO_OPINION = "no_opinion"


@dataclass(frozen=True)
class Item:
    """One explained sign of the legend, from the left in pixels."""

    paint: str
    text: str
    x: float
    y: float  # of the text's line


def legend_items(paper: Paper, signs: Iterable[tuple[str, str]]) -> tuple[tuple[Item, ...], float]:
    """The signs in as many lines as they need, and the height of it all."""
    items: list[Item] = []
    x, y, sign = 0.0, paper.size, paper.size + 6
    for paint, text in signs:
        lines = wrapped(text, paper.small, paper.width - sign)
        width = sign + max(width_of(line, paper.small) for line in lines)
        if x and x + width > paper.width:
            x, y = 0.0, y + paper.line
        for number, line in enumerate(lines):
            items.append(Item(paint if number == 0 else "", line, x, y + number * paper.line))
        y += (len(lines) - 1) * paper.line
        x += width + LEGEND_GAP
    return tuple(items), (y + paper.line - paper.size * 0.4 if items else 0.0)


@dataclass(frozen=True)
class Row:
    """One bar with its label and numbers. `share` None = hidden, and then `own` says so."""

    lines: tuple[str, ...]
    label_y: float
    bar_y: float
    share: float | None
    benchmark_share: float | None
    own: str
    benchmark: str


@dataclass(frozen=True)
class Shown:
    """What a row is to show."""

    label: str
    share: float | None
    own: str
    benchmark_share: float | None = None
    benchmark: str = ""


def rows_of(paper: Paper, shown: Sequence[Shown], top: float) -> tuple[tuple[Row, ...], float]:
    """The rows one under the other, and the height of it all."""
    height = BAR_HEIGHT[paper.medium]
    rows, y = [], top
    for one in shown:
        lines = wrapped(one.label, paper.size, paper.label_width)
        text_height = len(lines) * paper.line
        if paper.is_beside:
            bar_y = y + (paper.line - height) / 2
            bottom = y + max(text_height, paper.line)
        else:
            bar_y = y + text_height + 2
            bottom = bar_y + height
        label_y = y + paper.line * 0.75
        rows.append(Row(lines, label_y, bar_y, one.share, one.benchmark_share, one.own, one.benchmark))
        y = bottom + ROW_GAP[paper.medium]
    return tuple(rows), y


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar, in shares of the whole width.

    `aside`: how far its percentage stands from its middle, in pixels or points: enough on the narrowest screen, and
    hardly to be seen on a wide one.
    """

    number: int  # of its colour
    start: float
    length: float
    label: str
    aside: float
    is_inside: bool


def parts_of(paper: Paper, shares: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """The parts of a stacked bar of (colour, percentage); colour 5, no opinion, stands apart at the end.

    A percentage too wide for its part stands under it, and moves aside for its neighbour.
    """
    is_apart = {number == 5 for number, pct in shares if pct} == {True, False}
    scale = (1 - APART if is_apart else 1) / max(1, sum(pct for _, pct in shares))
    placed: list[tuple[int, float, float, str, bool]] = []
    at = 0.0
    for number, pct in shares:
        if not pct:
            continue
        at += APART if number == 5 and is_apart else 0
        length, label = pct * scale, percentage(pct)
        fits = length * paper.width >= width_of(label, paper.small, is_bold=True) + 6
        placed.append((number, at, length, label, fits))
        at += length
    beside = [start + length / 2 for _, start, length, _, fits in placed if not fits]
    widest = max((width_of(label, paper.small, is_bold=True) for *_, label, fits in placed if not fits), default=0.0)
    moved = iter(_spread(beside, (widest + 3) / paper.width))
    return tuple(
        Part(number, start, length, label, 0.0 if fits else (next(moved) - start - length / 2) * paper.width, fits)
        for number, start, length, label, fits in placed
    )


def _spread(centres: Sequence[float], apart: float) -> list[float]:
    """Centres moved as little as needed to stand `apart`, within the drawing."""
    moved: list[float] = []
    for centre in centres:
        moved.append(max(centre, apart / 2, moved[-1] + apart if moved else 0))
    last = 1 - apart / 2
    for place in reversed(range(len(moved))):
        moved[place] = min(moved[place], last)
        last = moved[place] - apart
    return moved


def colour_of(bar: Bar, place: int, bars: Sequence[Bar]) -> int:
    """Which of the five colours: by place from best to worst, and the fifth for no opinion."""
    if bar.code == NO_OPINION:
        return 5
    n = sum(other.code != NO_OPINION for other in bars)
    return 1 + min(3, place if n <= 4 else place * 4 // n)
