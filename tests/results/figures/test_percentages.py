"""Whole percentages: exact, half up, and together 100."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.results.figures.percentages import half_up, largest_remainder, whole_pct


@pytest.mark.parametrize(
    ("counts", "pcts"),
    [
        ((1, 1, 1), (34, 33, 33)),
        ((1, 1, 1, 0), (34, 33, 33, 0)),
        ((2, 1), (67, 33)),
        ((1, 5), (17, 83)),
        ((0, 0), (0, 0)),
        ((1,) * 8, (13, 13, 13, 13, 12, 12, 12, 12)),
    ],
)
def test_the_largest_remainders_get_the_points_that_are_left(counts: tuple[int, ...], pcts: tuple[int, ...]) -> None:
    assert largest_remainder(counts) == pcts


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=12))
def test_parts_of_a_whole_add_up_to_100_and_none_is_off_by_a_whole_point(counts: list[int]) -> None:
    pcts = largest_remainder(counts)
    whole = sum(counts)
    assert sum(pcts) == (100 if whole else 0)
    assert all(abs(Fraction(100 * n, whole) - pct) < 1 for n, pct in zip(counts, pcts, strict=True) if whole)


@pytest.mark.parametrize(
    ("value", "rounded"), [(Fraction(1, 2), 1), (Fraction(5, 2), 3), (Decimal("7.5"), 8), (Decimal("7.4"), 7), (3, 3)]
)
def test_a_half_goes_up(value: Fraction | Decimal | int, rounded: int) -> None:
    assert half_up(value) == rounded


def test_a_share_of_nobody_is_0() -> None:
    assert (whole_pct(0, 0), whole_pct(1, 8)) == (0, 13)
