"""What two documents about the same people tell together: a corrected report beside the one before it.

When one answer is corrected and everything is told again, the difference of the two reports is that one person. So a
figure that changed by fewer than `min_n` people is told as it was told before. People who change in both directions
cannot be counted from outside, so the number is the smallest that explains the difference; that errs on the safe side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil

from app.questions.question import N_
from app.results.figures.figure import Bar, Figure, Section, SectionGroup
from app.results.keurmerk_page import Sentence

AS_BEFORE = N_(
    "Deze figuur is gelijk aan die in het vorige rapport. Sindsdien veranderden minder dan %(n)s antwoorden, en die "
    "mogen niet uit het verschil af te leiden zijn."
)
LARGEST_STEP = 9  # by how much one person can change a sum of grades


Told = dict[tuple[SectionGroup, str], Figure]  # by group and code


def told_after(now: Sequence[Section], earlier: Sequence[Iterable[Figure]], min_n: int) -> list[Section]:
    """The figures of a new version, given all figures of each earlier version, the oldest version first."""
    if min_n <= 1 or not earlier:
        return list(now)
    versions = [{(one.group, one.code): one for one in figures if not one.is_hidden} for figures in earlier]
    return [replace(section, figures=_figures(section.figures, versions, min_n)) for section in now]


def parts_after(
    now: Mapping[str, int | None], earlier: Sequence[Mapping[str, int | None]], min_n: int
) -> dict[str, int | None]:
    """The same for parts of a known whole, such as clients by province."""
    for before in reversed(earlier):
        steps = [abs((now.get(name) or 0) - (before.get(name) or 0)) for name in now.keys() | before.keys()]
        if 0 < sum(steps) < min_n:
            return dict(before)
    return dict(now)


def is_as_before(figure: Figure) -> bool:
    """Whether a figure tells what an earlier version told."""
    return figure.note is not None and figure.note.message == AS_BEFORE


def _figures(figures: Sequence[Figure], earlier: Sequence[Told], min_n: int) -> tuple[Figure, ...]:
    held = {
        _question(figure)
        for figure in figures
        for version in earlier
        if (before := version.get((figure.group, figure.code))) is not None
        and not figure.is_hidden
        and 0 < n_changed(before, figure) < min_n
    }
    return tuple(_told(figure, earlier, min_n, _question(figure) in held) for figure in figures)


def _question(figure: Figure) -> tuple[SectionGroup, str]:
    """The mean of a grade and its distribution are two figures of the same answers."""
    return figure.group, figure.code.partition(".")[0]


def _told(figure: Figure, earlier: Sequence[Told], min_n: int, is_held: bool) -> Figure:
    key = figure.group, figure.code
    before = next((version[key] for version in reversed(earlier) if key in version), None)
    if is_held:
        if before is None:
            return replace(figure, n=0, benchmark_n=0, bars=(), note=None, is_hidden=True, verdict=None)
        return replace(before, note=Sentence(AS_BEFORE, {"n": min_n}))
    if before is not None and _benchmark_moved_a_little(before, figure, min_n):
        return _with_benchmark_of(figure, before)
    return figure


def n_changed(before: Figure, now: Figure) -> int:
    """At least how many people answered otherwise, came in or went out; 0 = the figures are equal."""
    old = {bar.code: bar for bar in before.bars}
    pairs = [(old[bar.code], bar) for bar in now.bars if bar.code in old]
    n = abs(now.n - before.n)
    if now.kind in ("grade", "counts"):
        return max([n, *(_moved(one, other) for one, other in pairs)])
    steps = [(other.n or 0) - (one.n or 0) for one, other in pairs]
    if now.kind == "choices":
        return max([n, *map(abs, steps)])
    return max(n, sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0))


def _moved(one: Bar, other: Bar) -> int:
    if one.n is None or other.n is None:
        return 0  # what was not told, or is not any more, cannot be subtracted
    if one.mean is None or other.mean is None:
        return int(one.n != other.n)  # a sum: how many people moved it is not known
    step = abs(other.mean * other.n - one.mean * one.n)
    return max(abs(other.n - one.n), ceil(Fraction(step, LARGEST_STEP)))


def _benchmark_moved_a_little(before: Figure, now: Figure, min_n: int) -> bool:
    old = {bar.code: (bar.benchmark_pct, bar.benchmark_mean) for bar in before.bars}
    has_moved = any((bar.benchmark_pct, bar.benchmark_mean) != old[bar.code] for bar in now.bars if bar.code in old)
    return (has_moved or now.benchmark_n != before.benchmark_n) and abs(now.benchmark_n - before.benchmark_n) < min_n


def _with_benchmark_of(figure: Figure, before: Figure) -> Figure:
    old = {bar.code: bar for bar in before.bars}
    bars = tuple(
        replace(bar, benchmark_pct=old[bar.code].benchmark_pct, benchmark_mean=old[bar.code].benchmark_mean)
        if bar.code in old
        else bar
        for bar in figure.bars
    )
    return replace(figure, bars=bars, benchmark_n=before.benchmark_n)
