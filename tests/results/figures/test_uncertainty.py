"""The interval behind "hoger dan het gemiddelde": known values, and how often it is right."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.results.figures.uncertainty import (
    HIGHER,
    LOWER,
    SAME,
    SHARE_HIGHER,
    SHARE_LOWER,
    SHARE_SAME,
    Moments,
    Sample,
    difference_of_means,
    difference_of_shares,
    mean_verdict,
    share_verdict,
    student_t,
    wilson,
)


def rounded(*ends: Decimal) -> tuple[str, ...]:
    return tuple(f"{end:.4f}" for end in ends)


@pytest.mark.parametrize(
    ("n_yes", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_interval_of_a_share_is_wilsons(n_yes: int, n: int, low: str, high: str) -> None:
    assert rounded(*wilson(Sample(n_yes, n))) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10
        ((56, 70), (48, 80), "0.0524", "0.3339"),
        ((9, 10), (3, 10), "0.1705", "0.8090"),
        ((10, 10), (0, 20), "0.6791", "1.0000"),
        ((10, 10), (0, 10), "0.6075", "1.0000"),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    one: tuple[int, int], other: tuple[int, int], low: str, high: str
) -> None:
    assert rounded(*difference_of_shares(Sample(*one), Sample(*other))) == (low, high)


def test_who_answered_is_not_uncertain_any_more() -> None:
    half = Sample(5, 10, population=20)
    low, high = wilson(half)
    wide_low, wide_high = wilson(Sample(5, 10))
    assert wide_low < low < high < wide_high
    assert wilson(Sample(5, 10, population=10)) == (Decimal("0.5"), Decimal("0.5"))


def test_the_correction_is_an_effective_number_of_answers() -> None:
    # n (N - 1) / (N - n) = 10 x 18 / 9 = 20
    assert wilson(Sample(5, 10, population=19)) == wilson(Sample(10, 20))


def test_the_interval_of_two_means_is_welchs() -> None:
    # means 20.8 and 23.0, variances 7.9 and 3.8, 15 and 15 answers
    one, other = Moments(15, Fraction(208, 10), Fraction(79, 10)), Moments(15, Fraction(23), Fraction(38, 10))
    low, high = difference_of_means(one, other)
    # t(24) = 2.0639, standard error 0.8832
    assert rounded(low, high) == ("-4.0228", "-0.3772")


def test_a_t_value_between_two_of_the_table_is_the_safer_one() -> None:
    assert (student_t(1), student_t(29), student_t(59), student_t(5000)) == (
        Decimal("12.7062"),
        Decimal("2.0484"),
        Decimal("2.0211"),
        Decimal("1.9623"),
    )


def test_moments_are_exact() -> None:
    moments = Moments.of({"7.5": 2, "8": 1})
    assert (moments.n, moments.mean, moments.variance) == (3, Fraction(23, 3), Fraction(1, 12))


def test_a_share_is_compared_with_the_others_not_with_itself() -> None:
    assert share_verdict(Sample(20, 20), Sample(120, 220)).message == SHARE_HIGHER  # type: ignore[union-attr]
    assert share_verdict(Sample(2, 20), Sample(102, 220)).message == SHARE_LOWER  # type: ignore[union-attr]
    assert share_verdict(Sample(11, 20), Sample(111, 220)).message == SHARE_SAME  # type: ignore[union-attr]
    assert share_verdict(Sample(20, 20), Sample(20, 20)) is None  # nobody to compare with


def test_a_mean_is_higher_lower_or_not_to_be_told_apart() -> None:
    everybody = {"6": 50, "7": 100, "8": 50, "9": 10, "4": 10, "7.5": 10}
    assert mean_verdict({"9": 10}, everybody).message == HIGHER  # type: ignore[union-attr]
    assert mean_verdict({"4": 10}, everybody).message == LOWER  # type: ignore[union-attr]
    assert mean_verdict({"7.5": 10}, everybody | {"7.5": 30}).message == HIGHER  # type: ignore[union-attr]
    assert mean_verdict({"6": 5, "8": 5}, everybody).message == SAME  # type: ignore[union-attr]


def test_of_fewer_than_five_answers_nothing_is_said() -> None:
    assert mean_verdict({"9": 4}, {"9": 4, "5": 100}) is None
    assert share_verdict(Sample(4, 4), Sample(4, 104)) is None


@given(n=st.integers(1, 300), data=st.data())
def test_an_interval_holds_its_own_share_and_stays_between_0_and_1(n: int, data: st.DataObject) -> None:
    n_yes = data.draw(st.integers(0, n))
    population = data.draw(st.none() | st.integers(n, 3 * n))
    low, high = wilson(Sample(n_yes, n, population))
    assert 0 <= low <= Decimal(n_yes) / n + Decimal("1e-20")
    assert Decimal(n_yes) / n - Decimal("1e-20") <= high <= 1


def coverage(chance: random.Random, population: int, n: int, share: float, n_times: int) -> float:
    """How often the interval of a sample without replacement holds the share of the whole population."""
    n_yes = round(population * share)
    people = [True] * n_yes + [False] * (population - n_yes)
    truth, n_held = Decimal(n_yes) / population, 0
    for _ in range(n_times):
        low, high = wilson(Sample(sum(chance.sample(people, n)), n, population))
        n_held += low <= truth <= high
    return n_held / n_times


@pytest.mark.parametrize(("population", "n"), [(30, 12), (60, 25), (200, 90)])
@pytest.mark.parametrize("share", [0.5, 0.8])
def test_about_nineteen_in_twenty_samples_of_a_small_population_hold_the_truth(
    population: int, n: int, share: float
) -> None:
    held = coverage(random.Random(population), population, n, share, 600)
    assert 0.92 <= held <= 0.995


def test_without_the_correction_the_interval_would_be_too_wide() -> None:
    """The negative control: the correction is what makes it right for a small population."""
    chance, people = random.Random(1), [True] * 15 + [False] * 15
    held = sum(
        low <= Decimal("0.5") <= high
        for low, high in (wilson(Sample(sum(chance.sample(people, 20)), 20)) for _ in range(600))
    )
    assert held == 600


def test_of_providers_like_all_others_about_one_in_twenty_is_told_to_differ() -> None:
    chance, n_told = random.Random(3), 0
    for _ in range(400):
        clients = [chance.choice("56677788899") for _ in range(60)]
        own = _counted(chance.sample(clients, 25))
        others = _counted([chance.choice("56677788899") for _ in range(500)])
        everybody = {value: own.get(value, 0) + n for value, n in others.items()}
        verdict = mean_verdict(own, everybody)
        n_told += verdict is not None and verdict.message != SAME
    assert 0.02 <= n_told / 400 <= 0.085


def _counted(grades: list[str]) -> dict[str, int]:
    return {value: grades.count(value) for value in sorted(set(grades))}
