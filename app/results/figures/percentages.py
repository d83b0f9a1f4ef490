"""Whole percentages, exact: no binary fraction ever decides how a figure is rounded."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | Decimal | int) -> int:
    """The nearest whole number of something that is not negative; a half goes up."""
    exact = Fraction(value)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def whole_pct(part: int, whole: int) -> int:
    """A share as a whole percentage."""
    return half_up(Fraction(100 * part, whole)) if whole else 0


def largest_remainder(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole percentages of parts of one whole that add up to 100.

    Each is rounded down; the points that are left go to the largest remainders. Where those are equal, the part
    that comes first gets it, so that equal counts always give equal percentages.
    """
    whole = sum(counts)
    if whole == 0:
        return (0,) * len(counts)
    down = [100 * n // whole for n in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: (-(100 * counts[i] % whole), i))
    for i in by_remainder[: 100 - sum(down)]:
        down[i] += 1
    return tuple(down)
