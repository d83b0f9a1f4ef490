"""Sessions of people with an account: kept on the server, so that each can be ended at once."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from app import clock
from app.accounts.tables import session_table, user_table
from app.encryption import token_hash
from app.settings import settings
from app.web.access import ROLES, Access, Role
from app.web.forms import token_for

KEY_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)  # a write per request would cost more than it tells
TIME_FOR_SECOND_FACTOR = timedelta(minutes=10)
_DEVICES = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """Who is signed in. `key` is what the cookie holds; forms carry a token made from it."""

    user_id: int
    name: str
    email: str
    role: Role
    provider_id: int | None
    language: str
    key: str
    seen_at: datetime
    is_complete: bool  # false until the second factor was given

    @cached_property
    def form_token(self) -> str:
        """What every form of this session carries."""
        return token_for(f"office:{self.key}")

    def may(self, level: str) -> bool:
        """Whether a page with this access is for them; navigation shows only those."""
        return self.is_complete and self.role in ROLES[Access(level)]

    @property
    def actor(self) -> str:
        """As the audit log names them."""
        return f"user:{self.user_id}"


@dataclass(frozen=True)
class Signed:
    """One line of the list of someone's sessions. `reference` names it in forms; the key itself is nowhere."""

    reference: str
    device: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def start(connection: Connection, user_id: int, device: str, *, is_complete: bool) -> str:
    """Starts a session; returns the key for the cookie."""
    key = secrets.token_urlsafe(KEY_BYTES)
    present = clock.now()
    connection.execute(
        sa.insert(session_table).values(
            hash=token_hash(key),
            user_id=user_id,
            device=device,
            started_at=present,
            seen_at=present,
            is_complete=is_complete,
        )
    )
    return key


def find(connection: Connection, key: str) -> Account | None:
    """Who a session key belongs to; None when it is unknown, ended, too old or left alone too long."""
    row = connection.execute(
        sa.select(
            user_table.c.id,
            user_table.c.name,
            user_table.c.email,
            user_table.c.role,
            user_table.c.provider_id,
            user_table.c.language,
            session_table.c.started_at,
            session_table.c.seen_at,
            session_table.c.is_complete,
        )
        .join(session_table, session_table.c.user_id == user_table.c.id)
        .where(session_table.c.hash == token_hash(key), user_table.c.disabled_at.is_(None))
    ).first()
    if row is None or _is_over(row.started_at, row.seen_at, row.is_complete):
        return None
    return Account(
        row.id, row.name, row.email, Role(row.role), row.provider_id, row.language, key, row.seen_at, row.is_complete
    )


def _is_over(started_at: datetime, seen_at: datetime, is_complete: bool) -> bool:
    present = clock.now()
    if not is_complete:
        return present - started_at > TIME_FOR_SECOND_FACTOR
    is_too_old = present - started_at > timedelta(hours=settings().office_session_hours)
    return is_too_old or present - seen_at > timedelta(minutes=settings().office_idle_minutes)


def is_due(account: Account) -> bool:
    """Whether it is time to note that the session is in use."""
    return clock.now() - account.seen_at > SEEN_EVERY


def seen(connection: Connection, key: str) -> None:
    """Notes that a session is in use."""
    connection.execute(
        sa.update(session_table).values(seen_at=clock.now()).where(session_table.c.hash == token_hash(key))
    )


def end(connection: Connection, key: str) -> None:
    """Signs out."""
    connection.execute(sa.delete(session_table).where(session_table.c.hash == token_hash(key)))


def end_all(connection: Connection, user_id: int, *, but: str = "") -> int:
    """Ends every session of a user, except the one with key `but`; returns how many."""
    ended = connection.execute(
        sa.delete(session_table).where(
            session_table.c.user_id == user_id, session_table.c.hash != (token_hash(but) if but else b"")
        )
    )
    return ended.rowcount


def end_one(connection: Connection, user_id: int, reference: str) -> None:
    """Ends one session of a user, named by the reference from `listed`."""
    for hash_ in connection.scalars(sa.select(session_table.c.hash).where(session_table.c.user_id == user_id)).all():
        if bytes(hash_).hex()[:16] == reference:
            connection.execute(sa.delete(session_table).where(session_table.c.hash == hash_))


def listed(connection: Connection, account: Account) -> tuple[Signed, ...]:
    """The user's living sessions, the last used first."""
    rows = connection.execute(
        sa.select(session_table)
        .where(session_table.c.user_id == account.user_id, session_table.c.is_complete)
        .order_by(session_table.c.seen_at.desc())
    ).all()
    own = token_hash(account.key)
    return tuple(
        Signed(bytes(row.hash).hex()[:16], row.device, row.started_at, row.seen_at, bytes(row.hash) == own)
        for row in rows
        if not _is_over(row.started_at, row.seen_at, row.is_complete)
    )


def delete_old(connection: Connection) -> int:
    """Deletes sessions that are over anyway; returns how many."""
    limit = clock.now() - timedelta(hours=settings().office_session_hours)
    return connection.execute(sa.delete(session_table).where(session_table.c.started_at < limit)).rowcount


def device_of(request: Request) -> str:
    """`Firefox, Windows`: enough to recognise one's own browser in a list."""
    given = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _DEVICES if mark in given), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, given)), "")
    return ", ".join(part for part in (browser, system) if part) or "?"


def cookie_name() -> str:
    """`__Host-` wherever https is; a local demo has none."""
    return "__Host-peilwijs-office" if settings().is_https else "peilwijs-office"


def give_cookie(response: Response, key: str) -> None:
    """The session cookie; gone when the browser closes."""
    response.set_cookie(cookie_name(), key, path="/", secure=settings().is_https, httponly=True, samesite="lax")


def take_cookie(response: Response) -> None:
    response.delete_cookie(cookie_name(), path="/", secure=settings().is_https, httponly=True, samesite="lax")
