"""Drawings of fieldwork: the course of counts by day with marks, and how far a response is from its norm."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel.dates import format_date
from markupsafe import Markup

from app.language import catalogue, long_date
from app.questions.question import N_
from app.results.drawing.draw import drawn
from app.results.drawing.paper import PAPERS, Medium, Paper, number
from app.results.drawing.rows import legend_items
from app.results.drawing.text import NO_BREAK, mean_text, whole_number, width_of

Day = tuple[date, int]
Mark = tuple[date, str]
TALL = {"screen": 180.0, "print": 110.0}
MOST_LINES_DRAWN = 3
ENDS_AT = N_("%(label)s: van %(first)s op %(from)s tot %(last)s op %(to)s.")
MARKED = N_("%(number)s: %(label)s, %(day)s.")
COMPLETED_OF_NET = N_("%(completed)s van %(net)s ingevuld (%(pct)s)")
NORM = N_("Norm: %(pct)s")


def curve(
    lines: Mapping[str, Sequence[Day]],
    marks: Sequence[Mark] = (),
    language: str = "nl",
    *,
    title: str,
    medium: Medium = "screen",
    name: str = "curve",
) -> Markup:
    """Up to three lines of counts by day, each of its own stroke, with numbered marks on their days.

    `lines` holds words (translated) → days in order; `marks` are days with words. Days nobody counted are drawn on
    the straight line between their neighbours. Without any day, an empty drawing that says so by its title.
    """
    shown = {label: list(days) for label, days in list(lines.items())[:MOST_LINES_DRAWN] if days}
    paper = PAPERS[medium]
    days = [day for points in shown.values() for day, _ in points]
    first, last = (min(days), max(days)) if days else (date.min, date.min)
    placed = sorted((day, words) for day, words in marks if days and first <= day <= last)
    view = _view(shown, placed, (first, last), paper, language)
    told = _told(shown, placed, language)
    return drawn("curve", name, title, told, medium, language, view.pop("height"), view)


def _view(
    shown: Mapping[str, Sequence[Day]], marks: Sequence[Mark], span: tuple[date, date], paper: Paper, language: str
) -> dict[str, Any]:
    first, last = span
    n_days = max(1, (last - first).days)
    top_count, step = _scale(max((count for points in shown.values() for _, count in points), default=0))
    left = (width_of(whole_number(top_count, language), paper.small) + 8) / paper.width
    legend, top = legend_items(paper, [(f"line-{place}", label) for place, label in enumerate(shown, 1)])
    numbers_y = top + paper.line
    base = numbers_y + 6 + TALL[paper.medium]

    def across(day: date) -> float:
        return left + (1 - left) * (day - first).days / n_days

    def up(count: int) -> float:
        return base - TALL[paper.medium] * count / top_count

    under, height = legend_items(
        paper, [(f"number-{n}", _mark(words, day, language)) for n, (day, words) in _numbered(marks)]
    )
    return {
        "legend": legend,
        "left": left,
        "base": base,
        "grid": [(whole_number(count, language), up(count)) for count in range(0, top_count + 1, step)],
        # the lines' own coordinates are thousandths of the width, whatever that is
        "lines": [
            " ".join(f"{number(1000 * across(day))},{number(up(count))}" for day, count in points)
            for points in shown.values()
        ],
        # one day makes no line
        "dots": [(n, across(of[0][0]), up(of[0][1])) for n, of in enumerate(shown.values(), 1) if len(of) == 1],
        "days": [(across(day), _anchor(across(day)), _short(day, language)) for day in _ticks(first, last) if shown],
        "marks": [(n, across(day)) for n, (day, _) in _numbered(marks)],
        "numbers_y": numbers_y,
        "under": [(item, item.y + base + paper.line + 6) for item in under],
        "height": base + paper.line + 8 + height,
    }


def _numbered(marks: Sequence[Mark]) -> list[tuple[int, Mark]]:
    return list(enumerate(marks, 1))


def _scale(most: int) -> tuple[int, int]:
    """The top of the axis and the step of its lines, both round."""
    step = 1
    while most > 4 * step:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return max(1, -(-most // step)) * step, step


def _ticks(first: date, last: date) -> list[date]:
    """A few days to name: both ends and what lies evenly between them."""
    n_days = (last - first).days
    n_parts = next((n for n in (3, 2) if n_days >= 2 * n), 1)
    return sorted({first + timedelta(days=n_days * part // n_parts) for part in range(n_parts + 1)})


def _anchor(share: float) -> str:
    return "end" if share > 0.93 else "start" if share < 0.15 else "middle"


def _short(day: date, language: str) -> str:
    return format_date(day, "d MMM", locale=language)


def _mark(words: str, day: date, language: str) -> str:
    return f"{words}, {_short(day, language)}"


def _told(shown: Mapping[str, Sequence[Day]], marks: Sequence[Mark], language: str) -> str:
    texts = catalogue(language)
    sentences = []
    for label, points in shown.items():
        (from_day, from_count), (to_day, to_count) = points[0], points[-1]
        values = {"label": label, "first": whole_number(from_count, language), "last": whole_number(to_count, language)}
        days = {"from": long_date(from_day, language), "to": long_date(to_day, language)}
        sentences.append(texts.gettext(ENDS_AT) % {**values, **days})
    for n, (day, words) in _numbered(marks):
        sentences.append(texts.gettext(MARKED) % {"number": n, "label": words, "day": long_date(day, language)})
    return " ".join(sentences)


def response_bar(
    n_completed: int,
    n_net: int,
    norm_pct: Decimal,
    language: str,
    medium: Medium = "screen",
    *,
    title: str,
    name: str = "response",
) -> Markup:
    """How much of the net sample is completed, with the response norm as a mark."""
    texts, paper = catalogue(language), PAPERS[medium]
    share = min(1.0, n_completed / n_net) if n_net else 0.0
    values = {"completed": whole_number(n_completed, language), "net": whole_number(n_net, language)}
    told = texts.gettext(COMPLETED_OF_NET) % {**values, "pct": _pct(Fraction(100 * n_completed, n_net or 1), language)}
    norm = texts.gettext(NORM) % {"pct": _pct(Fraction(norm_pct), language)}
    legend, top = legend_items(paper, [("bar", told), ("tick", norm)])
    thick = 1.6 * paper.size
    view = {"legend": legend, "y": top + 4, "thick": thick, "share": share, "norm_share": float(norm_pct) / 100}
    return drawn("response", name, title, f"{told}. {norm}.", medium, language, top + thick + 10, view)


def _pct(value: Fraction, language: str) -> str:
    """`38,8 %`; a whole norm as `40 %`."""
    text = str(value) if value.denominator == 1 else mean_text(value, language)
    return f"{text}{NO_BREAK}%"
