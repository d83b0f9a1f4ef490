"""Small factories for waves, providers, cases and tokens."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.clock import now
from app.database import writing
from app.encryption import token_hash
from app.fieldwork.rules import shipped_rules
from app.fieldwork.tables import Case, Participation, Provider, Token, Wave, random_id


@dataclass(frozen=True)
class Invited:
    """A case with the token that opens it."""

    case_id: int
    token: str


def make_participation(label: str = "2026", name: str = "Werkpad", **wave: Any) -> int:
    """One provider in one wave; returns the participation's id."""
    values = {
        "label": label,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "rules": shipped_rules(date(2026, 1, 1)).model_dump(mode="json"),
        "seed": 1,
    }
    slug = name.lower().replace(" ", "-")
    with writing() as connection:
        add = lambda table, **row: connection.execute(sa.insert(table.__table__).values(row)).inserted_primary_key[0]  # noqa: E731
        wave_id = connection.execute(sa.select(Wave.__table__.c.id).where(Wave.__table__.c.label == label)).scalar()
        wave_id = wave_id or add(Wave, **(values | wave))
        provider_id = add(Provider, slug=slug, name=name)
        return int(add(Participation, wave_id=wave_id, provider_id=provider_id, phone_option="none"))


def make_case(participation_id: int | None = None, **case: Any) -> Invited:
    """A client of service 1 in regular wording, unless told otherwise, with a link token."""
    token = secrets.token_urlsafe(16)
    values = {
        "id": random_id(),
        "participation_id": participation_id or make_participation(),
        "kind": "client",
        "service": 1,
        "wording": "regular",
        "language": "nl",
        "wants_phone": False,
        "is_self_reporter": False,
        "disposition": "open",
    } | case
    with writing() as connection:
        connection.execute(sa.insert(Case.__table__).values(values))
        row = {"case_id": values["id"], "kind": "link", "hash": token_hash(token), "made_at": now()}
        connection.execute(sa.insert(Token.__table__).values(row))
    return Invited(values["id"], token)
