"""Accepted rows on their way into the tables: encrypted, in batches, new ones inserted and known ones renewed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.encryption import encrypt_each
from app.fieldwork import addresses
from app.fieldwork.contact_keys import ContactKeys
from app.fieldwork.delivery.case_rows import CaseRow, ContactData
from app.fieldwork.delivery.check import Checked
from app.fieldwork.delivery.preview import Advance
from app.fieldwork.tables import Case, Contact, random_id

Item = TypeVar("Item")
BATCH = 5_000
KEY_COLUMNS = ("reference_key", "email_key", "household_key")
# What a later delivery may renew: how to reach somebody. Facts that lead the questionnaire stay as they were.
RENEWED_FACTS = ("wording", "language", "wants_phone", "ended_on", "province")
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
# The same table without types: bytes go in as they are, not one by one through a converter (halves the time).
_contact_untyped = sa.table("contact", *(sa.column(column.name) for column in _contact.columns))


class Facts(NamedTuple):
    """The facts of a row as stored with the case; None = not delivered."""

    kind: str
    service: int | None
    learning_profile: int | None
    wording: str | None
    language: str | None
    wants_phone: bool | None
    is_self_reporter: bool
    ended_on: date | None
    province: str | None


class Ready(NamedTuple):
    """An accepted row, encrypted: nothing readable is kept while the rest of the file is judged."""

    case_id: int
    facts: Facts
    contact: tuple[bytes | None, ...]
    keys: ContactKeys


def ready(checked: Checked) -> Ready:
    """An accepted row, ready to store."""
    case_id = checked.known.id if checked.known else random_id()
    return Ready(case_id, _facts(checked.case), encrypt_each(checked.case.contact), checked.keys)


def insert_new(
    connection: Connection,
    rows: Sequence[Ready],
    states: Sequence[str],
    participation_id: int,
    delivery_id: int,
    stored: Advance,
) -> None:
    """New cases, each with its disposition, and their contact data."""
    places = {"participation_id": participation_id, "delivery_id": delivery_id}
    in_key_order = sorted(zip(rows, states, strict=True), key=lambda pair: pair[0].case_id)  # appends to the tables
    for batch in batches(in_key_order):
        connection.execute(sa.insert(_case), [_case_row(row, state) | places for row, state in batch])
        connection.execute(sa.insert(_contact_untyped), [_contact_row(row, participation_id) for row, _ in batch])
        stored(len(batch))


def renew(connection: Connection, renewed: Sequence[Ready], stored: Advance) -> None:
    """New contact data over the old, field by field; what was not delivered again stays."""
    contact_fields = (*ContactData._fields, *KEY_COLUMNS)
    contacts = sa.update(_contact).where(_contact.c.case_id == sa.bindparam("the_case"))
    contacts = contacts.values({name: _new_or_old(_contact.c[name]) for name in contact_fields} | _FRESH_START)
    cases = sa.update(_case).where(_case.c.id == sa.bindparam("the_case"))
    cases = cases.values({name: _new_or_old(_case.c[name]) for name in RENEWED_FACTS})
    for batch in batches(renewed):
        connection.execute(
            contacts,
            [
                {"the_case": row.case_id}
                | {f"new_{name}": value for name, value in zip(contact_fields, (*row.contact, *row.keys), strict=False)}
                for row in batch
            ],
        )
        connection.execute(
            cases,
            [
                {"the_case": row.case_id} | {f"new_{name}": getattr(row.facts, name) for name in RENEWED_FACTS}
                for row in batch
            ],
        )
        addresses.reopen(connection, [row.case_id for row in batch])
        stored(len(batch))


def _new_or_old(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.bindparam(f"new_{column.name}", type_=column.type), column)


def _unless_new(mark: sa.Column[Any], key: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """An address that did not work says nothing about another one."""
    new = sa.bindparam(f"new_{key.name}", type_=key.type)
    return sa.case((sa.func.coalesce(new, key) == key, mark), else_=None)


_FRESH_START = {
    "email_failed_at": _unless_new(_contact.c.email_failed_at, _contact.c.email_key),
    "post_failed_at": _unless_new(_contact.c.post_failed_at, _contact.c.household_key),
}


def _facts(case: CaseRow) -> Facts:
    return Facts(
        case.kind,
        case.service,
        case.learning_profile,
        case.wording,
        case.language,
        case.wants_phone,
        case.is_self_reporter,
        case.ended_on,
        case.province,
    )


def _case_row(row: Ready, disposition: str) -> dict[str, Any]:
    values = row.facts._asdict()
    values["id"] = row.case_id
    values["disposition"] = disposition
    values["wording"] = values["wording"] or "regular"
    values["language"] = values["language"] or "nl"
    values["wants_phone"] = bool(values["wants_phone"])
    return values


def _contact_row(row: Ready, participation_id: int) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(ContactData._fields, row.contact, strict=True))
    values["case_id"] = row.case_id
    values["participation_id"] = participation_id
    values["reference_key"], values["email_key"], values["household_key"], _ = row.keys
    return values


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
