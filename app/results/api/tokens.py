"""Tokens of the programming interface: made and revoked by an administrator, shown once, stored hashed."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app import clock
from app.audit.log import record
from app.encryption import token_hash
from app.errors import N_, Invalid, NotFound
from app.fieldwork.tables import Provider, Wave
from app.results.api.tables import ApiToken

PREFIX = "pwl_"
MOST_DAYS = 400
USED_EVERY = timedelta(minutes=1)  # how often the last use is written down
# what a token may read
GRADES, KEURMERK, COUNTS, FIGURES = "grades", "keurmerk", "counts", "figures"
KINDS = {
    GRADES: N_("Gepubliceerde cijfers, van dienstverleners met een definitief rapport"),
    KEURMERK: N_("Hele tabellen voor het keurmerk, ook wat niet gepubliceerd wordt"),
    COUNTS: N_("Respons"),
    FIGURES: N_("Figuren"),
}
NO_NAME = N_("Geef het token een naam, bijvoorbeeld die van de website.")
NO_KIND = N_("Kies wat er met het token gelezen mag worden.")
NO_DAYS = N_("Vul in hoeveel dagen het token werkt: 1 tot en met 400.")
NOT_THERE = N_("Kies een meetperiode en dienstverlener uit de lijst, of alle.")
_token = ApiToken.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Caller:
    """Who calls, and what it may read; `wave` and `provider` None = all."""

    token_id: int
    kinds: frozenset[str]
    wave: str | None  # label
    provider: str | None  # slug


@dataclass(frozen=True)
class Listed:
    """A token on the administrator's page."""

    id: int
    name: str
    kinds: tuple[str, ...]
    wave: str | None
    provider: str | None  # name
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and clock.now() < self.expires_at


def make(
    connection: Connection, actor: str, name: str, kinds: Collection[str], wave: str, provider: str, days: str
) -> str:
    """Makes a token and returns it: the only time that it can be seen.

    Args:
        wave: a label, "" = every wave.
        provider: a slug, "" = every provider.
        days: how long it works, as typed.
    Raises:
        Invalid: says what to mend.
    """
    name = " ".join(name.split())[:80]
    n_days = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
    for problem, is_wrong in (
        (NO_NAME, not name),
        (NO_KIND, not kinds or not KINDS.keys() >= set(kinds)),
        (NO_DAYS, not 1 <= n_days <= MOST_DAYS),
    ):
        if is_wrong:
            raise Invalid(problem)
    wave_id = _id_of(connection, _wave, _wave.c.label, wave)
    provider_id = _id_of(connection, _provider, _provider.c.slug, provider)
    token, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    made = connection.execute(
        sa.insert(_token).values(
            name=name,
            hash=token_hash(token),
            kinds=[kind for kind in KINDS if kind in kinds],
            wave_id=wave_id,
            provider_id=provider_id,
            made_by=actor,
            made_at=now,
            expires_at=now + timedelta(days=n_days),
        )
    ).inserted_primary_key
    token_id = made[0] if made else 0
    about = {"kinds": " ".join(sorted(kinds)), "wave": wave or None, "provider": provider or None, "days": n_days}
    record(connection, actor, "api_token.made", f"api_token:{token_id}", **about)
    return token


def _id_of(connection: Connection, table: sa.Table, column: sa.Column[str], name: str) -> int | None:
    if not name:
        return None
    found: int | None = connection.scalar(sa.select(table.c.id).where(column == name))
    if found is None:
        raise Invalid(NOT_THERE)
    return found


def revoke(connection: Connection, actor: str, token_id: int) -> None:
    """From now on the token opens nothing.

    Raises:
        NotFound: when there is no such token.
    """
    if connection.execute(sa.select(_token.c.id).where(_token.c.id == token_id)).first() is None:
        raise NotFound("there is no such token")
    is_open = (_token.c.id == token_id) & _token.c.revoked_at.is_(None)
    connection.execute(sa.update(_token).where(is_open).values(revoked_at=clock.now()))
    record(connection, actor, "api_token.revoked", f"api_token:{token_id}")


def listed(connection: Connection) -> list[Listed]:
    """Every token, the newest first."""
    columns = ("id", "name", "kinds", "made_at", "expires_at", "revoked_at", "last_used_at")
    rows = connection.execute(
        _joined(
            *(_token.c[name] for name in columns), _wave.c.label.label("wave"), _provider.c.name.label("provider")
        ).order_by(_token.c.made_at.desc(), _token.c.id.desc())
    )
    return [
        Listed(
            row.id, row.name, tuple(row.kinds), row.wave, row.provider,
            row.made_at, row.expires_at, row.revoked_at, row.last_used_at,
        )
        for row in rows
    ]  # fmt: skip


def _joined(*columns: sa.ColumnElement[Any]) -> Any:
    joined = _token.outerjoin(_wave, _wave.c.id == _token.c.wave_id)
    return sa.select(*columns).select_from(joined.outerjoin(_provider, _provider.c.id == _token.c.provider_id))


def find(connection: Connection, token: str) -> tuple[Caller, bool] | None:
    """Who has this token, and whether its use is to be written down; None when it opens nothing."""
    columns = (_token.c.id, _token.c.kinds, _token.c.last_used_at, _wave.c.label, _provider.c.slug)
    now = clock.now()
    row: Row[tuple[object, ...]] | None = connection.execute(
        _joined(*columns).where(
            _token.c.hash == token_hash(token), _token.c.revoked_at.is_(None), _token.c.expires_at > now
        )
    ).first()
    if row is None:
        return None
    is_due = row.last_used_at is None or row.last_used_at < now - USED_EVERY
    return Caller(row.id, frozenset(row.kinds), row.label, row.slug), is_due


def used(connection: Connection, token_id: int) -> None:
    """Writes down that a token was used."""
    connection.execute(sa.update(_token).where(_token.c.id == token_id).values(last_used_at=clock.now()))
