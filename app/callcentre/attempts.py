"""Dialling and what came of it: the one writer of attempts, and of where a case stands after them."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app import clock
from app.audit.log import record
from app.callcentre import appointments
from app.callcentre.appointments import Asked
from app.callcentre.booking import report
from app.callcentre.call_facts import call_facts
from app.callcentre.called_waves import call_rules
from app.callcentre.claim import LOCK
from app.callcentre.day_parts import BITS, part_at
from app.callcentre.follow_up import Call, Standing, after
from app.callcentre.numbers import numbers_of
from app.callcentre.outcomes import OUTCOMES, Outcome, makes_sense
from app.callcentre.tables import attempt_table, state_table
from app.database import writing
from app.encryption import encrypt
from app.errors import N_, Conflict, Invalid
from app.fieldwork import dispositions
from app.fieldwork.rules import CallRules
from app.fieldwork.tables import Case, Participation, Wave
from app.language import LANGUAGES

MAX_NOTE = 2000
NOT_YOURS = N_("Deze zaak is niet (meer) van u. Vraag de volgende zaak.")
IS_OVER = N_("Dit gesprek is al afgesloten.")
TAKEN_OVER = N_("Een collega heeft deze zaak nu. Uw uitkomst is niet bewaard.")
CHOOSE = N_("Kies een uitkomst.")
NO_SENSE = N_("Deze uitkomst past niet bij dit gesprek. Kies een andere.")
NEEDS_NOTE = N_("Schrijf bij deze uitkomst een notitie: wat zei de persoon?")
NEEDS_MOMENT = N_("Kies een dag en een tijd voor de afspraak.")
NO_MOMENT = N_("Bij deze uitkomst hoort geen afspraak. Kies een andere uitkomst, of geen afspraak.")
NO_LANGUAGE = N_("Kies een taal uit de lijst.")
LOST = OUTCOMES["technical_problem"]  # how an attempt ends whose agent disappeared
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]
_STANDING = tuple(field.name for field in fields(Standing))


def dial(user_id: int, case_id: int) -> int:
    """Notes that the agent dials now; the id of the attempt.

    Raises:
        Conflict: when the case is not (or no longer) this agent's.
    """
    at = clock.now()
    with writing() as connection:
        state = _locked(connection, case_id)
        if state is None or state.locked_by != user_id:
            raise Conflict(NOT_YOURS)
        open_here = sa.and_(attempt_table.c.case_id == case_id, attempt_table.c.ended_at.is_(None))
        connection.execute(sa.update(attempt_table).where(open_here).values(ended_at=at, outcome=LOST.code))
        part = part_at(_rules(connection, case_id), at)
        row = {"case_id": case_id, "user_id": user_id, "started_at": at, "phone_index": state.phone_index}
        made = connection.execute(sa.insert(attempt_table).values(**row, day_part=part)).inserted_primary_key
        assert made is not None
        tried = state.tried_parts | (BITS[part] if part else 0)
        _store(connection, case_id, n_attempts=state.n_attempts + 1, tried_parts=tried, locked_until=at + LOCK)
        dispositions.report_called(connection, case_id, at)
        return int(made[0])


def close(
    user_id: int,
    attempt_id: int,
    outcome: str,
    *,
    note: str = "",
    appointment: Asked | None = None,
    language: str = "",
) -> None:
    """Books the outcome of an attempt with all that follows, and releases the case.

    Args:
        language: with a language problem, what the respondent speaks, when one of ours.

    Raises:
        Invalid: what is missing or makes no sense.
        Conflict: when the attempt is not this agent's or is over, or somebody else has the case by now.
    """
    at = clock.now()
    with writing() as connection:
        attempt = _own_open(connection, user_id, attempt_id)
        state = _locked(connection, attempt.case_id)
        if state is None or (state.locked_by not in (None, user_id) and state.locked_until > at):
            raise Conflict(TAKEN_OVER)
        chosen = _checked(connection, attempt.case_id, outcome, note, appointment, language)
        call = _call(connection, attempt, chosen, at, appointment, language)
        before = Standing(**{name: getattr(state, name) for name in _STANDING})
        follow_up = after(call, before, _rules(connection, attempt.case_id))
        _end(connection, attempt_id, at, chosen.code, note)
        free = {"last_outcome": chosen.code, "locked_by": None, "locked_until": None}
        _store(connection, attempt.case_id, **asdict(follow_up.standing), **free)
        appointments.settle(connection, attempt.case_id)
        if appointment:
            appointments.book(connection, attempt.case_id, appointment, user_id)
        report(connection, attempt.case_id, chosen, follow_up, state.is_requested)
        record(connection, f"user:{user_id}", "call.closed", f"case:{attempt.case_id}", outcome=chosen.code)


def _call(
    connection: Connection, attempt: Row[Any], chosen: Outcome, at: datetime, asked: Asked | None, language: str
) -> Call:
    return Call(
        chosen,
        at,
        attempt.user_id,
        BITS[attempt.day_part] if attempt.day_part else 0,
        n_numbers=len(numbers_of(connection, attempt.case_id)),
        appointment_at=asked.at if asked else None,
        is_definite=asked.is_definite if asked else True,
        appointment_for=asked.user_id if asked else None,
        language=language,
    )


def abandon(user_id: int, attempt_id: int) -> None:
    """Ends an attempt whose case somebody else took over: it counts as a technical problem, and nothing follows.

    Raises:
        Conflict: when the attempt is not this agent's, or is over.
    """
    with writing() as connection:
        _own_open(connection, user_id, attempt_id)
        _end(connection, attempt_id, clock.now(), LOST.code, None)


def _checked(
    connection: Connection, case_id: int, outcome: str, note: str, appointment: Asked | None, language: str
) -> Outcome:
    """The outcome that was chosen, when everything is there that goes with it."""
    if outcome not in OUTCOMES:
        raise Invalid(CHOOSE)
    chosen = OUTCOMES[outcome]
    if not makes_sense(chosen, call_facts(connection, case_id)):
        raise Invalid(NO_SENSE)
    if chosen.needs_note and not note.strip():
        raise Invalid(NEEDS_NOTE)
    if language and language not in LANGUAGES:
        raise Invalid(NO_LANGUAGE)
    if appointment is None:
        if chosen.appointment == "required":
            raise Invalid(NEEDS_MOMENT)
    elif chosen.appointment == "none":
        raise Invalid(NO_MOMENT)
    elif problem := appointments.problem(connection, appointment.at, case_id):
        raise Invalid(problem.text())
    return chosen


def _own_open(connection: Connection, user_id: int, attempt_id: int) -> Row[Any]:
    attempt = connection.execute(
        sa.select(attempt_table).where(attempt_table.c.id == attempt_id).with_for_update()
    ).first()
    if attempt is None or attempt.user_id != user_id:
        raise Conflict(NOT_YOURS)
    if attempt.ended_at is not None:
        raise Conflict(IS_OVER)
    return attempt


def _end(connection: Connection, attempt_id: int, at: datetime, outcome: str, note: str | None) -> None:
    values: dict[str, Any] = {"ended_at": at, "outcome": outcome}
    if note is not None and note.strip():  # otherwise what was written down during the call stays
        values["note"] = encrypt(note.strip()[:MAX_NOTE])
    connection.execute(sa.update(attempt_table).where(attempt_table.c.id == attempt_id).values(values))


def _locked(connection: Connection, case_id: int) -> Row[Any] | None:
    return connection.execute(sa.select(state_table).where(state_table.c.case_id == case_id).with_for_update()).first()


def _store(connection: Connection, case_id: int, **values: Any) -> None:
    connection.execute(sa.update(state_table).where(state_table.c.case_id == case_id).values(values))


def _rules(connection: Connection, case_id: int) -> CallRules:
    text = connection.scalar(
        sa.select(sa.cast(_wave.c.rules, sa.Text))
        .join(_participation, _participation.c.wave_id == _wave.c.id)
        .join(_case, _case.c.participation_id == _participation.c.id)
        .where(_case.c.id == case_id)
    )
    return call_rules(text or "{}")
