"""Figures as drawings: accessible SVG of one look for the screen and for print.

`draw(figure, language)` makes the whole `<svg>` with its title and description. The templates in templates/figures
print what is laid out here. Texts are Jinja's to escape: nobody's words become markup.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from app.fieldwork.letters.text import clean
from app.language import catalogue
from app.questions.question import N_
from app.results.drawing.paper import BENCHMARK_AT, FONTS, OWN_AT, PAINT, PAPERS, Medium, Paper, number
from app.results.drawing.rows import (
    BAR_HEIGHT,
    STACK_HEIGHT,
    Shown,
    colour_of,
    legend_items,
    parts_of,
    rows_of,
)
from app.results.drawing.text import NO_BREAK, in_fonts, mean_text, percentage, whole_number
from app.results.figures.figure import Bar, Figure
from app.web.pages import environment

THIS_PROVIDER = N_("Deze dienstverlener")
ALL_PROVIDERS = N_("Alle dienstverleners")
NOT_SHOWN = N_("– niet getoond")
HIDDEN = N_("Niet getoond: minder dan %(n)s mensen gaven antwoord, of een ander getal zou eruit te berekenen zijn.")
KINDS: Mapping[str, str] = {
    "grade": N_("Staven met het gemiddelde rapportcijfer, van 0 tot 10."),
    "grade_distribution": N_("Kolommen met het percentage per rapportcijfer, van 1 tot en met 10."),
    "choice": N_("Staven met het percentage per antwoord."),
    "choices": N_("Staven met het percentage per antwoord. Iemand kon meer antwoorden geven."),
    "satisfaction": N_("Een balk met het percentage per antwoord, van het beste tot het slechtste."),
    "counts": N_("Staven met het aantal per dienst."),
}
LABEL_WITH_N = N_("%(label)s (n = %(n)s)")
TOLD = N_("%(label)s: %(own)s.")
TOLD_WITH_BENCHMARK = N_("%(label)s: %(own)s; alle dienstverleners: %(benchmark)s.")
HIGHEST_GRADE = 10


def draw(figure: Figure, language: str, medium: Medium = "screen", *, name: str = "") -> Markup:
    """The drawing of a figure. `name` makes its ids unique where a page draws the same question twice."""
    if figure.is_hidden:
        return drawn("told", figure.code + name, figure.question, _hidden(figure, language), medium, language, 30, {})
    layout, template = LAYOUTS[figure.kind]
    paper = PAPERS[medium]
    view = layout(figure, paper, language)
    return drawn(
        template,
        figure.code + name,
        figure.question,
        description(figure, language),
        medium,
        language,
        view.pop("height"),
        view,
    )


def description(figure: Figure, language: str) -> str:
    """What the drawing shows, in words: its description, and the alternative text in a PDF."""
    if figure.is_hidden:
        return _hidden(figure, language)
    texts = catalogue(language)
    sentences = [texts.gettext(KINDS[figure.kind])]
    for bar in figure.bars:
        values = {"label": bar.label, "own": own_text(figure, bar, language)}
        if benchmark := benchmark_text(figure, bar, language):
            sentences.append(texts.gettext(TOLD_WITH_BENCHMARK) % {**values, "benchmark": benchmark})
        else:
            sentences.append(texts.gettext(TOLD) % values)
    return " ".join(sentences).replace(NO_BREAK, " ")


def own_text(figure: Figure, bar: Bar, language: str) -> str:
    """The number of one bar as printed; words where it is hidden."""
    if bar.n is None:
        return catalogue(language).gettext(NOT_SHOWN)
    if figure.kind == "grade":
        return "–" if bar.mean is None else mean_text(bar.mean, language)
    if figure.kind == "counts":
        return whole_number(bar.n, language)
    return catalogue(language).gettext(NOT_SHOWN) if bar.pct is None else percentage(bar.pct)


def benchmark_text(figure: Figure, bar: Bar, language: str) -> str:
    """The number of all providers beside it; "" where there is none."""
    if figure.kind == "grade":
        return "" if bar.benchmark_mean is None else mean_text(bar.benchmark_mean, language)
    return "" if bar.benchmark_pct is None else percentage(bar.benchmark_pct)


def has_benchmark(figure: Figure) -> bool:
    return any(bar.benchmark_pct is not None or bar.benchmark_mean is not None for bar in figure.bars)


def _hidden(figure: Figure, language: str) -> str:
    return catalogue(language).gettext(HIDDEN) % {"n": figure.min_n}


def drawn(
    template: str,
    name: str,
    title: str,
    told: str,
    medium: Medium,
    language: str,
    height: float,
    view: Mapping[str, Any],
) -> Markup:
    """The SVG: `view` is for its template, the rest every drawing has."""
    svg = environment(language).get_template(f"figures/{template}.svg")
    if medium == "print":
        title, told = clean(title), clean(told)  # an SVG that is a file of its own must be whole XML
    identity = "d-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)
    text = svg.render(
        id=identity,
        title=title,
        told=told,
        height=height,
        p=PAPERS[medium],
        paint=PAINT,
        num=number,
        say=in_fonts if medium == "print" else str,
        fonts=FONTS,
        own_at=OWN_AT[medium],
        benchmark_at=BENCHMARK_AT,
        **view,
    )
    return Markup(text)  # noqa: S704 - the template escapes what it prints


def _bars(figure: Figure, paper: Paper, language: str) -> dict[str, Any]:
    """Bars one under the other, each with its benchmark as a mark across it."""
    most = max((bar.n or 0 for bar in figure.bars), default=0)
    shown = [
        Shown(
            _label(figure, bar, language),
            _share(figure, bar, most),
            own_text(figure, bar, language),
            _benchmark_share(figure, bar),
            benchmark_text(figure, bar, language),
        )
        for bar in figure.bars
    ]
    legend, top = _legend_of_two(figure, paper, language)
    rows, height = rows_of(paper, shown, top)
    return {"legend": legend, "rows": rows, "height": height, "thick": BAR_HEIGHT[paper.medium]}


def _legend_of_two(figure: Figure, paper: Paper, language: str) -> Any:
    if not has_benchmark(figure):
        return (), 0.0
    texts = catalogue(language)
    items, height = legend_items(paper, [("bar", texts.gettext(THIS_PROVIDER)), ("tick", texts.gettext(ALL_PROVIDERS))])
    return items, height + 6


def _label(figure: Figure, bar: Bar, language: str) -> str:
    """Means say of how many people they are."""
    if figure.kind != "grade" or bar.n is None:
        return bar.label
    return catalogue(language).gettext(LABEL_WITH_N) % {"label": bar.label, "n": whole_number(bar.n, language)}


def _share(figure: Figure, bar: Bar, most: int) -> float | None:
    if bar.n is None:
        return None
    if figure.kind == "grade":
        return None if bar.mean is None else float(bar.mean / HIGHEST_GRADE)
    if figure.kind == "counts":
        return bar.n / most if most else 0.0
    return None if bar.pct is None else min(bar.pct, 100) / 100


def _benchmark_share(figure: Figure, bar: Bar) -> float | None:
    value = bar.benchmark_mean if figure.kind == "grade" else bar.benchmark_pct
    if value is None:
        return None
    return float(Fraction(value) / (HIGHEST_GRADE if figure.kind == "grade" else 100))


def _columns(figure: Figure, paper: Paper, language: str) -> dict[str, Any]:
    """One column per grade; the highest reaches the top."""
    legend, top = _legend_of_two(figure, paper, language)
    shares = [(bar.pct or 0, bar.benchmark_pct) for bar in figure.bars]
    most = max([pct for pct, _ in shares] + [benchmark or 0 for _, benchmark in shares] + [1])
    tall = 120.0 if paper.medium == "screen" else 70.0
    base = top + paper.line + tall
    columns = []
    for place, (bar, (pct, benchmark)) in enumerate(zip(figure.bars, shares, strict=True)):
        high = tall * pct / most
        tick = None if benchmark is None else base - tall * benchmark / most
        number_y = min(base - high, tick if tick is not None else base) - 5
        text = "–" if bar.pct is None else str(bar.pct)
        columns.append(
            {"place": place, "label": bar.label, "text": text, "high": high, "tick": tick, "number_y": number_y}
        )
    return {
        "legend": legend,
        "columns": columns,
        "base": base,
        "height": base + paper.line + 4,
        "step": 1 / max(1, len(columns)),
    }


def _stacked(figure: Figure, paper: Paper, language: str) -> dict[str, Any]:
    """The provider's bar above that of all providers, with one legend."""
    texts = catalogue(language)
    signs = [(f"part-{colour_of(bar, place, figure.bars)}", bar.label) for place, bar in enumerate(figure.bars)]
    legend, y = legend_items(paper, signs)
    stacks = []
    first, second = STACK_HEIGHT[paper.medium]
    sources = [(THIS_PROVIDER, figure.n, [bar.pct for bar in figure.bars], first)]
    if has_benchmark(figure):
        sources.append((ALL_PROVIDERS, figure.benchmark_n, [bar.benchmark_pct for bar in figure.bars], second))
    y += 6
    for label, n, percentages, tall in sources:
        parts = parts_of(paper, _coloured(figure.bars, percentages))
        words = ""  # a bar of its own needs no name
        if len(sources) > 1:
            words = texts.gettext(LABEL_WITH_N) % {"label": texts.gettext(label), "n": whole_number(n, language)}
        has_beside = any(not part.is_inside for part in parts)
        y += paper.line if words else 2
        stacks.append({"label": words, "label_y": y - paper.line * 0.3, "y": y, "tall": tall, "parts": parts})
        y += tall + (paper.line + 6 if has_beside else 0) + 8
    return {"legend": legend, "stacks": stacks, "height": y}


def _coloured(bars: Sequence[Bar], percentages: Sequence[int | None]) -> list[tuple[int, int]]:
    return [(colour_of(bar, place, bars), percentages[place] or 0) for place, bar in enumerate(bars)]


LAYOUTS: Mapping[str, tuple[Callable[[Figure, Paper, str], dict[str, Any]], str]] = {
    "grade": (_bars, "bars"),
    "grade_distribution": (_columns, "columns"),
    "choice": (_bars, "bars"),
    "choices": (_bars, "bars"),
    "satisfaction": (_stacked, "stacked"),
    "counts": (_bars, "bars"),
}
