"""The front page of a report: where the clients live, their mean grade, and what the provider does well."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.errors import NotFound
from app.fieldwork.dispositions import in_net_sample
from app.results.disclosure.pieces import told_parts
from app.results.disclosure.versions import is_as_before, parts_after, told_after
from app.results.figures.changes import case_table
from app.results.figures.counts import Filter, Values
from app.results.figures.figure import Figure
from app.results.figures.kinds import percent_satisfied
from app.results.figures.percentages import half_up
from app.results.figures.refresh import counted_up
from app.results.figures.sections import Counted, read_counts, section_of, source_of, whose
from app.results.tallies import CLIENT, of_participation

# The satisfaction items about the people of the provider; both editions have them.
STAFF_ASPECTS = ("respect", "information", "what_matters")
N_GOOD = 4


@dataclass(frozen=True)
class Aspect:
    """A satisfaction item with the share that is (very) satisfied, exact, beside that of all providers."""

    code: str
    question: str
    share: Fraction  # per cent of who answered
    benchmark_share: Fraction

    @property
    def difference(self) -> Fraction:
        return self.share - self.benchmark_share

    @property
    def pct(self) -> int:
        return half_up(self.share)

    @property
    def benchmark_pct(self) -> int:
        return half_up(self.benchmark_share)


@dataclass(frozen=True)
class FrontPage:
    """What a report begins with; what may not be told, or is not there, is None or left out."""

    provinces: Mapping[str, int | None]  # clients of the net sample; a province without clients is absent
    n_without_province: int | None
    mean: Fraction | None  # of all clients: the Totaal of the keurmerk table, which is never hidden
    n_grades: int
    best: Figure | None  # the staff aspect with most (very) satisfied people, with its distribution
    good: tuple[Aspect, ...]  # at most four, the relatively best first


def front_page(
    connection: Connection,
    wave: str,
    provider: str,
    *,
    earlier: Sequence[Sequence[Figure]] = (),
    earlier_provinces: Sequence[Mapping[str, int | None]] = (),
) -> FrontPage:
    """The front page of one provider.

    Args:
        earlier: the figures of each earlier version of the report, the oldest first (see `disclosure_versions`).
        earlier_provinces: the provinces of each of them.
    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    known, participation_id, name = whose(connection, wave, provider)
    if participation_id is None:
        raise NotFound("a front page is of one provider")
    with counted_up(connection, known.id, participation_id) as fresh:
        counted = read_counts(fresh, known, participation_id, name, is_fine=False)
        grades = of_participation(fresh, participation_id, ()).total.grades
        provinces = told_parts(_clients_by_province(fresh, participation_id), known.rules.min_n)
        best, good = _done_well(counted, earlier)
    nowhere = provinces.pop("", 0)
    provinces = parts_after(provinces, earlier_provinces, known.rules.min_n)
    return FrontPage(provinces, nowhere, grades.mean, grades.n, best, good)


def _done_well(counted: Counted, earlier: Sequence[Sequence[Figure]]) -> tuple[Figure | None, tuple[Aspect, ...]]:
    """The best staff aspect and the relatively good aspects, as far as the report may tell them."""
    section = section_of(counted, "clients", Filter())
    if section is None:
        return None, ()
    figures = told_after([section], earlier, counted.wave.rules.min_n)[0].figures
    return best_staff_aspect(figures), good_aspects(figures, source_of(counted, "clients", Filter()).benchmark)


def _clients_by_province(connection: Connection, participation_id: int) -> dict[str, int]:
    province = sa.func.coalesce(case_table.c.province, "")
    mine = case_table.c.participation_id == participation_id, case_table.c.kind == CLIENT, in_net_sample()
    rows = connection.execute(sa.select(province, sa.func.count()).where(*mine).group_by(province))
    return {name: int(n) for name, n in rows}


def best_staff_aspect(figures: Sequence[Figure]) -> Figure | None:
    """The one with the highest exact share of (very) satisfied people; ties by very satisfied, then by order."""
    about_staff = [figure for figure in figures if figure.code in STAFF_ASPECTS and not figure.is_hidden]
    return max(about_staff, key=_score, default=None)


def _score(figure: Figure) -> tuple[Fraction, Fraction]:
    """Percentages of who answered; the first of equals wins, since `max` keeps it."""
    of = {bar.code: Fraction(bar.n or 0, figure.n) for bar in figure.bars}
    return of["very_satisfied"] + of["satisfied"], of["very_satisfied"]


def good_aspects(figures: Sequence[Figure], benchmark_of: Callable[[str, Filter], Values | None]) -> tuple[Aspect, ...]:
    """The aspects with the largest difference to all providers; ties by own share, then by order."""
    aspects = []
    for figure in figures:
        benchmark = benchmark_of(figure.code, Filter()) if figure.kind == "satisfaction" else None
        # one that tells what an earlier report told has no exact benchmark any more
        if figure.is_hidden or not benchmark or is_as_before(figure):
            continue
        own = percent_satisfied({bar.code: bar.n or 0 for bar in figure.bars})
        aspects.append(Aspect(figure.code, figure.question, own, percent_satisfied(benchmark)))
    return tuple(sorted(aspects, key=lambda aspect: (-aspect.difference, -aspect.share))[:N_GOOD])
