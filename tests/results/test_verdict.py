"""The norm verdict and the correction for very low grades."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fieldwork.rules import KeurmerkNorms, LotNorms
from app.results.tallies import Tallies
from app.results.verdict import fail_limits, judge_keurmerk, judge_lots, verdicts
from tests.factories.rules import rules
from tests.factories.tallies import adding_up_to, tally

NORMS = KeurmerkNorms()


def given_grades(*services: list[str | int]) -> Tallies:
    return Tallies({code: tally(50, grades) for code, grades in enumerate(services, start=1)})


@pytest.mark.parametrize(
    ("grades", "outcome", "mean", "corrected"),
    [
        ([8, 8, 8, 8, 1, 1], "met_after_correction", Fraction(34, 6), Fraction(7)),
        ([9, 7, 7, 7, 7, 1, 1], "met_after_correction", Fraction(39, 7), Fraction(47, 7)),
        ([6, 6, 6, 1], "not_met", Fraction(19, 4), Fraction(23, 4)),
        ([8, 7], "met", Fraction(15, 2), None),
        (["6.5"], "met", Fraction(13, 2), None),
    ],
)
def test_the_worked_examples_of_the_correction(
    grades: list[str | int], outcome: str, mean: Fraction, corrected: Fraction | None
) -> None:
    verdict = judge_keurmerk(NORMS, given_grades(grades))
    assert (verdict.outcome, verdict.mean, verdict.corrected_mean) == (outcome, mean, corrected)


def test_an_exact_mean_of_6_45_fails_exact_and_passes_rounded() -> None:
    tallies = Tallies({1: adding_up_to(40, "129", 20)})
    exact, rounded = judge_keurmerk(NORMS, tallies), judge_keurmerk(KeurmerkNorms(norm_on="rounded"), tallies)
    assert (exact.mean, exact.outcome, exact.corrected_mean) == (Fraction("6.45"), "not_met", Fraction("6.45"))
    assert (rounded.outcome, rounded.corrected_mean) == ("met", None)


def test_rounding_half_up_helps_from_a_half_and_not_below_it() -> None:
    just_under = Tallies({1: adding_up_to(400, "644.9", 100)})
    assert judge_keurmerk(KeurmerkNorms(norm_on="rounded"), just_under).outcome == "not_met"


def test_one_service_below_its_minimum_misses_the_norm_though_the_total_is_high() -> None:
    verdict = judge_keurmerk(NORMS, given_grades([9, 9, 9, 9], [5, 5]))
    assert (verdict.outcome, verdict.mean, verdict.corrected_mean) == ("not_met", Fraction(46, 6), Fraction(46, 6))
    assert judge_keurmerk(NORMS, given_grades([9, 9, 9, 9], ["5.5", "5.5"])).outcome == "met"


def test_the_correction_also_mends_a_service() -> None:
    assert judge_keurmerk(NORMS, given_grades([9, 9, 9, 9], [1, 7])).outcome == "met_after_correction"


def test_no_grade_at_all_is_no_judgement_and_a_service_without_grades_is_not_judged() -> None:
    assert judge_keurmerk(NORMS, Tallies()).outcome == "no_judgement"
    assert judge_keurmerk(NORMS, given_grades([], [])).mean is None
    assert judge_keurmerk(NORMS, given_grades([8], [])).outcome == "met"


def test_the_fail_limit_and_value_are_rules_of_the_wave() -> None:
    norms = KeurmerkNorms(fail_limit=Decimal("6"), fail_value=Decimal("5.75"))
    verdict = judge_keurmerk(norms, Tallies({1: tally(9, [8, 5, "5.9", "6"], limits=[60])}))
    assert (verdict.outcome, verdict.corrected_mean) == ("not_met", Fraction("25.5") / 4)
    own = rules(norm_sets=[{"fail_limit": "6"}, {"kind": "uwv", "lots": {"A": [1]}}, {"fail_limit": "5.45"}])
    assert fail_limits(own) == {60, 55}


def test_a_grade_on_the_fail_limit_is_sufficient() -> None:
    verdict = judge_keurmerk(NORMS, given_grades(["5.5", "5.4", "6"]))
    assert verdict.corrected_mean == (Fraction("5.5") + 5 + 6) / 3


def test_lots_group_services_and_each_needs_a_seven() -> None:
    norms = LotNorms(lots={"A": (1, 2), "B": (3,), "C": (9,)})
    verdict = judge_lots(norms, given_grades([6, 6], [8, 8], [7]))
    assert [(lot.lot, lot.mean, lot.outcome) for lot in verdict.lots] == [
        ("A", Fraction(7), "met"),
        ("B", Fraction(7), "met"),
        ("C", None, "no_judgement"),
    ]
    assert (verdict.norm_set, verdict.outcome, verdict.mean, verdict.corrected_mean) == (
        "uwv",
        "met",
        Fraction(7),
        None,
    )


def test_a_missed_lot_misses_the_norm_and_is_not_corrected() -> None:
    norms = LotNorms(lots={"A": (1,), "B": (2,)})
    verdict = judge_lots(norms, given_grades([9, 9, 9], [8, 8, 8, 1]))
    assert (verdict.outcome, verdict.corrected_mean) == ("not_met", None)
    assert [lot.outcome for lot in verdict.lots] == ["met", "not_met"]
    assert judge_lots(norms, given_grades([], [], [8])).outcome == "no_judgement"


def test_lots_can_be_tested_on_the_rounded_mean() -> None:
    tallies = Tallies({1: adding_up_to(40, "139", 20)})  # 6.95
    assert judge_lots(LotNorms(lots={"A": (1,)}), tallies).outcome == "not_met"
    assert judge_lots(LotNorms(lots={"A": (1,)}, norm_on="rounded"), tallies).outcome == "met"


def test_a_wave_may_have_several_norm_sets() -> None:
    both = rules(norm_sets=[{"kind": "keurmerk"}, {"kind": "uwv", "lots": {"A": [1]}}])
    assert [verdict.norm_set for verdict in verdicts(both, given_grades([8]))] == ["keurmerk", "uwv"]


tenths = st.integers(10, 100)


@given(st.lists(st.lists(tenths, max_size=12), min_size=1, max_size=4))
def test_the_verdict_equals_one_computed_by_hand_on_every_grade(services: list[list[int]]) -> None:
    grades = [[Fraction(n, 10) for n in service] for service in services]
    everyone = [grade for service in grades for grade in service]
    verdict = judge_keurmerk(NORMS, given_grades(*([str(Decimal(n) / 10) for n in service] for service in services)))
    if not everyone:
        assert verdict.outcome == "no_judgement"
        return
    corrected = [[Fraction(5) if grade < Fraction("5.5") else grade for grade in service] for service in grades]

    def reach(rows: list[list[Fraction]]) -> bool:
        total = [grade for row in rows for grade in row]
        return sum(total) >= Fraction("6.5") * len(total) and all(sum(r) >= Fraction("5.5") * len(r) for r in rows)

    expected = "met" if reach(grades) else "met_after_correction" if reach(corrected) else "not_met"
    assert verdict.outcome == expected
    assert verdict.mean == Fraction(sum(everyone), len(everyone))
    flat = [grade for row in corrected for grade in row]
    assert verdict.corrected_mean == (None if expected == "met" else Fraction(sum(flat), len(flat)))


@given(st.lists(st.lists(tenths, max_size=8), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_respondents_makes_no_difference(services: list[list[int]], random: Random) -> None:
    shuffled = [random.sample(service, len(service)) for service in services]
    as_text = [[[str(Decimal(n) / 10) for n in service] for service in order] for order in (services, shuffled)]
    assert judge_keurmerk(NORMS, given_grades(*as_text[0])) == judge_keurmerk(NORMS, given_grades(*as_text[1]))
