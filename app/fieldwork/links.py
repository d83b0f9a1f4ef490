"""Fresh links and typed codes of open cases, with what a mail merge needs, as CSV."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.encryption import decrypt
from app.fieldwork import dispositions, tokens
from app.fieldwork.delivery.formula_cells import guarded
from app.fieldwork.tables import Case, Contact, Participation, Provider

CONTACT_COLUMNS = {
    "klantnummer": "reference", "aanhef": "salutation", "voorletters": "initials", "tussenvoegsel": "infix",
    "achternaam": "surname", "organisatie": "organisation", "email": "email", "straat": "street",
    "huisnummer": "house_number", "toevoeging": "addition", "postcode": "postcode", "plaats": "place",
}  # fmt: skip
CASE_COLUMNS = {"soort": "kind", "taal": "language", "vragenlijst": "wording"}
DUTCH = {
    "client": "client",
    "commissioner": "opdrachtgever",
    "regular": "regulier",
    "low_threshold": "laagdrempelig",
}
TOKEN_COLUMNS = ("link", "code", "codepagina")
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class MadeLinks:
    """The new tokens per case; only their hashes were stored."""

    links: dict[int, str]
    codes: dict[int, str]


def open_cases(connection: Connection, wave_id: int, provider_id: int | None = None) -> list[Row[Any]]:
    """The open cases of a wave, or of one provider in it, with their contact data still encrypted."""
    statement = (
        sa.select(
            _case.c.id,
            _provider.c.slug,
            *(_case.c[name] for name in CASE_COLUMNS.values()),
            *(_contact.c[name] for name in CONTACT_COLUMNS.values()),
        )
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .outerjoin(_contact, _contact.c.case_id == _case.c.id)
        .where(_participation.c.wave_id == wave_id, _case.c.disposition == dispositions.OPEN)
        .order_by(_provider.c.slug, _case.c.id)
    )
    if provider_id is not None:
        statement = statement.where(_participation.c.provider_id == provider_id)
    return list(connection.execute(statement))


def make_links(connection: Connection, cases: Sequence[Row[Any]]) -> MadeLinks:
    """Issues a link and a typed code for every case; earlier ones stay valid."""
    case_ids = [row.id for row in cases]
    return MadeLinks(tokens.issue(connection, case_ids, "link"), tokens.issue(connection, case_ids, "code"))


def write_links(
    path: Path, cases: Sequence[Row[Any]], made: MadeLinks, public_url: str, advance: Callable[[int], None]
) -> None:
    """Writes the links down, with what a mail merge needs. This is the only time they can be read."""
    address = public_url.rstrip("/")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["dienstverlener", *CASE_COLUMNS, *CONTACT_COLUMNS, *TOKEN_COLUMNS])
        for row in cases:
            link, code = f"{address}/v/{made.links[row.id]}", tokens.grouped(made.codes[row.id])
            writer.writerow([row.slug, *_facts(row), *_contact_data(row), link, code, f"{address}/code"])
            advance(1)


def _facts(row: Row[Any]) -> Iterator[str]:
    for name in CASE_COLUMNS.values():
        value = getattr(row, name)
        yield DUTCH.get(value, value)


def _contact_data(row: Row[Any]) -> Iterator[str]:
    return (guarded(decrypt(getattr(row, name))) for name in CONTACT_COLUMNS.values())
