"""Addresses that turn out not to work, and what that means for the case: undeliverable when nothing is left."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.fieldwork import dispositions
from app.fieldwork.sending.planning import has_address, has_email
from app.fieldwork.tables import Case, Contact

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_FAILED = {
    "email": _contact.c.email_failed_at,
    "letter": _contact.c.post_failed_at,
    "phone": _contact.c.phone_failed_at,
}


def mark_failed(connection: Connection, case_ids: Sequence[int], channel: str, at: datetime) -> None:
    """Notes that the e-mail address, postal address or numbers of these cases do not work; other channels stay in use.

    A case that cannot be reached in any way leaves the net sample as undeliverable.
    """
    failed = _FAILED[channel]
    statement = sa.update(_contact).where(_contact.c.case_id == sa.bindparam("case")).values({failed: at})
    if case_ids:
        connection.execute(statement, [{"case": case_id} for case_id in case_ids])
    _change(connection, case_ids, dispositions.OPEN, dispositions.UNDELIVERABLE, sa.not_(_is_reachable()))


def reopen(connection: Connection, case_ids: Sequence[int]) -> None:
    """Cases that were undeliverable and got an address that may work take part again."""
    _change(connection, case_ids, dispositions.UNDELIVERABLE, dispositions.OPEN, _is_reachable())


def _is_reachable() -> sa.ColumnElement[bool]:
    """A number counts too: every case may be called, on request or by the call centre."""
    has_number = _contact.c.phone.is_not(None) | _contact.c.phone2.is_not(None)
    has_phone = has_number & _contact.c.phone_failed_at.is_(None)
    by_post = has_address() & (_case.c.kind == "client")
    return sa.or_(has_email(), by_post, has_phone)


def _change(
    connection: Connection, case_ids: Sequence[int], old: str, new: str, condition: sa.ColumnElement[bool]
) -> None:
    for start in range(0, len(case_ids), 500):  # below the number of parameters that any database takes
        found = connection.scalars(
            sa.select(_case.c.id)
            .join(_contact, _contact.c.case_id == _case.c.id)
            .where(_case.c.id.in_(case_ids[start : start + 500]), _case.c.disposition == old, condition)
        )
        dispositions.report(connection, list(found), new)
