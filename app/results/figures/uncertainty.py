"""How sure a difference with the benchmark is, said in plain words.

Not everybody answers, so another group of respondents would have given another figure. A difference between a
provider and all the others is called one only when the 95 % interval of that difference leaves zero out.

Shares: Wilson's score interval for each of the two (E.B. Wilson, JASA 22 (1927), 209-212), which holds for small
numbers and near 0 and 100 % (Brown, Cai & DasGupta, Statistical Science 16 (2001), 101-133), and Newcombe's square-
and-add interval of their difference (R.G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10).
Means: the interval of Welch (Biometrika 34 (1947), 28-35), Student's t with the degrees of freedom rounded down.

A provider has few clients and many of them answer. Whoever answered is no longer uncertain, so its variance is taken
times the finite population correction (N - n)/(N - 1), for a mean 1 - n/N (W.G. Cochran, Sampling Techniques, 3rd ed.
1977, sections 2.6 and 3.2); N is the net sample. In a Wilson interval that comes down to an effective number of
n(N - 1)/(N - n) answers (the same as the finite-population form in Cochran 3.6). For the other providers no correction
is made, which errs on the side of "no difference". Everything is computed in Decimal; no binary fraction is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from app.questions.question import N_
from app.results.keurmerk_page import Sentence

Z = Decimal("1.959963984540054")  # of the normal distribution, 95 % two-sided
MIN_ANSWERS = 5  # of fewer nothing is said: an interval would be as wide as the scale
# Student's t, 95 % two-sided, by degrees of freedom; between two the lower is taken, which errs on the safe side.
T = {
    1: "12.7062", 2: "4.3027", 3: "3.1824", 4: "2.7764", 5: "2.5706", 6: "2.4469", 7: "2.3646", 8: "2.3060",
    9: "2.2622", 10: "2.2281", 11: "2.2010", 12: "2.1788", 13: "2.1604", 14: "2.1448", 15: "2.1314", 16: "2.1199",
    17: "2.1098", 18: "2.1009", 19: "2.0930", 20: "2.0860", 22: "2.0739", 24: "2.0639", 26: "2.0555", 28: "2.0484",
    30: "2.0423", 40: "2.0211", 60: "2.0003", 120: "1.9799", 1000: "1.9623",
}  # fmt: skip
SAME = N_("Niet te onderscheiden van het gemiddelde van alle dienstverleners.")
HIGHER = N_("Hoger dan het gemiddelde van alle dienstverleners.")
LOWER = N_("Lager dan het gemiddelde van alle dienstverleners.")
SHARE_SAME = N_(
    "Het deel dat (heel) tevreden is, is niet te onderscheiden van het gemiddelde van alle dienstverleners."
)
SHARE_HIGHER = N_("Het deel dat (heel) tevreden is, is hoger dan het gemiddelde van alle dienstverleners.")
SHARE_LOWER = N_("Het deel dat (heel) tevreden is, is lager dan het gemiddelde van alle dienstverleners.")
Interval = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Sample:
    """`n_yes` of `n` answers; `population`: how many could have answered, None = very many."""

    n_yes: int
    n: int
    population: int | None = None


def wilson(sample: Sample) -> Interval:
    """The interval of a share, as shares of 1; a point when everybody answered."""
    with localcontext(prec=28):
        share = Decimal(sample.n_yes) / sample.n
        if sample.population is not None and sample.population <= sample.n:
            return share, share
        n = Decimal(sample.n)
        if sample.population is not None:
            n = n * (sample.population - 1) / (sample.population - sample.n)
        middle = share + Z * Z / (2 * n)
        half = Z * (share * (1 - share) / n + Z * Z / (4 * n * n)).sqrt()
        whole = 1 + Z * Z / n
        return max(Decimal(0), (middle - half) / whole), min(Decimal(1), (middle + half) / whole)


def difference_of_shares(one: Sample, other: Sample) -> Interval:
    """The interval of the first share minus the second."""
    with localcontext(prec=28):
        p, q = Decimal(one.n_yes) / one.n, Decimal(other.n_yes) / other.n
        (p_low, p_high), (q_low, q_high) = wilson(one), wilson(other)
        down = ((p - p_low) ** 2 + (q_high - q) ** 2).sqrt()
        up = ((p_high - p) ** 2 + (q - q_low) ** 2).sqrt()
        return p - q - down, p - q + up


@dataclass(frozen=True)
class Moments:
    """Number, mean and variance of grades, exact."""

    n: int
    mean: Fraction
    variance: Fraction  # with n - 1

    @classmethod
    def of(cls, values: Mapping[str, int]) -> "Moments":
        n = sum(values.values())
        mean = sum((Fraction(value) * times for value, times in values.items()), Fraction(0)) / n
        squares = sum(((Fraction(value) - mean) ** 2 * times for value, times in values.items()), Fraction(0))
        return cls(n, mean, squares / (n - 1) if n > 1 else Fraction(0))


def difference_of_means(one: Moments, other: Moments, population: int | None = None) -> Interval:
    """The interval of the first mean minus the second; `population`: of the first."""
    left = Fraction(max(0, population - one.n), population) if population else Fraction(1)
    one_part, other_part = left * one.variance / one.n, other.variance / other.n
    squared = one_part + other_part
    weights = one_part**2 / max(1, one.n - 1) + other_part**2 / max(1, other.n - 1)
    freedom = squared**2 / weights if weights else Fraction(1)
    with localcontext(prec=28):
        middle = _decimal(one.mean - other.mean)
        half = student_t(int(freedom)) * _decimal(squared).sqrt()
        return middle - half, middle + half


def student_t(freedom: int) -> Decimal:
    """The two-sided 95 % point; for a number of degrees that is not in the table, that of the next lower one."""
    return Decimal(T[max(known for known in T if known <= max(1, freedom))])


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def share_verdict(own: Sample, benchmark: Sample) -> Sentence | None:
    """Whether a share of a provider differs from that of all; None when too few answered to say anything.

    Args:
        benchmark: over all providers, this one among them; it is compared with the others.
    """
    others = Sample(benchmark.n_yes - own.n_yes, benchmark.n - own.n)
    if own.n < MIN_ANSWERS or others.n < MIN_ANSWERS:
        return None
    return _told(difference_of_shares(own, others), SHARE_SAME, SHARE_HIGHER, SHARE_LOWER)


def mean_verdict(
    own: Mapping[str, int], benchmark: Mapping[str, int], population: int | None = None
) -> Sentence | None:
    """The same for a mean grade; both as grade → how many gave it."""
    others = {value: n - own.get(value, 0) for value, n in benchmark.items()}
    if sum(own.values()) < MIN_ANSWERS or sum(others.values()) < MIN_ANSWERS:
        return None
    return _told(difference_of_means(Moments.of(own), Moments.of(others), population), SAME, HIGHER, LOWER)


def _told(interval: Interval, same: str, higher: str, lower: str) -> Sentence:
    low, high = interval
    return Sentence(higher if low > 0 else lower if high < 0 else same)
