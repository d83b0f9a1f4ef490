"""Providers and the waves they take part in, for the pages of the office."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.audit.log import record
from app.errors import Conflict, Invalid, NotFound
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import MAX_NAME, add_provider, find_provider, has_hidden_signs, participate, slug_of
from app.questions.question import N_

PHONE_OPTIONS = {
    "none": N_("niet bellen"),
    "part": N_("wie in het bestand staat met telefonisch ja"),
    "all": N_("iedereen met een nummer"),
}
BAD_NAME = N_("Vul een naam in van hoogstens 200 tekens, met letters.")
HIDDEN_SIGNS = N_("In de naam staat een teken dat niet te zien is, zoals een tab. Typ de naam opnieuw.")
TAKEN = N_("Er is al een dienstverlener met deze naam. Zet er bijvoorbeeld de plaats bij.")
NO_CHOICE = N_("Kies een dienstverlener, of vul de naam van een nieuwe in.")
BAD_OPTION = N_("Kies wie er gebeld mag worden.")
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


def everybody(connection: Connection) -> Sequence[Row[Any]]:
    """All providers in order of name, each with the number of waves it takes part in."""
    n_waves = sa.select(sa.func.count()).where(_participation.c.provider_id == _provider.c.id).scalar_subquery()
    statement = sa.select(_provider.c.slug, _provider.c.name, n_waves.label("n_waves"))
    return connection.execute(statement.order_by(sa.func.lower(_provider.c.name))).all()


def of_wave(connection: Connection, wave_id: int) -> Sequence[Row[Any]]:
    """Who takes part in a wave."""
    return connection.execute(
        sa.select(_provider.c.slug, _provider.c.name, _participation.c.phone_option)
        .join(_participation, _participation.c.provider_id == _provider.c.id)
        .where(_participation.c.wave_id == wave_id)
        .order_by(sa.func.lower(_provider.c.name))
    ).all()


def not_in(connection: Connection, wave_id: int) -> Sequence[Row[Any]]:
    """Who could still be added."""
    there = sa.select(_participation.c.provider_id).where(_participation.c.wave_id == wave_id)
    statement = sa.select(_provider.c.slug, _provider.c.name).where(_provider.c.id.not_in(there))
    return connection.execute(statement.order_by(sa.func.lower(_provider.c.name))).all()


def join(connection: Connection, actor: str, wave_id: int, form: Mapping[str, str]) -> str:
    """Adds a provider to a wave or changes its telephone option; what is wrong with the form, or ""."""
    option, slug, new = form.get("bellen", "none"), form.get("dienstverlener", ""), form.get("naam", "").strip()
    if option not in PHONE_OPTIONS:
        return BAD_OPTION
    if new:
        problem = name(connection, actor, {"naam": new})
        if problem:
            return problem
        slug = slug_of(new)
    try:
        provider_id = find_provider(connection, slug).id
    except NotFound:
        return NO_CHOICE
    participation_id = participate(connection, wave_id, provider_id)
    here = _participation.c.id == participation_id
    connection.execute(sa.update(_participation).where(here).values(phone_option=option))
    record(connection, actor, "participation.set", f"participation:{participation_id}", phone_option=option)
    return ""


def name(connection: Connection, actor: str, form: Mapping[str, str]) -> str:
    """Adds a provider, or renames the one whose slug is given; what is wrong with the form, or ""."""
    new, slug = " ".join(form.get("naam", "").split()), form.get("slug", "")
    if has_hidden_signs(form.get("naam", "")):
        return HIDDEN_SIGNS
    if not slug_of(new) or len(new) > MAX_NAME:
        return BAD_NAME
    if slug:
        known = find_provider(connection, slug)
        connection.execute(sa.update(_provider).where(_provider.c.id == known.id).values(name=new))
        record(connection, actor, "provider.renamed", f"provider:{known.id}")
        return ""
    try:
        made = find_provider(connection, add_provider(connection, new))
    except Conflict:
        return TAKEN
    except Invalid:
        return BAD_NAME
    record(connection, actor, "provider.added", f"provider:{made.id}")
    return ""
