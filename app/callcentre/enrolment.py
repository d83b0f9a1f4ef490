"""Who is to be called: brings cases into the queue, and takes out those that fieldwork no longer asks.

Runs every minute. The queue does not depend on it for what must not happen: `claim` looks at the case itself. This
brings in who came since, and keeps the index short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app import clock
from app.callcentre import day_parts
from app.callcentre.called_waves import CalledWave, called_waves
from app.callcentre.claim import NEVER_ON_REQUEST, wants_calls
from app.callcentre.tables import state_table as _state
from app.database import insert, reading, writing
from app.fieldwork import dispositions, progress
from app.fieldwork.disposition_codes import OPEN
from app.fieldwork.rules import CallRules, DayPart
from app.fieldwork.tables import CallRequest, Case, Contact, Participation

AT_ONCE = 2_000  # rows per unit of work, so that nobody waits long
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_request = CallRequest.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Refreshed:
    """What a refresh of the queue did."""

    n_entered: int = 0
    n_requests: int = 0
    n_closed: int = 0
    n_reopened: int = 0


def refresh(at: datetime | None = None) -> Refreshed:
    """Brings the queue of every wave that is called up to date."""
    moment = at or clock.now()
    with reading() as connection:
        waves = called_waves(connection, moment)
    total = [refresh_wave(wave, moment) for wave in waves]
    return Refreshed(*(sum(getattr(one, name) for one in total) for name in Refreshed.__dataclass_fields__))


def refresh_wave(wave: CalledWave, at: datetime) -> Refreshed:
    """Brings the queue of one wave up to date."""
    _count(wave)
    with reading() as connection:
        new = connection.execute(_to_enter(wave.id)).all()
        requests = connection.execute(_requests(wave.id, at)).all()
        closed = connection.scalars(_cases(wave.id).where(_state.c.state == "waiting", ~wants_calls())).all()
        reopened = connection.execute(_to_reopen(wave.id)).all()
    first_at = day_parts.next_start(wave.rules, at, _not_first(wave.rules))
    for start in range(0, len(new), AT_ONCE):
        with writing() as connection:
            _enter(connection, new[start : start + AT_ONCE], first_at, at)
    for start in range(0, len(closed), AT_ONCE):
        with writing() as connection:
            _close(connection, closed[start : start + AT_ONCE])
    if requests or reopened:
        with writing() as connection:
            for row in requests:
                _take_request(connection, row, wave.rules, at)
            _reopen(connection, reopened)
    return Refreshed(len(new), len(requests), len(closed), len(reopened))


def _not_first(rules: CallRules) -> int:
    """The parts of the day in which a first attempt is not preferred."""
    return day_parts.bits(rules.day_parts) & ~day_parts.bits(rules.first_attempt_in)


def _count(wave: CalledWave) -> None:
    """Counts again where cases came or went unseen, and settles the quotas that somebody answered through."""
    with reading() as connection:
        stale = progress.stale(connection, wave.id)
    if stale:
        with writing() as connection:
            progress.recount(connection, stale)
    with reading() as connection:
        unsettled = progress.unsettled_quotas(connection, wave.id)
    if unsettled:
        with writing() as connection:
            dispositions.settle_quotas(connection, unsettled)


def has_number() -> sa.ColumnElement[bool]:
    """The condition on contacts, joined with requests, that somebody can dial."""
    delivered = sa.and_(
        sa.or_(_contact.c.phone.is_not(None), _contact.c.phone2.is_not(None)), _contact.c.phone_failed_at.is_(None)
    )
    condition: sa.ColumnElement[bool] = sa.or_(delivered, _request.c.phone.is_not(None))
    return condition


def is_to_be_called() -> sa.ColumnElement[bool]:
    """The condition on cases with their participation: by learning profile, or as the phone option says."""
    bought = sa.or_(
        _participation.c.phone_option == "all", sa.and_(_participation.c.phone_option == "part", _case.c.wants_phone)
    )
    condition: sa.ColumnElement[bool] = sa.and_(
        _case.c.kind == "client", _case.c.disposition == OPEN, sa.or_(progress.counts_for_quota(), bought)
    )
    return condition


_FROM = (
    _case.join(_participation, _participation.c.id == _case.c.participation_id)
    .outerjoin(_contact, _contact.c.case_id == _case.c.id)
    .outerjoin(_request, _request.c.case_id == _case.c.id)
    .outerjoin(_state, _state.c.case_id == _case.c.id)
)
_FACTS = (
    _case.c.id,
    _case.c.participation_id,
    _case.c.language,
    progress.group_expression().label("norm_group"),
)


def _to_enter(wave_id: int) -> sa.Select[Any]:
    in_wave = sa.and_(_participation.c.wave_id == wave_id, _state.c.case_id.is_(None))
    statement: sa.Select[Any] = sa.select(*_FACTS).select_from(_FROM).where(in_wave, is_to_be_called(), has_number())
    return statement


def _requests(wave_id: int, at: datetime) -> sa.Select[Any]:
    """Open requests that the queue does not know yet; of a case in somebody's hands after that."""
    is_new = sa.or_(
        _state.c.case_id.is_(None), _state.c.is_requested.is_(False), _request.c.requested_at > _state.c.entered_at
    )
    is_free = sa.or_(_state.c.locked_until.is_(None), _state.c.locked_until <= at)
    statement: sa.Select[Any] = (
        sa.select(
            *_FACTS[:2],
            _request.c.language,
            _FACTS[3],
            _request.c.day_part,
            _request.c.requested_at,
            _state.c.case_id.label("known"),
        )
        .select_from(_FROM)
        .where(_participation.c.wave_id == wave_id, is_new, is_free, has_number())
        .where(_request.c.case_id.is_not(None), _request.c.settled_at.is_(None))
        .where(_case.c.disposition.not_in(NEVER_ON_REQUEST))
        .order_by(_request.c.requested_at, _case.c.id)
    )
    return statement


