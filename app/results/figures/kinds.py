"""What is counted → figures, per kind of question. Pure and exact; what may not be told is left out here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.questions.question import N_
from app.results.figures.counts import Filter, Values
from app.results.figures.figure import Bar, Figure, Kind
from app.results.figures.percentages import half_up, largest_remainder, whole_pct
from app.results.figures.questions import Asked
from app.results.figures.uncertainty import Sample, mean_verdict, share_verdict
from app.results.keurmerk_page import Sentence

TOTAL = N_("Totaal")
TOTAL_ARBEID = N_("Totaal zonder inburgering")
UNROUNDED = N_(
    "Het gemiddelde is berekend met de cijfers zoals de mensen die gaven. In deze figuur zijn cijfers met een komma "
    "afgerond."
)
SEVERAL_ANSWERS = N_("Mensen konden meer dan één antwoord geven. De percentages zijn samen daarom vaak meer dan 100.")
ROWS_HIDDEN = N_("Een streepje betekent: minder dan %(n)s antwoorden, of anders uit te rekenen.")
# Whole numbers in classes: the last has no end.
CLASSES = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 9), (10, None))
GRADES = range(1, 11)


@dataclass(frozen=True)
class Source:
    """Where a figure gets its numbers: those of a provider and of the benchmark, as far as they may be told."""

    own: Callable[[str, Filter], Values]  # answer code, selection → values
    may_tell: Callable[[str, Filter], Values | None]  # the same as far as they may be told; None = hidden
    benchmark: Callable[[str, Filter], Values | None]  # None: not told, or there is nothing to compare with
    wanted: Filter
    min_n: int
    services: Mapping[int, str]  # of this group, with answers
    total_label: str = TOTAL
    response: Fraction | None = None  # share of the provider's net sample that answered; None = not known

    def population(self, n: int) -> int | None:
        """How many could have given the n answers: a question that few are asked has a small one."""
        return None if self.response is None else int(n / self.response)

    def told(self, code: str, wanted: Filter | None = None) -> Values | None:
        """The provider's values; None = hidden."""
        return self.may_tell(code, wanted or self.wanted)


def figures_of(asked: Asked, source: Source) -> Iterator[Figure]:
    """The figures of one question; none when nobody answered it."""
    if not source.own(asked.code, source.wanted):
        return
    if asked.kind == "grade" and asked.codes == (asked.code,):
        yield _means(asked, source)
        yield _distribution(asked, source)
    elif asked.kind in ("grade", "counts"):
        yield _rows(asked, source)
    else:
        yield _shares(asked, source)


def n_of(values: Values | None) -> int:
    """How many people gave any answer."""
    return sum(values.values()) if values else 0


def mean_of(values: Values | None) -> Fraction | None:
    """The exact mean of grades."""
    if not values:
        return None
    return sum((Fraction(value) * n for value, n in values.items()), Fraction(0)) / n_of(values)


def option_counts(asked: Asked, values: Values) -> dict[str, int]:
    """People per option; with several choices one person counts in each."""
    if asked.is_number:
        return _in_classes(values)
    counted = {code: 0 for code, _ in asked.options}
    for value, n in values.items():
        for code in value.split() if asked.kind == "choices" else (value,):
            if code in counted:
                counted[code] += n
    return counted


def _in_classes(values: Values) -> dict[str, int]:
    counted = {_class_name(low, high): 0 for low, high in CLASSES}
    for value, n in values.items():
        number = int(value)
        low, high = next(one for one in CLASSES if one[0] <= number and (one[1] is None or number <= one[1]))
        counted[_class_name(low, high)] += n
    return counted


def _class_name(low: int, high: int | None) -> str:
    return f"{low}+" if high is None else str(low) if low == high else f"{low}-{high}"


def percentages(kind: Kind, counts: Sequence[int], n: int) -> tuple[int, ...]:
    """Parts of one whole add up to 100; of several choices each is a share of its own."""
    return tuple(whole_pct(count, n) for count in counts) if kind == "choices" else largest_remainder(counts)


def _hidden(asked: Asked, source: Source, code: str, kind: Kind) -> Figure:
    return Figure(code, kind, asked.text, 0, 0, (), None, True, source.min_n, None)


