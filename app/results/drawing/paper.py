"""What drawings are made on and with: the measures of the screen and of print, and one set of colours for both.

Everything carries a class and, as attributes, its literal look: on screen the stylesheet (figures.css) puts the
custom properties over it, for dark mode and forced colours; a PDF has no stylesheet and takes the attributes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

Medium = Literal["screen", "print"]

INK, MUTED, PAPER, HAIR, LINE, PRIMARY = "#16202E", "#4A5565", "#FFFFFF", "#E4E0D6", "#6B7686", "#0A4F5C"
SCALE = ("#0A5C7A", "#6FB3CC", "#F2B36B", "#B6461A", "#9AA3AD")  # best to worst, then no opinion
ON_SCALE = (PAPER, INK, INK, PAPER, INK)
MAP = ("#FFFFFF", "#D3E8EA", "#8FC4CB", "#3F8793", "#0A4F5C")  # nobody, then fewer to more
ON_MAP = (INK, INK, INK, PAPER, PAPER)
FONTS = "Letter Latin, Atkinson Hyperlegible Next, sans-serif"


def _text(fill: str, *, is_bold: bool = False) -> dict[str, str]:
    return {"fill": fill, **({"font-weight": "700"} if is_bold else {})}


_LOOKS: dict[str, dict[str, str]] = {
    "text": _text(INK),
    "strong": _text(INK, is_bold=True),
    "muted": _text(MUTED),
    "bar": {"fill": PRIMARY},
    "track": {"fill": HAIR},
    "halo": {"stroke": PAPER, "stroke-width": "5"},
    "tick": {"stroke": INK, "stroke-width": "2.5"},
    "gap": {"stroke": PAPER, "stroke-width": "1"},
    "leader": {"stroke": LINE, "stroke-width": "1"},
    "grid": {"stroke": HAIR, "stroke-width": "1"},
    "mark": {"stroke": MUTED, "stroke-width": "1", "stroke-dasharray": "2 3"},
    "land": {"stroke": LINE, "stroke-width": "1.5", "stroke-linejoin": "round"},
    **{f"part-{n}": {"fill": colour} for n, colour in enumerate(SCALE, 1)},
    **{f"on-part-{n}": _text(colour, is_bold=True) for n, colour in enumerate(ON_SCALE, 1)},
    **{f"level-{n}": {"fill": colour} for n, colour in enumerate(MAP)},
    **{f"on-level-{n}": _text(colour, is_bold=True) for n, colour in enumerate(ON_MAP)},
    # lines differ in their strokes as well as in colour
    "line-1": {"stroke": PRIMARY, "stroke-width": "2.5", "fill": "none", "stroke-linejoin": "round"},
    "line-2": {"stroke": SCALE[3], "stroke-width": "2.5", "fill": "none", "stroke-dasharray": "7 4"},
    "line-3": {"stroke": MUTED, "stroke-width": "2.5", "fill": "none", "stroke-dasharray": "2 4"},
}


def _attributes(name: str, look: Mapping[str, str]) -> Markup:
    parts = [f'class="f-{name}"', *(f'{key}="{value}"' for key, value in look.items())]
    return Markup(" ".join(parts))  # noqa: S704 - nothing but the constants above


PAINT: Mapping[str, Markup] = MappingProxyType({name: _attributes(name, look) for name, look in _LOOKS.items()})


@dataclass(frozen=True)
class Paper:
    """Measures in pixels of the screen or points of the page; shares are of the whole width."""

    medium: Medium
    width: float  # of the page; on screen the least, to which texts are wrapped
    size: float
    small: float
    line: float  # from one line of text to the next
    label_width: float
    is_beside: bool  # labels beside the bars; else above them
    bars_from: float
    bars_to: float

    @property
    def is_print(self) -> bool:
        return self.medium == "print"

    def x(self, share: float) -> str:
        """A place across the drawing: part of the width on screen, which may be any; a number in print."""
        return _number(share * self.width) if self.is_print else f"{_number(100 * share)}%"

    def along(self, share: float) -> str:
        """A place along the bars: 0 where they begin, 1 where the longest ends."""
        return self.x(self.bars_from + share * (self.bars_to - self.bars_from))

    def long(self, share: float) -> str:
        """A length along the bars."""
        return self.x(share * (self.bars_to - self.bars_from))


PAPERS: Mapping[Medium, Paper] = {
    "screen": Paper("screen", 296, 14, 13, 19, 296, False, 0, 0.66),
    "print": Paper("print", 453, 9, 8, 11.5, 172, True, 0.4, 0.82),
}
OWN_AT, BENCHMARK_AT = {"screen": 0.835, "print": 0.905}, 1.0  # where the numbers end


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if "." in f"{value:.2f}" else f"{value:.2f}"


def number(value: float) -> str:
    """A coordinate, as short as it can be; the same on every machine."""
    return _number(value)
