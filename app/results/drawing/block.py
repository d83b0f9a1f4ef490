"""A figure as a page shows it: the drawing, what is said about it, and the table with the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.language import catalogue
from app.results.drawing.draw import THIS_PROVIDER, benchmark_text, draw, has_benchmark, own_text
from app.results.drawing.text import whole_number
from app.results.figures.figure import Figure
from app.results.keurmerk_page import Sentence


@dataclass(frozen=True)
class TableLine:
    """One line of the table; the texts are as printed."""

    label: str
    n: str
    own: str
    benchmark: str


@dataclass(frozen=True)
class Block:
    """Everything of one figure; the macro `figure_block` prints it. A hidden figure has no drawing and no lines."""

    code: str
    identity: str
    question: str
    kind: str
    n: str
    benchmark_n: str  # "" = no benchmark
    min_n: int
    is_hidden: bool
    drawing: Markup
    lines: tuple[TableLine, ...]
    note: Sentence | None
    verdict: Sentence | None
    provider: str  # head of the column with its numbers


def block_of(figure: Figure, language: str, *, name: str = "", provider: str = "") -> Block:
    """The block of a figure. `name` tells apart two drawings of one question on one page."""
    return Block(
        code=figure.code,
        identity=f"f-{figure.code}{name}",
        question=figure.question,
        kind=figure.kind,
        n=whole_number(figure.n, language),
        benchmark_n=whole_number(figure.benchmark_n, language) if has_benchmark(figure) else "",
        min_n=figure.min_n,
        is_hidden=figure.is_hidden,
        drawing=Markup() if figure.is_hidden else draw(figure, language, name=name),
        lines=() if figure.is_hidden else tuple(_lines(figure, language)),
        note=figure.note,
        verdict=figure.verdict,
        provider=provider or catalogue(language).gettext(THIS_PROVIDER),
    )


def _lines(figure: Figure, language: str) -> Sequence[TableLine]:
    return [
        TableLine(
            bar.label,
            "" if bar.n is None else whole_number(bar.n, language),
            own_text(figure, bar, language),
            benchmark_text(figure, bar, language),
        )
        for bar in figure.bars
    ]
