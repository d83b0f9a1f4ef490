"""Who wants no more messages. Kept as look-up values, so that no later delivery can undo it."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.encryption import decrypt
from app.errors import NotFound
from app.fieldwork import dispositions
from app.fieldwork.contact_keys import phone_key
from app.fieldwork.tables import Case, CaseEvent, Contact, OptOut

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_opt_out = OptOut.__table__  # type: ignore[attr-defined]
_event = CaseEvent.__table__  # type: ignore[attr-defined]
# what says more than opting out: who has finished gets nothing anyway, and still counts
_KEPT = (*dispositions.LEAVES_NET_SAMPLE, dispositions.FINISHED)


def opt_out(connection: Connection, case_id: int) -> None:
    """Books that a person wants no more messages, by reference, e-mail address and telephone numbers.

    Raises:
        NotFound: when there is no such case.
    """
    case = connection.execute(
        sa.select(_case.c.participation_id, _case.c.disposition).where(_case.c.id == case_id)
    ).first()
    if case is None:
        raise NotFound("there is no such case")
    known = opted_out_keys(connection, case.participation_id)
    now = clock.now()
    rows = [
        {"participation_id": case.participation_id, "key": key, "opted_out_at": now}
        for key in _keys_of(connection, case_id)
        if key not in known
    ]
    if rows:
        connection.execute(sa.insert(_opt_out), rows)
    if case.disposition not in _KEPT:
        dispositions.report(connection, [case_id], dispositions.OPTED_OUT)


def opt_out_by_link(connection: Connection, case_id: int) -> None:
    """The same by the link in an e-mail; a second time changes nothing.

    Raises:
        NotFound: when there is no such case.
    """
    if not has_opted_out(connection, case_id):
        opt_out(connection, case_id)
        event = {"case_id": case_id, "at": clock.now(), "actor": "respondent", "kind": "opted_out"}
        connection.execute(sa.insert(_event).values(event))


def has_opted_out(connection: Connection, case_id: int) -> bool:
    """Whether this case, or somebody with its reference, address and numbers, wants no more messages."""
    case = connection.execute(
        sa.select(_case.c.participation_id, _case.c.disposition).where(_case.c.id == case_id)
    ).first()
    if case is None:
        return False
    keys = _keys_of(connection, case_id)
    is_known = bool(keys) and set(keys) <= opted_out_keys(connection, case.participation_id)
    return is_known or case.disposition == dispositions.OPTED_OUT


def opted_out_keys(connection: Connection, participation_id: int) -> set[bytes]:
    """The look-up values of everybody of a participation who opted out."""
    keys = connection.scalars(sa.select(_opt_out.c.key).where(_opt_out.c.participation_id == participation_id))
    return {bytes(key) for key in keys}


def _keys_of(connection: Connection, case_id: int) -> list[bytes]:
    contact = connection.execute(
        sa.select(_contact.c.reference_key, _contact.c.email_key, _contact.c.phone, _contact.c.phone2).where(
            _contact.c.case_id == case_id
        )
    ).first()
    if contact is None:
        return []
    keys = [contact.reference_key, contact.email_key]
    keys += [phone_key(decrypt(number)) for number in (contact.phone, contact.phone2)]
    return list(dict.fromkeys(bytes(key) for key in keys if key))
