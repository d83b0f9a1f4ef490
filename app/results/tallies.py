"""Tallies: what the keurmerk figures are made of, counted by the database in exact integers.

One query serves one provider or a whole wave. Only usable interviews of cases in the net sample count; the
outcome of an interview (usable, grade, promoter role) was stored with its answers, so no answer is read here.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection.tables import Interview
from app.fieldwork.dispositions import in_net_sample
from app.fieldwork.tables import Case, Participation

_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]

CLIENT, COMMISSIONER = "client", "commissioner"


def in_tenths(limit: Decimal) -> int:
    """The smallest grade in tenths that is not below `limit`; grades are whole tenths, so `<` stays exact."""
    return math.ceil(limit * 10)


@dataclass(frozen=True)
class Grades:
    """How many grades, and their sum in tenths."""

    n: int = 0
    sum_tenths: int = 0

    def __add__(self, other: "Grades") -> "Grades":
        return Grades(self.n + other.n, self.sum_tenths + other.sum_tenths)

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self.sum_tenths, 10 * self.n) if self.n else None


@dataclass(frozen=True)
class Tally:
    """The counts of one service, or of several added up. `failing`: the grades below each limit (in tenths)."""

    n_net: int = 0
    n_completed: int = 0
    grades: Grades = Grades()
    failing: Mapping[int, Grades] = field(default_factory=dict)
    n_promoters: int = 0
    n_neutral: int = 0
    n_detractors: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        limits = self.failing.keys() | other.failing.keys()
        none = Grades()
        return Tally(
            self.n_net + other.n_net,
            self.n_completed + other.n_completed,
            self.grades + other.grades,
            {limit: self.failing.get(limit, none) + other.failing.get(limit, none) for limit in limits},
            self.n_promoters + other.n_promoters,
            self.n_neutral + other.n_neutral,
            self.n_detractors + other.n_detractors,
        )


@dataclass(frozen=True)
class Tallies:
    """The tallies of one participation: per service for clients, and one for the commissioners."""

    clients: Mapping[int, Tally] = field(default_factory=dict)
    commissioners: Tally = Tally()

    @property
    def total(self) -> Tally:
        """All clients together."""
        return sum(self.clients.values(), Tally())


def of_participation(connection: Connection, participation_id: int, fail_limits: Collection[int]) -> Tallies:
    """The tallies of one provider in one wave."""
    counted = _counted(connection, _case.c.participation_id == participation_id, fail_limits)
    return counted.get(participation_id, Tallies())


def of_some(
    connection: Connection, participation_ids: Collection[int], fail_limits: Collection[int]
) -> dict[int, Tallies]:
    """The tallies of several participations by id; one without cases in the net sample is absent."""
    return _counted(connection, _case.c.participation_id.in_(participation_ids), fail_limits)


def of_wave(connection: Connection, wave_id: int, fail_limits: Collection[int]) -> dict[int, Tallies]:
    """The tallies of a wave by participation id; one without cases in the net sample is absent."""
    taking_part = sa.select(_participation.c.id).where(_participation.c.wave_id == wave_id)
    return _counted(connection, _case.c.participation_id.in_(taking_part), fail_limits)


def statement(which_cases: sa.ColumnElement[bool], fail_limits: Collection[int]) -> sa.Select[tuple[int, ...]]:
    """The one query behind every keurmerk table.

    A client who is also the commissioner answers as client only, hence no self-reporter among commissioners.
    """
    usable = _interview.c.is_usable
    grade = _interview.c.grade_tenths
    columns = [_count(usable).label("n_completed")]
    columns += [_count(usable & grade.is_not(None)).label("n_grades"), _sum(usable, grade).label("sum_grades")]
    for limit in sorted(fail_limits):
        fails = usable & (grade < limit)
        columns += [_count(fails).label(f"n_below_{limit}"), _sum(fails, grade).label(f"sum_below_{limit}")]
    for role in ("promoter", "neutral", "detractor"):
        columns.append(_count(usable & (_interview.c.role == role)).label(role))
    keys = (_case.c.participation_id, _case.c.kind, _case.c.service)
    return (
        sa.select(*keys, sa.func.count().label("n_net"), *columns)
        .select_from(_case.outerjoin(_interview, _interview.c.case_id == _case.c.id))
        .where(which_cases, in_net_sample(), sa.or_(_case.c.kind == CLIENT, sa.not_(_case.c.is_self_reporter)))
        .group_by(*keys)
    )


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return _sum(condition, sa.literal_column("1"))


def _sum(condition: sa.ColumnElement[bool], value: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """The sum over rows where the condition holds; without an interview it is unknown, so the row adds nothing."""
    return sa.func.coalesce(sa.func.sum(sa.case((condition, value))), 0)


def _counted(
    connection: Connection, which_cases: sa.ColumnElement[bool], fail_limits: Collection[int]
) -> dict[int, Tallies]:
    clients: dict[int, dict[int, Tally]] = {}
    commissioners: dict[int, Tally] = {}
    for row in connection.execute(statement(which_cases, fail_limits)).mappings():
        tally = Tally(
            row["n_net"],
            int(row["n_completed"]),
            Grades(int(row["n_grades"]), int(row["sum_grades"])),
            {n: Grades(int(row[f"n_below_{n}"]), int(row[f"sum_below_{n}"])) for n in fail_limits},
            int(row["promoter"]),
            int(row["neutral"]),
            int(row["detractor"]),
        )
        participation_id = row["participation_id"]
        clients.setdefault(participation_id, {})
        if row["kind"] == CLIENT:
            clients[participation_id][row["service"]] = tally
        else:  # commissioners may have a service in their rows; they are one line all the same
            commissioners[participation_id] = commissioners.get(participation_id, Tally()) + tally
    return {key: Tallies(services, commissioners.get(key, Tally())) for key, services in clients.items()}