def _shares(asked: Asked, source: Source) -> Figure:
    own, benchmark = source.told(asked.code), source.benchmark(asked.code, source.wanted)
    if own is None:
        return _hidden(asked, source, asked.code, asked.kind)
    counts = option_counts(asked, own)
    n = n_of(own) if asked.kind == "choices" else sum(counts.values())
    words = dict(asked.options) or {code: code.replace("-", "–") for code in counts}
    pcts = percentages(asked.kind, list(counts.values()), n)
    theirs, benchmark_n = _benchmark_counts(asked, benchmark)
    their_pcts = percentages(asked.kind, list(theirs.values()), benchmark_n) if benchmark_n else (None,) * len(counts)
    bars = tuple(
        Bar(code, words[code], counts[code], pct, their_pct)
        for code, pct, their_pct in zip(counts, pcts, their_pcts, strict=True)
    )
    note = Sentence(SEVERAL_ANSWERS) if asked.kind == "choices" else None
    verdict = None
    if asked.kind == "satisfaction" and benchmark_n:
        verdict = share_verdict(
            Sample(_satisfied(counts), n, source.population(n)), Sample(_satisfied(theirs), benchmark_n)
        )
    return Figure(asked.code, asked.kind, asked.text, n, benchmark_n, bars, note, False, source.min_n, verdict)


def _benchmark_counts(asked: Asked, benchmark: Values | None) -> tuple[dict[str, int], int]:
    if not benchmark:
        return {}, 0
    counts = option_counts(asked, benchmark)
    return counts, n_of(benchmark) if asked.kind == "choices" else sum(counts.values())


def percent_satisfied(counts: Mapping[str, int]) -> Fraction:
    """Of all who answered, those without an opinion too, how many per hundred are (very) satisfied."""
    n = sum(counts.values())
    return Fraction(100 * _satisfied(counts), n) if n else Fraction(0)


def _satisfied(counts: Mapping[str, int]) -> int:
    return counts.get("very_satisfied", 0) + counts.get("satisfied", 0)


def _means(asked: Asked, source: Source) -> Figure:
    """The mean of all, and of each service where there are several."""
    own, benchmark = source.told(asked.code), source.benchmark(asked.code, source.wanted)
    bars = [_mean_bar("total", source.total_label, own, benchmark)]
    if source.wanted.service is None and len(source.services) > 1:
        for service, name in source.services.items():
            wanted = Filter(service, source.wanted.wording, source.wanted.mode, source.wanted.language)
            if source.own(asked.code, wanted):
                told = source.told(asked.code, wanted)
                bars.append(_mean_bar(str(service), name, told, source.benchmark(asked.code, wanted)))
    if all(bar.n is None for bar in bars):
        return _hidden(asked, source, asked.code, "grade")
    verdict = mean_verdict(own, benchmark, source.population(n_of(own))) if own and benchmark else None
    note = Sentence(ROWS_HIDDEN, {"n": source.min_n}) if any(bar.n is None for bar in bars) else None
    return Figure(
        asked.code, "grade", asked.text, n_of(own), n_of(benchmark), tuple(bars), note, False, source.min_n, verdict
    )


def _mean_bar(code: str, label: str, own: Values | None, benchmark: Values | None) -> Bar:
    n = None if own is None else n_of(own)
    return Bar(code, label, n, None, None, mean_of(own), mean_of(benchmark))


def _distribution(asked: Asked, source: Source) -> Figure:
    code = f"{asked.code}.distribution"
    own, benchmark = source.told(asked.code), source.benchmark(asked.code, source.wanted)
    if own is None:
        return _hidden(asked, source, code, "grade_distribution")
    counts = _by_grade(own)
    pcts = largest_remainder(counts)
    their_pcts = largest_remainder(_by_grade(benchmark)) if benchmark else (None,) * len(counts)
    bars = tuple(
        Bar(str(grade), str(grade), n, pct, their_pct)
        for grade, n, pct, their_pct in zip(GRADES, counts, pcts, their_pcts, strict=True)
    )
    return Figure(
        code,
        "grade_distribution",
        asked.text,
        n_of(own),
        n_of(benchmark),
        bars,
        Sentence(UNROUNDED) if any("." in value for value in own) else None,
        False,
        source.min_n,
        None,
    )


def _by_grade(values: Values) -> tuple[int, ...]:
    counted = dict.fromkeys(GRADES, 0)
    for value, n in values.items():
        counted[half_up(Fraction(value))] += n
    return tuple(counted.values())


def _rows(asked: Asked, source: Source) -> Figure:
    """A bar per row, each with its own number of people: grades as means, counts as sums."""
    bars = []
    for code, label in asked.options:
        if not source.own(code, source.wanted):
            continue
        own, benchmark = source.told(code), source.benchmark(code, source.wanted)
        if asked.kind == "grade":
            bars.append(_mean_bar(code, label, own, benchmark))
        else:
            total = None if own is None else sum(int(value) * n for value, n in own.items())
            bars.append(Bar(code, label, total, None, None))
    own = source.told(asked.code)
    if all(bar.n is None for bar in bars):
        return _hidden(asked, source, asked.code, asked.kind)
    note = Sentence(ROWS_HIDDEN, {"n": source.min_n}) if any(bar.n is None for bar in bars) else None
    benchmark_n = n_of(source.benchmark(asked.code, source.wanted))
    return Figure(
        asked.code, asked.kind, asked.text, n_of(own), benchmark_n, tuple(bars), note, False, source.min_n, None
    )
