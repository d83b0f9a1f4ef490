"""The counts behind a keurmerk table: which cases fell outside, which interviews were not usable, which grades."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection.tables import Interview
from app.fieldwork.dispositions import LEAVES_NET_SAMPLE, SELF_REPORTER
from app.fieldwork.tables import Case
from app.results.tallies import CLIENT, COMMISSIONER

_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
COMMISSIONERS = "commissioners"
Place = int | str | None  # a service of clients, COMMISSIONERS, or None for all clients


@dataclass
class Counted:
    """What lies behind one row. `outside`: cases that left the net sample, by disposition."""

    n_cases: int = 0
    outside: Counter[str] = field(default_factory=Counter)
    n_started: int = 0  # in the net sample, with an interview that is not usable
    n_without_grade: int = 0
    grades: Counter[int] = field(default_factory=Counter)  # of usable interviews, in tenths

    @property
    def sum_tenths(self) -> int:
        return sum(grade * n for grade, n in self.grades.items())

    @property
    def n_grades(self) -> int:
        return self.grades.total()


def counted(connection: Connection, participation_id: int) -> Mapping[Place, Counted]:
    """The counts of one participation per row of its table, in one query."""
    keys = (
        _case.c.kind,
        _case.c.service,
        _case.c.disposition,
        _case.c.is_self_reporter,
        _interview.c.is_usable,
        _interview.c.grade_tenths,
    )
    rows = connection.execute(
        sa.select(*keys, sa.func.count().label("n"))
        .select_from(_case.outerjoin(_interview, _interview.c.case_id == _case.c.id))
        .where(_case.c.participation_id == participation_id)
        .group_by(*keys)
    )
    found: dict[Place, Counted] = {}
    for row in rows:
        places: tuple[Place, ...] = (row.service, None) if row.kind == CLIENT else (COMMISSIONERS,)
        for place in places:
            _add(found.setdefault(place, Counted()), row)
    return found


def _add(counts: Counted, row: sa.Row[tuple[object, ...]]) -> None:
    counts.n_cases += row.n
    is_left_to_client = row.kind == COMMISSIONER and row.is_self_reporter
    if row.disposition in LEAVES_NET_SAMPLE or is_left_to_client:
        counts.outside[row.disposition if row.disposition in LEAVES_NET_SAMPLE else SELF_REPORTER] += row.n
    elif row.is_usable is None:
        return
    elif not row.is_usable:
        counts.n_started += row.n
    elif row.grade_tenths is None:
        counts.n_without_grade += row.n
    else:
        counts.grades[row.grade_tenths] += row.n
