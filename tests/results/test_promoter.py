"""The actuele promotor score."""

from fractions import Fraction

import pytest

from app.language import one_decimal
from app.results.promoter import promoter_score
from tests.factories.tallies import tally


@pytest.mark.parametrize(
    ("roles", "printed"),
    [
        ((3, 3, 0), "50,0"),  # NT2 Digitaal
        ((0, 4, 0), "0,0"),  # IVIO Opleidingen
        ((6, 8, 0), "42,9"),  # ISKANDER
        ((0, 0, 9), "-100,0"),
        ((9, 0, 0), "100,0"),
        ((0, 7, 1), "-12,5"),
    ],
)
def test_the_score_is_promoters_minus_detractors_per_hundred(roles: tuple[int, int, int], printed: str) -> None:
    score = promoter_score({1: tally(20, roles=roles)})
    assert score is not None
    assert one_decimal(score) == printed


def test_services_are_taken_together_and_inburgering_is_left_out() -> None:
    clients = {1: tally(5, roles=(1, 0, 0)), 2: tally(5, roles=(0, 2, 0)), 11: tally(5, roles=(0, 0, 5))}
    assert promoter_score(clients) == Fraction(100, 3)


def test_there_is_no_score_when_no_arbeid_client_answered() -> None:
    assert promoter_score({}) is None
    assert promoter_score({11: tally(5, roles=(5, 0, 0)), 1: tally(4, [8])}) is None
