"""Appointments: when somebody may be called back, and how full the agenda is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.callcentre import day_parts
from app.callcentre.called_waves import call_rules, called_waves
from app.callcentre.sentences import Sentence
from app.callcentre.tables import appointment_table
from app.clock import AMSTERDAM, local
from app.database import reading
from app.errors import N_
from app.fieldwork.rules import CallRules
from app.fieldwork.sending.schedule import is_sending_day
from app.fieldwork.tables import Case, Participation, Wave

FURTHEST = timedelta(days=90)
PAST = N_("Dit moment is al voorbij. Kies een later moment.")
FAR = N_("Kies een moment binnen drie maanden.")
DAY_OFF = N_("Op zondag en op feestdagen bellen wij niet. Kies een andere dag.")
OUTSIDE = N_("Op dit uur belt er niemand. Kies een tijd binnen de diensten.")
TOO_LATE = N_("Dan is de meetperiode al afgelopen. Kies een eerdere dag.")
ONE_HOUR = timedelta(hours=1)
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Asked:
    """A moment agreed with the respondent. `user_id`: the agent who should call; None = anyone."""

    at: datetime
    is_definite: bool = True
    user_id: int | None = None


@dataclass(frozen=True)
class Slot:
    """One hour of the agenda."""

    starts_at: datetime
    n_appointments: int


def load(day: date) -> tuple[Slot, ...]:
    """The hours of a day in which somebody calls, each with the appointments that are made; () on a day off."""
    start = datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)
    with reading() as connection:
        hours = sorted({hour for rules in _rules(connection) for hour in _hours(rules, day)})
        booked = connection.scalars(
            sa.select(appointment_table.c.at)
            .where(appointment_table.c.at >= start, appointment_table.c.at < end)
            .where(appointment_table.c.settled_at.is_(None))
        ).all()
    starts = [day_parts.at_hour(day, hour) for hour in hours]
    return tuple(Slot(begin, sum(begin <= moment < begin + ONE_HOUR for moment in booked)) for begin in starts)


def _hours(rules: CallRules, day: date) -> list[int]:
    return [hour for _, part in day_parts.parts_of(rules, day) for hour in range(part.from_hour, part.until_hour)]


def _rules(connection: Connection) -> Sequence[CallRules]:
    """Those of every wave that is called; the shipped ones when there is none."""
    return [wave.rules for wave in called_waves(connection, clock.now())] or [CallRules()]


def check(moment: datetime, case_id: int | None = None) -> Sentence | None:
    """Why nobody can be called at this moment (past, Sunday, holiday, outside hours); None = it is possible.

    Args:
        case_id: looks at the hours and the end of this case's wave only.
    """
    with reading() as connection:
        return problem(connection, moment, case_id)


def problem(connection: Connection, moment: datetime, case_id: int | None = None) -> Sentence | None:
    """`check` within a unit of work."""
    at = clock.now()
    if moment <= at:
        return Sentence(PAST)
    if moment > at + FURTHEST:
        return Sentence(FAR)
    if not is_sending_day(local(moment).date()):
        return Sentence(DAY_OFF)
    wave = None if case_id is None else _wave_of(connection, case_id)
    rules = _rules(connection) if wave is None else [wave[0]]
    if not any(day_parts.part_at(each, moment) for each in rules):
        return Sentence(OUTSIDE)
    is_late = wave is not None and wave[1] is not None and local(moment).date() > wave[1]
    return Sentence(TOO_LATE) if is_late else None


def _wave_of(connection: Connection, case_id: int) -> tuple[CallRules, date | None] | None:
    row = connection.execute(
        sa.select(sa.cast(_wave.c.rules, sa.Text).label("rules"), _wave.c.fieldwork_ends_on)
        .join(_participation, _participation.c.wave_id == _wave.c.id)
        .join(_case, _case.c.participation_id == _participation.c.id)
        .where(_case.c.id == case_id)
    ).first()
    return None if row is None else (call_rules(row.rules), row.fieldwork_ends_on)


def book(connection: Connection, case_id: int, asked: Asked, made_by: int) -> None:
    """Writes an appointment in the agenda; an earlier one of the case is replaced."""
    settle(connection, case_id)
    values = {"case_id": case_id, "at": asked.at, "user_id": asked.user_id, "is_definite": asked.is_definite}
    connection.execute(sa.insert(appointment_table).values(**values, made_by=made_by, made_at=clock.now()))


def settle(connection: Connection, case_id: int) -> None:
    """The appointments of a case have been kept, or are no longer needed."""
    here = sa.and_(appointment_table.c.case_id == case_id, appointment_table.c.settled_at.is_(None))
    connection.execute(sa.update(appointment_table).where(here).values(settled_at=clock.now()))
