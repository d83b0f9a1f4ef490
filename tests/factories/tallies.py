"""Tallies made from grades, the way the database would count them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.results.tallies import Grades, Tally

FAIL_LIMIT_TENTHS = 55


def tally(
    n_net: int,
    grades: Sequence[str | int] = (),
    *,
    n_without_grade: int = 0,
    roles: tuple[int, int, int] = (0, 0, 0),
    limits: Sequence[int] = (FAIL_LIMIT_TENTHS,),
) -> Tally:
    """A tally of usable interviews with these grades, and some without."""
    tenths = [int(Decimal(str(grade)) * 10) for grade in grades]
    failing = {}
    for limit in limits:
        fails = [grade for grade in tenths if grade < limit]
        failing[limit] = Grades(len(fails), sum(fails))
    return Tally(n_net, len(tenths) + n_without_grade, Grades(len(tenths), sum(tenths)), failing, *roles)


def adding_up_to(n_net: int, total: str | Fraction, n: int, roles: tuple[int, int, int] = (0, 0, 0)) -> Tally:
    """A tally of n grades of which only the sum is known; none insufficient."""
    return Tally(n_net, n, Grades(n, int(Fraction(total) * 10)), {FAIL_LIMIT_TENTHS: Grades()}, *roles)
