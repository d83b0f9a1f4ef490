"""What a supervisor changes: who has a case, where it goes, appointments, quotas. Every change is in the audit log."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.audit.log import record
from app.callcentre.tables import appointment_table, state_table
from app.errors import N_, Conflict, Invalid, NotFound
from app.fieldwork import dispositions, progress
from app.fieldwork.disposition_codes import OPEN
from app.fieldwork.tables import Case, Participation

NOT_REFERRED = N_("Deze zaak wacht niet meer op u.")
LARGEST_QUOTA = 100_000
Bulk = Literal["again", "release", "appointments"]
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


def hand_back(connection: Connection, actor: str, case_id: int, user_id: int | None = None) -> None:
    """Puts a referred case back in the queue, at once; for one agent first, when told.

    Raises:
        Conflict: when the case does not wait for the supervisor (any more).
    """
    referred = state_table.c.case_id == case_id, state_table.c.state == "referred"
    stage = "appointment" if user_id else "retry"
    values = {"state": "waiting", "stage": stage, "due_at": clock.now(), "for_user_id": user_id, "barred_parts": 0}
    if connection.execute(sa.update(state_table).where(*referred).values(values)).rowcount != 1:
        raise Conflict(NOT_REFERRED)
    record(connection, actor, "call.handed_back", f"case:{case_id}", to=user_id)


def close_referred(connection: Connection, actor: str, case_id: int) -> None:
    """Nobody calls a referred case any more; by e-mail or letter it may still be asked.

    Raises:
        Conflict: when the case does not wait for the supervisor (any more).
    """
    referred = state_table.c.case_id == case_id, state_table.c.state == "referred"
    ended = {"state": "done", "ended_because": "cannot"}
    if connection.execute(sa.update(state_table).where(*referred).values(ended)).rowcount != 1:
        raise Conflict(NOT_REFERRED)
    record(connection, actor, "call.closed_by_supervisor", f"case:{case_id}")


def set_quota(connection: Connection, actor: str, participation_id: int, quota: int) -> None:
    """How many telephone interviews a provider gets; a full quota gives up the rest at once, a larger one asks again.

    Raises:
        NotFound: when there is no such participation.
    """
    here = _participation.c.id == participation_id
    before = connection.execute(sa.select(_participation.c.phone_quota).where(here).with_for_update()).first()
    if before is None:
        raise NotFound("there is no such participation")
    connection.execute(sa.update(_participation).where(here).values(phone_quota=quota))
    progress.recount(connection, [participation_id])
    dispositions.settle_quotas(connection, [participation_id])
    details = {"quota": quota, "before": before.phone_quota}
    record(connection, actor, "call.quota_set", f"participation:{participation_id}", **details)


def check_quota(quota: int | None) -> int:
    """The number, when it can be a quota.

    Raises:
        Invalid: when it cannot.
    """
    if quota is None or not 0 <= quota <= LARGEST_QUOTA:
        raise Invalid(N_("Vul een aantal in van 0 tot en met 100000."))
    return quota


@dataclass(frozen=True)
class Chosen:
    """What a bulk action is about. `participation_id` None = every provider."""

    action: Bulk
    participation_id: int | None = None
    from_user_id: int | None = None  # whose cases or appointments; None = everybody's
    to_user_id: int | None = None  # None = anyone


def n_chosen(connection: Connection, chosen: Chosen) -> int:
    """How many cases a bulk action would change now: its preview."""
    return int(connection.scalar(sa.select(sa.func.count()).where(state_table.c.case_id.in_(_cases(chosen)))) or 0)


def carry_out(connection: Connection, actor: str, chosen: Chosen) -> int:
    """Does a bulk action; how many cases it changed."""
    case_ids = list(connection.scalars(_cases(chosen)))
    here = state_table.c.case_id.in_(case_ids)
    if chosen.action == "again":
        fresh = {"state": "waiting", "stage": "retry", "ended_because": None, "due_at": clock.now(), "n_attempts": 0}
        connection.execute(sa.update(state_table).where(here).values(**fresh, tried_parts=0, barred_parts=0, n_busy=0))
    elif chosen.action == "release":
        connection.execute(sa.update(state_table).where(here).values(locked_by=None, locked_until=None))
    else:
        theirs = appointment_table.c.case_id.in_(case_ids), appointment_table.c.settled_at.is_(None)
        connection.execute(sa.update(appointment_table).where(*theirs).values(user_id=chosen.to_user_id))
        connection.execute(sa.update(state_table).where(here).values(for_user_id=chosen.to_user_id))
    subject = f"participation:{chosen.participation_id}" if chosen.participation_id else "call_queue"
    record(connection, actor, f"call.bulk_{chosen.action}", subject, n_cases=len(case_ids), to=chosen.to_user_id)
    return len(case_ids)


def _cases(chosen: Chosen) -> sa.Select[tuple[int]]:
    """The cases that an action is about."""
    found = sa.select(state_table.c.case_id).join(_case, _case.c.id == state_table.c.case_id)
    if chosen.participation_id is not None:
        found = found.where(state_table.c.participation_id == chosen.participation_id)
    if chosen.action == "again":
        return found.where(state_table.c.ended_because == "exhausted", _case.c.disposition == OPEN)
    if chosen.action == "release":
        return found.where(_of(state_table.c.locked_by, chosen.from_user_id))
    return found.where(state_table.c.state == "waiting", _of(state_table.c.for_user_id, chosen.from_user_id))


def _of(column: sa.ColumnElement[int | None], user_id: int | None) -> sa.ColumnElement[bool]:
    return column.is_not(None) if user_id is None else column == user_id
