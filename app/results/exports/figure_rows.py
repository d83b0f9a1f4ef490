"""The figures of providers as rows for a spreadsheet: one per bar, hidden ones without a number."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from app.language import one_decimal
from app.results.figures.figure import Bar, Figure, Section

HEADERS = (
    *("Dienstverlener", "Meetperiode", "Groep", "Figuur", "Soort", "Vraag", "n", "n gemiddelde"),
    *("Code", "Antwoord", "Aantal", "Procent", "Procent gemiddelde", "Cijfer", "Cijfer gemiddelde", "Verborgen"),
)
NUMBERS = frozenset({"n", "n gemiddelde", "Aantal", "Procent", "Procent gemiddelde", "Cijfer", "Cijfer gemiddelde"})


def figure_rows(provider: str, wave: str, sections: Iterable[Section]) -> Iterator[tuple[str, ...]]:
    """The cells under `HEADERS`; what is hidden is empty and says so."""
    for section in sections:
        for figure in section.figures:
            about = (provider, wave, section.title, figure.code, figure.kind, figure.question)
            if figure.is_hidden:
                yield (*about, "", str(figure.benchmark_n), *("",) * 7, "ja")
            else:
                yield from ((*about, *_cells(figure, bar)) for bar in figure.bars)


def _cells(figure: Figure, bar: Bar) -> tuple[str, ...]:
    return (
        str(figure.n),
        str(figure.benchmark_n),
        bar.code,
        bar.label,
        _number(bar.n),
        _number(bar.pct),
        _number(bar.benchmark_pct),
        _mean(bar.mean),
        _mean(bar.benchmark_mean),
        "nee" if bar.n is not None else "ja",
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _mean(value: Fraction | None) -> str:
    return "" if value is None else one_decimal(value)
