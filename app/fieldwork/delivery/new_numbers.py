"""A number that did not work says nothing about another one: who gets a new number may be called again."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.encryption import decrypt
from app.fieldwork import addresses
from app.fieldwork.tables import Contact

BATCH = 500
_contact = Contact.__table__  # type: ignore[attr-defined]


def wrong_numbers(connection: Connection, case_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Of these cases, those of which every number was wrong, with their numbers."""
    ordered, found = list(case_ids), {}
    for start in range(0, len(ordered), BATCH):
        rows = connection.execute(
            sa.select(_contact.c.case_id, _contact.c.phone, _contact.c.phone2).where(
                _contact.c.case_id.in_(ordered[start : start + BATCH]), _contact.c.phone_failed_at.is_not(None)
            )
        )
        found.update({row.case_id: frozenset(map(decrypt, (row.phone, row.phone2))) for row in rows})
    return found


def forgive(connection: Connection, before: Mapping[int, frozenset[str]]) -> None:
    """Takes the mark off those whose numbers are others now."""
    changed = [case_id for case_id, now in wrong_numbers(connection, before).items() if now - before[case_id]]
    if changed:
        statement = sa.update(_contact).where(_contact.c.case_id == sa.bindparam("case")).values(phone_failed_at=None)
        connection.execute(statement, [{"case": case_id} for case_id in changed])
        addresses.reopen(connection, changed)
