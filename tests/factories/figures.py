"""Figures made by hand."""

from fractions import Fraction
from typing import Any

from app.questions.satisfaction import SCALE
from app.results.figures.figure import Bar, Figure, Kind

SATISFACTION = ("Zeer tevreden", "Tevreden", "Ontevreden", "Zeer ontevreden", "Geen mening")


def figure(kind: Kind, *bars: Bar, **changed: Any) -> Figure:
    fields: dict[str, Any] = {
        "code": f"v_{kind}",
        "kind": kind,
        "question": "Hoe tevreden bent u over de begeleiding?",
        "n": 24,
        "benchmark_n": 812,
        "note": None,
        "is_hidden": False,
        "min_n": 5,
        "verdict": None,
    }
    return Figure(**(fields | changed), bars=bars)


def option(label: str, pct: int | None, benchmark_pct: int | None = None, n: int | None = 10) -> Bar:
    return Bar(label.lower(), label, n if pct is not None else None, pct, benchmark_pct)


def satisfaction(own: tuple[int, ...], everybody: tuple[int, ...] | None = None, **changed: Any) -> Figure:
    bars = [
        Bar(code, label, own[place], own[place], everybody[place] if everybody else None)
        for place, (code, label) in enumerate(zip(SCALE, SATISFACTION, strict=True))
    ]
    return figure("satisfaction", *bars, **changed)


def mean(label: str, n: int | None, value: str, everybody: str | None = None) -> Bar:
    shown = None if n is None else Fraction(value)
    return Bar(label.lower(), label, n, None, None, shown, Fraction(everybody) if everybody else None)


def grades(own: tuple[int, ...], everybody: tuple[int, ...], **changed: Any) -> Figure:
    both = zip(own, everybody, strict=True)
    bars = [Bar(str(grade), str(grade), a, a, b) for grade, (a, b) in enumerate(both, 1)]
    return figure("grade_distribution", *bars, **changed)


def one_of_each() -> dict[str, Figure]:
    """A figure of every kind."""
    long = "Toeleiden naar werk vanuit situatie geen werk, met begeleiding op de werkplek en nazorg"
    return {
        "choice": figure("choice", option("Ja, helemaal", 42, 38), option("Nee", 58, 62)),
        "choices": figure("choices", option("Per telefoon", 100, 80), option("Anders", None, 5)),
        "satisfaction": satisfaction((45, 38, 5, 4, 8), (40, 35, 12, 6, 7)),
        "grade_distribution": grades((0, 0, 4, 0, 8, 13, 25, 38, 8, 4), (1, 1, 2, 3, 5, 15, 30, 30, 9, 4)),
        "grade": figure("grade", mean("Totaal", 24, "33/4", "7.5"), mean(long, 16, "8", "7.2")),
        "counts": figure("counts", Bar("9", long, 120, None, None), Bar("8", "Outplacement", 12345, None, None)),
    }