def _cases(wave_id: int) -> sa.Select[Any]:
    statement: sa.Select[Any] = (
        sa.select(_state.c.case_id)
        .join(_case, _case.c.id == _state.c.case_id)
        .join(_participation, _participation.c.id == _state.c.participation_id)
        .where(_participation.c.wave_id == wave_id)
    )
    return statement


def _to_reopen(wave_id: int) -> sa.Select[Any]:
    """Cases that fieldwork asks again, and those that got a new number after every one was wrong."""
    works_again = sa.and_(
        _state.c.ended_because == "no_number",
        _contact.c.phone_failed_at.is_(None),
        sa.or_(_contact.c.phone.is_not(None), _contact.c.phone2.is_not(None)),
    )
    statement: sa.Select[Any] = (
        _cases(wave_id)
        .add_columns(_state.c.ended_because)
        .outerjoin(_contact, _contact.c.case_id == _case.c.id)
        .where(_state.c.state == "done", _case.c.disposition == OPEN)
        .where(sa.or_(_state.c.ended_because == "closed", works_again))
    )
    return statement


def _enter(connection: Connection, rows: Sequence[Row[Any]], due_at: datetime, at: datetime) -> None:
    entered = [_fresh(row) | {"due_at": due_at, "entered_at": at} for row in rows]
    connection.execute(insert(connection, _state).on_conflict_do_nothing(), entered)


def _fresh(row: Row[Any]) -> dict[str, Any]:
    return {
        "case_id": row.id,
        "participation_id": row.participation_id,
        "norm_group": row.norm_group,
        "language": row.language,
        "state": "waiting",
        "stage": "fresh",
        "is_requested": False,
        "has_message": False,
        **dict.fromkeys(("barred_parts", "tried_parts", "n_attempts", "n_busy", "n_soft_refusals", "phone_index"), 0),
    }


def _close(connection: Connection, case_ids: Sequence[int]) -> None:
    """Out of the queue: finished on the web, opted out, undeliverable, quota filled."""
    statement = sa.update(_state).where(_state.c.case_id == sa.bindparam("case"), _state.c.state == "waiting")
    connection.execute(
        statement.values(state="done", ended_because="closed"), [{"case": case_id} for case_id in case_ids]
    )


def _reopen(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    statement = sa.update(_state).where(_state.c.case_id == sa.bindparam("case"))
    for row in rows:
        values: dict[str, Any] = {"state": "waiting", "ended_because": None}
        if row.ended_because == "no_number":
            values["phone_index"] = 0
        connection.execute(statement.values(values), {"case": row.case_id})


def _take_request(connection: Connection, row: Row[Any], rules: CallRules, at: datetime) -> None:
    """A promise to somebody who asked: kept like an appointment with anyone, in the part of the day they chose."""
    barred = barred_by(row.day_part, rules)
    values = {
        "state": "waiting",
        "stage": "appointment",
        "due_at": day_parts.next_start(rules, max(row.requested_at, at), barred),
        "entered_at": row.requested_at,
        "language": row.language,
        "is_requested": True,
        "barred_parts": barred,
        "ended_because": None,
        "for_user_id": None,
    }
    if row.known is None:
        connection.execute(insert(connection, _state).values(_fresh(row) | values).on_conflict_do_nothing())
    else:
        connection.execute(sa.update(_state).where(_state.c.case_id == row.id).values(values))


def barred_by(wished: str, rules: CallRules) -> int:
    """The parts of the day outside the one that somebody asked for; 0 when any will do, or nobody calls in theirs."""
    parts: dict[str, DayPart] = {"morning": "morning", "afternoon": "afternoon", "evening": "evening"}
    part = parts.get(wished)
    every = day_parts.bits(rules.day_parts)
    return every & ~day_parts.BITS[part] if part in rules.day_parts and part is not None else 0
