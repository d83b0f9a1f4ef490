"""The keurmerk table: rows, totals, rounding, and the published tables cell by cell."""

import json
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language import one_decimal
from app.results.keurmerk import keurmerk_table, rows
from app.results.keurmerk_formats import as_data
from app.results.tallies import Grades, Tallies, Tally
from app.settings import ROOT
from tests.factories.rules import rules
from tests.factories.tallies import adding_up_to, tally

PUBLISHED = ROOT / "app" / "results" / "worked_examples"
TALLIES = {
    "nt2-digitaal": Tallies({1: adding_up_to(12, "48", 6, (3, 3, 0)), 11: adding_up_to(27, "100", 13)}),
    "ivio-opleidingen": Tallies({1: adding_up_to(8, "33", 4, (0, 4, 0))}, tally(2)),
    "iskander": Tallies(
        {
            3: adding_up_to(2, "9", 1, (1, 0, 0)),
            8: adding_up_to(22, "62", 9, (4, 5, 0)),
            9: adding_up_to(8, "29.5", 4, (1, 3, 0)),
        }
    ),
}


def expected(provider: str) -> dict[str, Any]:
    return json.loads((PUBLISHED / provider / "published.json").read_text())


@pytest.mark.parametrize("provider", sorted(TALLIES))
def test_the_published_tables_come_out_cell_by_cell(provider: str) -> None:
    published = expected(provider)
    in_wave = rules(int(published["start"][:4]))
    data = as_data(keurmerk_table(provider, provider, published["wave"], in_wave, TALLIES[provider]))
    assert data["rows"] == published["rows"]
    assert data["promoter_score"] == published["promoter_score"]
    assert data["verdict"]["outcome"] == "met"


def test_there_is_a_row_per_service_with_a_net_sample_in_order_of_code() -> None:
    lines = rows(rules(), Tallies({12: tally(3, [8]), 2: tally(1), 10: tally(2), 5: tally(0)}))
    assert [row.service for row in lines] == [2, 10, 12, None]
    assert [row.group for row in lines] == ["clients"] * 4


def test_the_commissioners_are_left_out_when_none_was_invited() -> None:
    assert keurmerk_table("p", "P", "2022", rules(), Tallies({1: tally(3, [8])})).commissioners is None
    invited = keurmerk_table("p", "P", "2022", rules(), Tallies({1: tally(3, [8])}, tally(2))).commissioners
    assert invited is not None
    assert (invited.response_pct, invited.grade, invited.is_published) == ("0,0", "0,0", True)


def test_a_row_without_grades_prints_zero() -> None:
    service, total = rows(rules(), Tallies({1: tally(4, n_without_grade=3)}))
    assert (service.grade, service.completed, service.response_pct) == ("0,0", 3, "75,0")
    assert (total.grade, total.completed) == ("0,0", 3)


def test_a_provider_without_any_case_has_an_empty_total() -> None:
    (total,) = rows(rules(), Tallies())
    assert (total.net_sample, total.completed, total.response_pct, total.grade, total.is_published) == (
        0,
        0,
        "0,0",
        "0,0",
        False,
    )


def test_the_total_is_a_mean_over_respondents_and_not_over_services() -> None:
    *_, total = rows(rules(), Tallies({1: tally(1, [10]), 2: tally(9, [6] * 9)}))
    assert total.grade == "6,4"


def test_a_half_is_rounded_up_on_the_exact_value() -> None:
    (service, _) = rows(rules(), Tallies({1: tally(4, [8, 8, 8, 9])}))
    assert service.grade == "8,3"


def test_a_row_under_five_interviews_is_flagged_and_still_shown() -> None:
    small, enough, _ = rows(rules(), Tallies({1: tally(4, [8] * 4), 2: tally(5, [8] * 5)}))
    assert (small.is_small, enough.is_small, small.grade) == (True, False, "8,0")


def test_names_of_services_are_those_of_the_wave() -> None:
    assert rows(rules(2017), Tallies({13: tally(1)}))[0].label == "Duurzame inzetbaarheid"
    assert rows(rules(2018), Tallies({13: tally(1)}))[0].label == "Supported employment"


grades = st.lists(st.integers(10, 100), max_size=20)
services = st.dictionaries(st.integers(1, 13), st.tuples(grades, st.integers(0, 10), st.integers(0, 30)), max_size=6)


def as_tally(content: tuple[list[int], int, int]) -> Tally:
    given_grades, n_without_grade, n_silent = content
    net = len(given_grades) + n_without_grade + n_silent
    return tally(net, [str(Decimal(grade) / 10) for grade in given_grades], n_without_grade=n_without_grade)


@given(services)
def test_totals_are_the_sums_of_the_rows(content: dict[int, tuple[list[int], int, int]]) -> None:
    *lines, total = rows(rules(), Tallies({code: as_tally(one) for code, one in content.items()}))
    assert total.net_sample == sum(row.net_sample for row in lines)
    assert total.completed == sum(row.completed for row in lines)
    assert total.tally.grades == sum((row.tally.grades for row in lines), Grades())
    everyone = [grade for given_grades, _, _ in content.values() for grade in given_grades]
    assert total.grade == one_decimal(Fraction(sum(everyone), 10 * len(everyone)) if everyone else 0)


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_rounding_is_half_up_on_exact_values_and_agrees_with_brute_force(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    candidates = (Fraction(tenth, 10) for tenth in range(int(exact * 10), int(exact * 10) + 2))
    nearest = max(candidates, key=lambda tenth: (-abs(tenth - exact), tenth))
    assert Fraction(one_decimal(exact).replace(",", ".")) == nearest


@given(st.integers(-(10**9), 10**9))
def test_rounding_agrees_with_half_up_of_decimal_where_that_is_exact(thousandths: int) -> None:
    with localcontext(prec=40):
        value = Decimal(thousandths) / 1000
        rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert Decimal(one_decimal(value).replace(",", ".")) == rounded
