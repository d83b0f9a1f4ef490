"""The norm of the keurmerk step by step: the mean, what it must be, and the correction for very low grades."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.fieldwork.rules import KeurmerkNorms, WaveRules
from app.language import one_decimal
from app.results.desk.counted import Counted, Place
from app.results.keurmerk import TOTAL, KeurmerkTable, Row
from app.results.tallies import in_tenths
from app.results.verdict import corrected_mean, reaches, two_decimals


@dataclass(frozen=True)
class LowGrade:
    """A grade that counts as insufficient, and how often it was given."""

    grade: str
    n: int


@dataclass(frozen=True)
class Step:
    """One row of the table against its minimum. `corrected` is "" where the correction was not needed."""

    label: str
    is_total: bool
    sum: str
    n: int
    mean: str
    minimum: str
    is_met: bool
    low: tuple[LowGrade, ...]
    n_low: int
    corrected_sum: str
    corrected: str
    is_met_corrected: bool


@dataclass(frozen=True)
class Steps:
    """How one norm set came to its verdict. `is_corrected`: the plain means missed it, so the correction was made."""

    is_corrected: bool
    is_rounded: bool  # tested on the printed figure
    fail_limit: str
    fail_value: str
    lines: tuple[Step, ...]


def steps_of(rules: WaveRules, table: KeurmerkTable, counts: Mapping[Place, Counted]) -> tuple[Steps | None, ...]:
    """Per norm set of the wave, in its order; None for a norm set without correction, or without any grade."""
    clients = [row for row in table.rows if row.group == "clients" and row.tally.grades.n]
    return tuple(
        _steps(norms, clients, counts) if isinstance(norms, KeurmerkNorms) and clients else None
        for norms in rules.norm_sets
    )


def _steps(norms: KeurmerkNorms, clients: list[Row], counts: Mapping[Place, Counted]) -> Steps:
    lines = [_step(norms, row, counts.get(row.service, Counted())) for row in clients]
    return Steps(
        is_corrected=not all(line.is_met for line in lines),
        is_rounded=norms.norm_on == "rounded",
        fail_limit=short(norms.fail_limit),
        fail_value=short(norms.fail_value),
        lines=tuple(lines),
    )


def _step(norms: KeurmerkNorms, row: Row, counts: Counted) -> Step:
    grades, mean, corrected = row.tally.grades, row.tally.grades.mean, corrected_mean(row.tally, norms)
    minimum = norms.total_min if row.service is None else norms.service_min
    limit = in_tenths(norms.fail_limit)
    low = tuple(
        LowGrade(one_decimal(Fraction(grade, 10)), n) for grade, n in sorted(counts.grades.items()) if grade < limit
    )
    return Step(
        label=TOTAL if row.service is None else f"{row.service} {row.label}",
        is_total=row.service is None,
        sum=one_decimal(Fraction(grades.sum_tenths, 10)),
        n=grades.n,
        mean="" if mean is None else two_decimals(mean),
        minimum=short(minimum),
        is_met=reaches(mean, minimum, norms.norm_on),
        low=low,
        n_low=sum(one.n for one in low),
        corrected_sum="" if corrected is None else one_decimal(corrected * grades.n),
        corrected="" if corrected is None else two_decimals(corrected),
        is_met_corrected=reaches(corrected, minimum, norms.norm_on),
    )


def short(value: Decimal) -> str:
    """`5,5`, `5`: a norm as people write it."""
    return one_decimal(value).removesuffix(",0")
