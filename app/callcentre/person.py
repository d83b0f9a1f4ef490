"""Who is called: contact data of one case, decrypted for the agent who has it in hand."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.callcentre.numbers import numbers_of
from app.encryption import decrypt
from app.errors import NotFound
from app.fieldwork.rules import WaveRules
from app.fieldwork.tables import CallRequest, Case, Contact, Participation, Provider, Wave

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_request = CallRequest.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]
_PARTS = ("salutation", "initials", "infix", "surname", "organisation", "job_title", "email")


@dataclass(frozen=True, repr=False)
class Number:
    """One telephone number of a case. `index`: its place in the order in which they are tried."""

    index: int
    e164: str

    @property
    def shown(self) -> str:
        """As one dials it here: `06 12345678`; foreign numbers with their country."""
        number = phonenumbers.parse(self.e164)
        is_dutch = number.country_code == 31
        formats = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, formats.NATIONAL if is_dutch else formats.INTERNATIONAL)


@dataclass(frozen=True, repr=False)
class Person:
    """Somebody on the telephone, and what the call is about."""

    case_id: int
    name: str
    role: str  # a commissioner's job and organisation
    email: str  # one that works, as far as anybody knows
    numbers: tuple[Number, ...]
    kind: str
    provider: str
    wave: str
    service: str
    learning_profile: int | None
    language: str
    wished_part: str  # the part of the day in which somebody asked to be called; "" when nobody asked
    ended_on: date | None
    open_until: date | None
    disposition: str


def read_person(connection: Connection, case_id: int) -> Person:
    """The person of a case. Whoever shows this notes it in the audit log.

    Raises:
        NotFound: when there is no such case.
    """
    row = connection.execute(_PERSON, {"case": case_id}).first()
    if row is None:
        raise NotFound("there is no such case")
    parts = {name: decrypt(getattr(row, name)) for name in _PARTS}
    name = " ".join(part for part in (parts["salutation"], parts["initials"], parts["infix"], parts["surname"]) if part)
    return Person(
        case_id=case_id,
        name=name,
        role=", ".join(part for part in (parts["job_title"], parts["organisation"]) if part),
        email="" if row.email_failed_at else parts["email"],
        numbers=tuple(Number(index, e164) for index, e164 in enumerate(numbers_of(connection, case_id))),
        kind=row.kind,
        provider=row.provider,
        wave=row.wave,
        service=WaveRules.model_validate(row.rules).services.get(row.service or 0, ""),
        learning_profile=row.learning_profile,
        language=row.language,
        wished_part=row.day_part or "",
        ended_on=row.ended_on,
        open_until=row.fieldwork_ends_on,
        disposition=row.disposition,
    )


_PERSON: sa.Select[Any] = (
    sa.select(
        *(_contact.c[name] for name in _PARTS),
        _contact.c.email_failed_at,
        sa.case((_request.c.settled_at.is_(None), _request.c.day_part)).label("day_part"),
        _case.c.kind,
        _case.c.service,
        _case.c.learning_profile,
        _case.c.language,
        _case.c.ended_on,
        _case.c.disposition,
        _provider.c.name.label("provider"),
        _wave.c.label.label("wave"),
        _wave.c.rules,
        _wave.c.fieldwork_ends_on,
    )
    .select_from(
        _case.join(_participation, _participation.c.id == _case.c.participation_id)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .join(_wave, _wave.c.id == _participation.c.wave_id)
        .outerjoin(_contact, _contact.c.case_id == _case.c.id)
        .outerjoin(_request, _request.c.case_id == _case.c.id)
    )
    .where(_case.c.id == sa.bindparam("case"))
)
