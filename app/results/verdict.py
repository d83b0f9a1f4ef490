"""The norm verdict: whether the grades are good enough. PLUG POINT: one judge per kind of norm set.

A new norm set is a rules class in `fieldwork.rules` and a judge with one line in `JUDGES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from app.fieldwork.rules import KeurmerkNorms, LotNorms, WaveRules
from app.language import one_decimal
from app.results.tallies import Grades, Tallies, Tally, in_tenths

Outcome = Literal["met", "met_after_correction", "not_met", "no_judgement"]


@dataclass(frozen=True)
class LotVerdict:
    """One lot (perceel) against its minimum."""

    lot: str
    mean: Fraction | None
    outcome: Outcome


@dataclass(frozen=True)
class Verdict:
    """`corrected_mean` is there only when the plain means missed the norm and the norm set corrects."""

    norm_set: str
    outcome: Outcome
    mean: Fraction | None
    corrected_mean: Fraction | None = None
    lots: tuple[LotVerdict, ...] = ()


def verdicts(rules: WaveRules, tallies: Tallies) -> tuple[Verdict, ...]:
    """One verdict per norm set of the wave, in the wave's order."""
    return tuple(JUDGES[norms.kind](norms, tallies) for norms in rules.norm_sets)


def two_decimals(mean: Fraction) -> str:
    """A mean beside its verdict: one place more than in the table, so that 6,45 does not read as the norm it misses."""
    hundredths = mean * 100 + Fraction(1, 2)
    return "{},{:02}".format(*divmod(hundredths.numerator // hundredths.denominator, 100))


def fail_limits(rules: WaveRules) -> frozenset[int]:
    """The limits, in tenths, under which the wave's norm sets count grades as insufficient."""
    return frozenset(in_tenths(norms.fail_limit) for norms in rules.norm_sets if isinstance(norms, KeurmerkNorms))


def corrected_mean(tally: Tally, norms: KeurmerkNorms) -> Fraction | None:
    """The mean when every insufficient grade counts the same."""
    n = tally.grades.n
    if not n:
        return None
    fails = tally.failing.get(in_tenths(norms.fail_limit), Grades())
    sum_tenths = tally.grades.sum_tenths - fails.sum_tenths + fails.n * Fraction(norms.fail_value) * 10
    return Fraction(sum_tenths, 10 * n)


def judge_keurmerk(norms: KeurmerkNorms, tallies: Tallies) -> Verdict:
    """The total and every service with a grade reach their minimum, if need be after the correction."""
    total = tallies.total
    mean = total.grades.mean
    if mean is None:
        return Verdict(norms.kind, "no_judgement", None)
    services = tallies.clients.values()
    if _all_reach(norms, mean, [tally.grades.mean for tally in services]):
        return Verdict(norms.kind, "met", mean)
    corrected = corrected_mean(total, norms)
    is_met = _all_reach(norms, corrected, [corrected_mean(tally, norms) for tally in services])
    return Verdict(norms.kind, "met_after_correction" if is_met else "not_met", mean, corrected)


def _all_reach(norms: KeurmerkNorms, total: Fraction | None, services: list[Fraction | None]) -> bool:
    return reaches(total, norms.total_min, norms.norm_on) and all(
        reaches(mean, norms.service_min, norms.norm_on) for mean in services
    )


def judge_lots(norms: LotNorms, tallies: Tallies) -> Verdict:
    """Every lot with a grade reaches the minimum. The mean is over the clients of all lots; no correction."""
    lots = []
    for name, services in norms.lots.items():
        mean = _grades_of(tallies, set(services)).mean
        is_met = reaches(mean, norms.lot_min, norms.norm_on)
        lots.append(LotVerdict(name, mean, "no_judgement" if mean is None else "met" if is_met else "not_met"))
    mean = _grades_of(tallies, {service for services in norms.lots.values() for service in services}).mean
    if mean is None:
        return Verdict(norms.kind, "no_judgement", None, None, tuple(lots))
    is_missed = any(lot.outcome == "not_met" for lot in lots)
    return Verdict(norms.kind, "not_met" if is_missed else "met", mean, None, tuple(lots))


def _grades_of(tallies: Tallies, services: set[int]) -> Grades:
    return sum((tally.grades for service, tally in tallies.clients.items() if service in services), Grades())


def reaches(mean: Fraction | None, minimum: Decimal, norm_on: Literal["exact", "rounded"]) -> bool:
    """Where there is no grade there is nothing to miss. `rounded` tests the printed figure."""
    if mean is None:
        return True
    if norm_on == "rounded":
        mean = Fraction(one_decimal(mean).replace(",", "."))
    return mean >= Fraction(minimum)


JUDGES: Mapping[str, Callable[[Any, Tallies], Verdict]] = {
    "keurmerk": judge_keurmerk,
    "uwv": judge_lots,
}
