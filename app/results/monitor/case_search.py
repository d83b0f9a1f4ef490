"""Finding a person by what they say or hold: their reference, e-mail address, code or link. Never by name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.audit.log import record
from app.fieldwork import tokens
from app.fieldwork.contact_keys import email_key, reference_key
from app.fieldwork.tables import Case, Contact, Participation, Provider, Wave
from app.questions.question import N_

BY = {
    "klantnummer": N_("Klantnummer van de dienstverlener"),
    "email": N_("E-mailadres"),
    "code": N_("Code uit de brief, of de link"),
}
EMPTY = N_("Vul in wat u zoekt.")
IN_GROUP = N_("Er zit een fout in groepje %(group)s van de code. Controleer dat groepje.")
SOMEWHERE = N_("Er zit een fout in de code. Controleer de vier groepjes van vier.")
NOBODY = N_("Wij vinden niemand. Controleer wat u invulde, en de meetperiode.")
TOO_MANY = N_("Wij tonen de eerste %(n)s personen. Kies een meetperiode om er minder te zien.")
MAX_FOUND = 50
_LINK = re.compile(r"(?:^|/v/)([\w-]{22})(?:[/?#].*)?$", re.ASCII)
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Found:
    """Who was found, newest wave first, or what is wrong with what was typed."""

    cases: Sequence[Any] = ()
    problem: str = ""
    group: int | None = None  # of a typed code, where the slip is
    is_cut_off: bool = False


def search(connection: Connection, actor: str, by: str, typed: str, wave: str = "") -> Found:
    """Looks somebody up and writes in the audit log that it was done, and whom it gave; nothing that was typed.

    Args:
        by: a key of BY.
        wave: the label of the wave to look in; "" = all.
    """
    found = _search(connection, by, typed.strip(), wave)
    ids = [row.id for row in found.cases]
    subject = f"case:{ids[0]}" if len(ids) == 1 else "cases" if ids else "none"
    several = {"cases": " ".join(map(str, ids))} if len(ids) > 1 else {}
    record(connection, actor, "case.searched", subject, by=by if by in BY else "?", n_found=len(ids), **several)
    return found


def _search(connection: Connection, by: str, typed: str, wave: str) -> Found:
    if not typed or by not in BY:
        return Found(problem=EMPTY)
    if by == "code":
        return _by_code(connection, typed, wave)
    column, key = (
        (_contact.c.email_key, email_key(typed)) if by == "email" else (_contact.c.reference_key, reference_key(typed))
    )
    return _shown(connection, sa.and_(column == key, _contact.c.participation_id.in_(_places(wave))))


def _by_code(connection: Connection, typed: str, wave: str) -> Found:
    link = _LINK.search(typed)
    if link:
        found = tokens.find(connection, link[1])
    else:
        read = tokens.read_code(typed)
        if read.problem:
            return Found(problem=IN_GROUP if read.wrong_group else SOMEWHERE, group=read.wrong_group)
        found = tokens.find(connection, read.code)
    if found is None:
        return Found(problem=NOBODY)
    return _shown(connection, sa.and_(_case.c.id == found.case_id, _case.c.participation_id.in_(_places(wave))))


def _places(wave: str) -> sa.Select[tuple[int]]:
    """The participations to look in; the index on look-up values begins with them."""
    places = sa.select(_participation.c.id).join(_wave, _wave.c.id == _participation.c.wave_id)
    return places.where(_wave.c.label == wave) if wave else places


def _shown(connection: Connection, condition: sa.ColumnElement[bool]) -> Found:
    rows: Sequence[Any] = connection.execute(
        sa.select(
            _case.c.id, _case.c.kind, _case.c.service, _case.c.disposition, _wave.c.label.label("wave"),
            _provider.c.name.label("provider"),
        )
        .select_from(
            _case.join(_participation, _participation.c.id == _case.c.participation_id)
            .join(_wave, _wave.c.id == _participation.c.wave_id)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
            .outerjoin(_contact, _contact.c.case_id == _case.c.id)
        )
        .where(condition)
        .order_by(_wave.c.starts_on.desc(), _provider.c.name, _case.c.id)
        .limit(MAX_FOUND + 1)
    ).all()  # fmt: skip
    problem = "" if rows else NOBODY
    return Found(rows[:MAX_FOUND], problem, is_cut_off=len(rows) > MAX_FOUND)
