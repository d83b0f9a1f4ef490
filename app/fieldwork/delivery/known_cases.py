"""What earlier deliveries of a participation already brought, as look-up values."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.fieldwork.tables import Case, Contact, Delivery

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class KnownCase:
    """The facts of a stored case that a later delivery is compared with."""

    id: int
    kind: str
    service: int | None


@dataclass
class KnownCases:
    """The stored cases of one participation, found by look-up value."""

    last_delivery_id: int | None = None
    by_reference: dict[bytes, KnownCase] = field(default_factory=dict)
    client_emails: dict[bytes, int] = field(default_factory=dict)
    commissioner_emails: dict[bytes, int] = field(default_factory=dict)
    households: dict[bytes, int] = field(default_factory=dict)

    def emails(self, kind: str) -> dict[bytes, int]:
        """E-mail look-up values with their case, of clients or of commissioners."""
        return self.client_emails if kind == "client" else self.commissioner_emails


def last_delivery(connection: Connection, participation_id: int) -> int | None:
    """The id of the newest delivery of a participation."""
    newest: int | None = connection.scalar(
        sa.select(sa.func.max(_delivery.c.id)).where(_delivery.c.participation_id == participation_id)
    )
    return newest


def known_cases(connection: Connection, participation_id: int | None) -> KnownCases:
    """Everything stored for a participation; nothing when it does not exist yet."""
    if participation_id is None:
        return KnownCases()
    known = KnownCases(last_delivery(connection, participation_id))
    rows = connection.execute(
        sa.select(
            _case.c.id,
            _case.c.kind,
            _case.c.service,
            _contact.c.reference_key,
            _contact.c.email_key,
            _contact.c.household_key,
        )
        .join(_contact, _contact.c.case_id == _case.c.id)
        .where(_contact.c.participation_id == participation_id)
    )
    for case_id, kind, service, reference, email, household in rows:
        if reference:
            known.by_reference[bytes(reference)] = KnownCase(case_id, kind, service)
        if email:
            known.emails(kind)[bytes(email)] = case_id
        if household:
            known.households[bytes(household)] = case_id
    return known
