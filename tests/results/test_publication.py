"""The response norm and publication."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.fieldwork.rules import Band
from app.results.publication import (
    band_for,
    commissioners_are_published,
    meets,
    n_still_needed,
    service_is_published,
    total_is_published,
)
from app.results.tallies import Tally
from tests.factories.rules import rules

FORTY = (Band(min_pct=Decimal(40)),)


def answered(n_completed: int, n_net: int) -> Tally:
    return Tally(n_net, n_completed)


def test_a_ratio_equal_to_the_norm_meets_it_unless_the_wave_says_otherwise() -> None:
    assert meets(FORTY, answered(2, 5), inclusive=True)
    assert not meets(FORTY, answered(2, 5), inclusive=False)


def test_the_exact_ratio_is_tested_and_not_the_rounded_percentage() -> None:
    almost = answered(1999, 5000)  # 39,98 prints as 40,0
    assert not meets(FORTY, almost, inclusive=True)
    assert meets((Band(min_pct=Decimal("33.3")),), answered(1, 3), inclusive=True)
    assert not meets((Band(min_pct=Decimal("33.34")),), answered(1, 3), inclusive=True)


def test_a_minimum_number_of_interviews_comes_on_top_of_the_percentage() -> None:
    bands = (Band(min_pct=Decimal(0), min_completed=1),)
    assert not meets(bands, answered(0, 10), inclusive=True)
    assert meets(bands, answered(1, 10), inclusive=True)


def test_nobody_invited_meets_no_norm() -> None:
    assert not meets((Band(min_pct=Decimal(0), min_completed=0),), answered(0, 0), inclusive=True)


BANDS = (
    Band(net_max=10, min_pct=Decimal(50)),
    Band(net_max=100, min_pct=Decimal(40), min_completed=8),
    Band(min_pct=Decimal(25), min_completed=40),
)


@pytest.mark.parametrize(("n_net", "min_pct"), [(1, 50), (10, 50), (11, 40), (100, 40), (101, 25), (9999, 25)])
def test_the_first_band_that_is_wide_enough_applies(n_net: int, min_pct: int) -> None:
    assert band_for(BANDS, n_net).min_pct == min_pct


@pytest.mark.parametrize(
    ("n_completed", "n_net", "expected"),
    [(4, 10, False), (5, 10, True), (7, 17, False), (8, 17, True), (39, 101, False), (40, 101, True), (40, 161, False)],
)
def test_bands_by_net_size_decide_on_their_own_percentage_and_count(
    n_completed: int, n_net: int, expected: bool
) -> None:
    assert meets(BANDS, answered(n_completed, n_net), inclusive=True) is expected


def test_bands_that_leave_a_gap_are_refused_with_a_way_to_mend_them() -> None:
    with pytest.raises(Invalid, match="no band for a net sample of 11; end the bands with «net_max: null»"):
        band_for(BANDS[:1], 11)


def test_since_2024_a_service_needs_the_total_to_meet_the_norm_too() -> None:
    service, total = answered(5, 5), answered(5, 20)
    assert service_is_published(rules(2023), service, total)
    assert not service_is_published(rules(2024), service, total)
    assert service_is_published(rules(2024), service, answered(8, 20))


def test_commissioners_are_always_published_even_without_answers_unless_the_wave_says_otherwise() -> None:
    assert commissioners_are_published(rules(), answered(0, 2))
    own_norm = rules(commissioners_always_published=False)
    assert not commissioners_are_published(own_norm, answered(0, 2))
    assert commissioners_are_published(own_norm, answered(1, 2))


def test_a_separate_publication_norm_decides_on_publication() -> None:
    strict = rules(publication_norm={"clients": [{"min_pct": "60"}], "commissioners": [{"min_pct": "0"}]})
    assert not total_is_published(strict, answered(5, 10))
    assert total_is_published(strict, answered(6, 10))
    assert total_is_published(rules(), answered(5, 10))


counts = st.integers(0, 300).flatmap(lambda net: st.tuples(st.integers(0, net), st.just(net)))
norms = st.builds(Band, min_pct=st.decimals(0, 100, places=2), min_completed=st.integers(0, 20), net_max=st.just(None))


@given(counts, norms, st.booleans())
def test_one_more_interview_never_takes_publication_away(count: tuple[int, int], band: Band, inclusive: bool) -> None:
    n_completed, n_net = count
    before = meets((band,), answered(n_completed, n_net), inclusive=inclusive)
    after = meets((band,), answered(min(n_completed + 1, n_net), n_net), inclusive=inclusive)
    assert after or not before


@given(counts, norms, st.booleans())
def test_what_is_still_needed_is_exactly_enough(count: tuple[int, int], band: Band, inclusive: bool) -> None:
    n_completed, n_net = count
    needed = n_still_needed((band,), answered(n_completed, n_net), inclusive=inclusive)
    if needed is None:
        assert not meets((band,), answered(n_net, n_net), inclusive=inclusive)
        return
    assert meets((band,), answered(n_completed + needed, n_net), inclusive=inclusive)
    assert needed == 0 or not meets((band,), answered(n_completed + needed - 1, n_net), inclusive=inclusive)


@given(counts, norms)
def test_the_norm_is_tested_as_the_fractions_say(count: tuple[int, int], band: Band) -> None:
    n_completed, n_net = count
    expected = n_net > 0 and n_completed >= band.min_completed
    expected = expected and Fraction(n_completed, n_net) * 100 >= Fraction(str(band.min_pct))
    assert meets((band,), answered(n_completed, n_net), inclusive=True) is expected
