"""Reading the agenda: whose appointments come next, and how full the coming days are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.callcentre import appointments
from app.callcentre.appointments import Slot
from app.callcentre.tables import appointment_table
from app.collection.sittings import case_table
from app.fieldwork.tables import Participation, Provider

DAYS_AHEAD = 7
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Agreed:
    """An appointment, without a name: the person is seen when the case is in hand."""

    case_id: int
    at: datetime
    provider: str
    is_definite: bool

    @property
    def is_due(self) -> bool:
        return self.at <= clock.now()


@dataclass(frozen=True)
class AgendaDay:
    """One day in which people are called, with the appointments per hour."""

    on: date
    slots: tuple[Slot, ...]

    def n_at(self, hour: int) -> int | None:
        """The appointments in an hour; None when nobody calls then."""
        return next((slot.n_appointments for slot in self.slots if clock.local(slot.starts_at).hour == hour), None)


def own_appointments(connection: Connection, user_id: int) -> tuple[Agreed, ...]:
    """What this agent agreed to do until tomorrow evening, the first one first."""
    end = clock.now() + timedelta(days=1)
    rows = connection.execute(
        sa.select(
            appointment_table.c.case_id,
            appointment_table.c.at,
            appointment_table.c.is_definite,
            _provider.c.name.label("provider"),
        )
        .join(case_table, case_table.c.id == appointment_table.c.case_id)
        .join(_participation, _participation.c.id == case_table.c.participation_id)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .where(appointment_table.c.user_id == user_id, appointment_table.c.settled_at.is_(None))
        .where(appointment_table.c.at < end)
        .order_by(appointment_table.c.at)
        .limit(12)
    )
    return tuple(Agreed(row.case_id, row.at, row.provider, row.is_definite) for row in rows)


def agenda(first: date | None = None, n_days: int = DAYS_AHEAD) -> tuple[AgendaDay, ...]:
    """The coming days in which people are called, with their load."""
    day, found = first or clock.today(), []
    for _ in range(4 * n_days):
        if slots := appointments.load(day):
            found.append(AgendaDay(day, slots))
        if len(found) == n_days:
            break
        day += timedelta(days=1)
    return tuple(found)
