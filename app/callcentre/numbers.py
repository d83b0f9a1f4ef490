"""The telephone numbers of a case, in the order in which they are tried."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.encryption import decrypt
from app.fieldwork.tables import CallRequest, Case, Contact

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_request = CallRequest.__table__  # type: ignore[attr-defined]


def numbers_of(connection: Connection, case_id: int) -> tuple[str, ...]:
    """What somebody typed goes before what was delivered; each number once, E.164."""
    row = connection.execute(
        sa.select(_request.c.phone.label("asked"), _contact.c.phone, _contact.c.phone2)
        .select_from(
            _case.outerjoin(_contact, _contact.c.case_id == _case.c.id).outerjoin(
                _request, _request.c.case_id == _case.c.id
            )
        )
        .where(_case.c.id == case_id)
    ).first()
    return tuple(dict.fromkeys(filter(None, map(decrypt, row or ()))))
