"""A corrected report, and a wave that holds the people of another, tell nothing about the few who differ."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.database import reading
from app.results.disclosure.versions import AS_BEFORE, n_changed, parts_after, told_after
from app.results.figures.figure import Bar, Figure, Section
from app.results.figures.percentages import largest_remainder
from app.results.figures.sections import sections_of
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv


def choice(*people: int, code: str = "respect", benchmark: tuple[int, ...] = (50, 50)) -> Figure:
    """A figure of a choice with so many people per option."""
    pcts, theirs = largest_remainder(people), largest_remainder(benchmark)
    bars = tuple(Bar(str(i), str(i), n, pcts[i], theirs[i]) for i, n in enumerate(people))
    return Figure(code, "choice", "Vraag?", sum(people), sum(benchmark), bars, None, False, 5, None)


def mean(n: int, total: int, code: str = "grade") -> Figure:
    bar = Bar("total", "Totaal", n, None, None, Fraction(total, n))
    return Figure(code, "grade", "Cijfer?", n, 0, (bar,), None, False, 5, None)


def after(now: Figure, *earlier: Figure, min_n: int = 5) -> Figure:
    return told_after([Section("clients", "Cliënten", (now,))], [[one] for one in earlier], min_n)[0].figures[0]


@pytest.mark.parametrize(
    ("before", "now", "n"),
    [
        (choice(8, 4), choice(8, 4), 0),
        (choice(8, 4), choice(9, 4), 1),
        (choice(8, 4), choice(6, 6), 2),
        (choice(8, 4), choice(8, 10), 6),
        (mean(10, 80), mean(10, 80), 0),
        (mean(10, 80), mean(11, 80), 1),
        (mean(10, 80), mean(10, 70), 2),  # one person cannot go down by ten
    ],
)
def test_the_smallest_number_of_people_that_explains_a_difference(before: Figure, now: Figure, n: int) -> None:
    assert n_changed(before, now) == n


def test_a_figure_that_one_person_changed_is_told_as_before_and_says_so() -> None:
    told = after(choice(9, 4), choice(8, 4))
    assert [bar.n for bar in told.bars] == [8, 4]
    assert told.note is not None and told.note.message == AS_BEFORE


def test_a_figure_that_many_changed_is_told_as_it_is_now() -> None:
    assert after(choice(14, 4), choice(8, 4)) == choice(14, 4)
    assert after(choice(8, 4), choice(8, 4)).note is None


def test_every_earlier_version_counts_not_only_the_last() -> None:
    told = after(choice(15, 4), choice(14, 4), choice(8, 4))
    assert [bar.n for bar in told.bars] == [8, 4]


def test_what_an_earlier_version_hid_cannot_be_subtracted() -> None:
    hidden = replace(choice(4, 0), is_hidden=True, bars=(), n=0)
    assert after(choice(5, 0), hidden) == choice(5, 0)


def test_a_mean_is_held_together_with_its_distribution() -> None:
    now = Section("clients", "Cliënten", (mean(10, 80), choice(5, 6, code="grade.distribution")))
    before = [mean(10, 80), choice(5, 5, code="grade.distribution")]
    told = told_after([now], [before], 5)[0].figures
    assert [bar.n for bar in told[1].bars] == [5, 5]
    assert told[0].note is not None and told[0].note.message == AS_BEFORE


def test_a_benchmark_that_moved_by_one_person_stays_where_it_was() -> None:
    told = after(choice(14, 4, benchmark=(60, 41)), choice(8, 4, benchmark=(60, 40)))
    assert ([bar.n for bar in told.bars], told.benchmark_n) == ([14, 4], 100)


def test_min_n_1_tells_everything_as_it_is() -> None:
    assert after(choice(9, 4), choice(8, 4), min_n=1) == choice(9, 4)


def test_provinces_are_told_as_before_when_few_moved() -> None:
    assert parts_after({"Utrecht": 9, "Drenthe": 6}, [{"Utrecht": 8, "Drenthe": 6}], 5) == {"Utrecht": 8, "Drenthe": 6}
    assert parts_after({"Utrecht": 20, "Drenthe": 6}, [{"Utrecht": 8, "Drenthe": 6}], 5)["Utrecht"] == 20


@pytest.mark.parametrize(("n_more", "is_told"), [(0, True), (1, False), (4, False), (5, True)])
def test_two_waves_with_the_same_people_do_not_tell_about_the_few_others(
    database: str, tmp_path: Path, n_more: int, is_told: bool
) -> None:
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_wave("2022-laat", date(2022, 1, 15), date(2023, 1, 15))
    make_provider("Werkpad")
    rows = [cells(case_ref=f"C{n}", grade=str(5 + n % 4)) for n in range(6 + n_more)]
    bring_in(write_csv(tmp_path / "a.csv", *rows[:6]), wave="2022")
    bring_in(write_csv(tmp_path / "b.csv", *rows), wave="2022-laat")
    with reading() as connection:
        first, later = (sections_of(connection, wave, "werkpad")[0].figures for wave in ("2022", "2022-laat"))
    assert not any(figure.is_hidden for figure in first)
    assert [figure.is_hidden for figure in later] == [not is_told] * len(later)
