"""Waves, providers and cases, as few fields as a test needs to name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.database import writing
from app.fieldwork import waves
from app.fieldwork.rules import read_rules
from app.fieldwork.tables import Case, random_id

_case = Case.__table__  # type: ignore[attr-defined]


def make_wave(
    label: str = "2024",
    starts_on: date = date(2024, 1, 1),
    ends_on: date = date(2024, 12, 31),
    rules: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> waves.KnownWave:
    """A stored wave."""
    with writing() as connection:
        wave_id = waves.create_wave(connection, label, starts_on, ends_on, read_rules(rules or {}, starts_on))
        if seed is not None:
            connection.execute(sa.text("UPDATE wave SET seed = :seed WHERE id = :id"), {"seed": seed, "id": wave_id})
        return waves.find_wave(connection, label)


def make_provider(name: str = "Werkpad") -> waves.KnownProvider:
    """A stored provider."""
    with writing() as connection:
        return waves.find_provider(connection, waves.add_provider(connection, name))


def make_cases(n_cases: int, label: str = "2024", provider: str = "Werkpad", **facts: Any) -> list[int]:
    """Stored client cases of one participation, without contact data; makes wave and provider when missing."""
    with writing() as connection:
        if connection.scalar(sa.text("SELECT count(*) FROM wave WHERE label = :label"), {"label": label}) == 0:
            rules = read_rules({}, date(2024, 1, 1))
            waves.create_wave(connection, label, date(2024, 1, 1), date(2024, 12, 31), rules)
        slug = waves.slug_of(provider)
        if connection.scalar(sa.text("SELECT count(*) FROM provider WHERE slug = :slug"), {"slug": slug}) == 0:
            waves.add_provider(connection, provider)
        wave, known = waves.find_wave(connection, label), waves.find_provider(connection, slug)
        row = {
            "participation_id": waves.participate(connection, wave.id, known.id),
            "kind": "client",
            "service": 9,
            "wording": "regular",
            "language": "nl",
            "wants_phone": False,
            "is_self_reporter": False,
            "disposition": "open",
        } | facts
        rows = [{"id": random_id(), **row} for _ in range(n_cases)]
        connection.execute(sa.insert(_case), rows)
    return [row["id"] for row in rows]
