"""Who asked to be called (bel mij), when and in which language: asked by respondents, read by the call centre."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.clock import now
from app.database import insert
from app.encryption import decrypt, encrypt
from app.fieldwork.dispositions import OPTED_OUT, REFUSED
from app.fieldwork.tables import CallRequest, Case, Contact, Participation, Provider

DayPart = Literal["morning", "afternoon", "evening", "any"]
NEVER = (OPTED_OUT, REFUSED)  # whoever asks for help is called, also when fieldwork had given the case up
DAY_PARTS: tuple[DayPart, ...] = ("morning", "afternoon", "evening", "any")
_request = CallRequest.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class OpenRequest:
    """One request that nobody has dealt with yet. `phone` is E.164; "" when there is no number at all."""

    case_id: int
    provider: str
    language: str
    day_part: str
    phone: str
    requested_at: datetime


def request_call(connection: Connection, case_id: int, language: str, day_part: DayPart, phone: str = "") -> None:
    """Notes that somebody wants to be called; a second request takes the place of the first.

    Args:
        phone: E.164, when it is another number than that of the contact; "" keeps what was given before.
    """
    values = {
        "case_id": case_id,
        "language": language,
        "day_part": day_part,
        "phone": encrypt(phone),
        "requested_at": now(),
        "settled_at": None,
    }
    statement = insert(connection, _request).values(values)
    new = values | {"phone": sa.func.coalesce(statement.excluded.phone, _request.c.phone)}
    connection.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=new))


def request_of(connection: Connection, case_id: int) -> Row[tuple[str, str]] | None:
    """Language and part of the day of a case's open request; None when there is none."""
    statement = sa.select(_request.c.language, _request.c.day_part)
    return connection.execute(statement.where(_request.c.case_id == case_id, _request.c.settled_at.is_(None))).first()


def has_phone(connection: Connection, case_id: int) -> bool:
    """Whether a case can be called: on the number of its contact, or on one that it gave earlier."""
    known = sa.select(_case.c.id).where(_case.c.id == case_id).where(sa.or_(*_numbers()))
    return connection.execute(known.select_from(_with_numbers())).first() is not None


def open_requests(connection: Connection, wave_id: int) -> tuple[OpenRequest, ...]:
    """The requests of a wave that wait for a call, the oldest first; never of who opted out or refused.

    Whether somebody has finished on the web in the meantime is for the queue to see: fieldwork knows no answers.
    """
    rows = connection.execute(
        sa.select(
            _request.c.case_id,
            _provider.c.name.label("provider"),
            _request.c.language,
            _request.c.day_part,
            sa.func.coalesce(*_numbers_in_order()).label("phone"),
            _request.c.requested_at,
        )
        .select_from(
            _with_numbers()
            .join(_participation, _participation.c.id == _case.c.participation_id)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
        )
        .where(_participation.c.wave_id == wave_id, _request.c.settled_at.is_(None), _case.c.disposition.notin_(NEVER))
        .order_by(_request.c.requested_at, _request.c.case_id)
    )
    return tuple(
        OpenRequest(row.case_id, row.provider, row.language, row.day_part, decrypt(row.phone), row.requested_at)
        for row in rows
    )


def settle(connection: Connection, case_id: int) -> None:
    """The call centre has done with a request. The number that came with it stays, for a next attempt."""
    connection.execute(sa.update(_request).where(_request.c.case_id == case_id).values(settled_at=now()))


def _with_numbers() -> sa.FromClause:
    joined: sa.FromClause = _case.outerjoin(_request, _request.c.case_id == _case.c.id).outerjoin(
        _contact, _contact.c.case_id == _case.c.id
    )
    return joined


def _numbers_in_order() -> tuple[sa.ColumnElement[bytes], ...]:
    """The number to call first: what somebody typed goes before what was delivered."""
    return (_request.c.phone, _contact.c.phone, _contact.c.phone2)


def _numbers() -> list[sa.ColumnElement[bool]]:
    return [number.is_not(None) for number in _numbers_in_order()]
