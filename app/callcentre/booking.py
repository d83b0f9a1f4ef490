"""What fieldwork hears of a call: the code that AAPOR counts, the disposition, and that a request was dealt with."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.callcentre.follow_up import FollowUp
from app.callcentre.outcomes import Outcome
from app.callcentre.tables import state_table
from app.fieldwork import aapor, addresses, call_requests, dispositions, opt_outs
from app.fieldwork.disposition_codes import CANNOT, FINISHED, OPEN, OPTED_OUT, REFUSED
from app.fieldwork.tables import Case

_case = Case.__table__  # type: ignore[attr-defined]


def report(connection: Connection, case_id: int, outcome: Outcome, follow_up: FollowUp, was_requested: bool) -> None:
    """Tells fieldwork, in the unit of work that books the call."""
    if follow_up.disposition == OPTED_OUT:
        opt_outs.opt_out(connection, case_id)
    elif follow_up.disposition == FINISHED:
        dispositions.report_finished(connection, [case_id])
    elif follow_up.disposition in (REFUSED, CANNOT) and _disposition(connection, case_id) != FINISHED:
        dispositions.report(connection, [case_id], follow_up.disposition)
    if follow_up.standing.ended_because == "no_number":
        addresses.mark_failed(connection, [case_id], "phone", clock.now())
    if counts(connection, case_id, outcome):
        dispositions.report_call(connection, case_id, outcome.aapor, is_final=outcome.is_final)
    if was_requested and (outcome.is_contact or follow_up.is_final):
        call_requests.settle(connection, case_id)
        here = state_table.c.case_id == case_id
        connection.execute(sa.update(state_table).where(here).values(is_requested=False))


def counts(connection: Connection, case_id: int, outcome: Outcome) -> bool:
    """A wrong number says nothing about somebody who can still be reached in another way."""
    return outcome.aapor != aapor.WRONG_NUMBER or _disposition(connection, case_id) != OPEN


def _disposition(connection: Connection, case_id: int) -> str | None:
    found: str | None = connection.scalar(sa.select(_case.c.disposition).where(_case.c.id == case_id))
    return found
