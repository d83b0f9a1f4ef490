"""Users: making, inviting, changing. Every change is written to the audit log in the same unit of work."""

import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.engine import Connection, Row

from app import clock
from app.accounts import passwords, second_factor, sessions
from app.accounts.tables import link_table, user_table
from app.audit.log import record
from app.database import reading, writing
from app.encryption import token_hash
from app.errors import N_, Conflict, Invalid, NotFound
from app.language import SOURCE_LANGUAGE
from app.settings import settings
from app.web.access import Role

LINK_HOURS = 72
INVITATION, RESET = "invitation", "reset"
LINK_LIVES = {INVITATION: timedelta(hours=LINK_HOURS), RESET: timedelta(hours=1)}
STAFF_LANGUAGES = (SOURCE_LANGUAGE, "en")
NO_SUCH_LANGUAGE = N_("Deze taal is er niet. Kies een taal uit de lijst.")
NOT_THE_SAME = N_("De twee wachtwoorden zijn niet gelijk. Typ twee keer hetzelfde wachtwoord.")
NEEDS_SECOND_FACTOR = frozenset({Role.ADMIN, Role.RESEARCHER})


def plain_email(text: str) -> str:
    """An e-mail address as it is stored and compared.

    Raises:
        Invalid: when it is none.
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        raise Invalid(N_("Dit is geen e-mailadres. Kijk het na: naam@voorbeeld.nl.")) from None


def add(
    connection: Connection,
    actor: str,
    email: str,
    name: str,
    role: Role,
    provider_id: int | None = None,
    language: str = SOURCE_LANGUAGE,
) -> int:
    """Makes a user without a password; `link` gives them a way to set one.

    Raises:
        Invalid: when something is missing or does not go together.
        Conflict: when the address has an account already.
    """
    email, name = plain_email(email), " ".join(name.split())
    if not name:
        raise Invalid(N_("Vul een naam in."))
    if language not in STAFF_LANGUAGES:
        raise Invalid(NO_SUCH_LANGUAGE)
    if (role is Role.PROVIDER) != (provider_id is not None):
        raise Invalid(N_("Kies bij de rol dienstverlener een dienstverlener, en bij andere rollen geen."))
    if connection.execute(sa.select(user_table.c.id).where(user_table.c.email == email)).first():
        raise Conflict(N_("Met dit e-mailadres is er al een account."))
    made = connection.execute(
        sa.insert(user_table)
        .values(
            email=email,
            name=name[:120],
            role=role.value,
            provider_id=provider_id,
            language=language,
            totp_step=0,
            made_at=clock.now(),
        )
        .returning(user_table.c.id)
    ).scalar_one()
    record(connection, actor, "user.added", f"user:{made}", role=role.value, provider=provider_id)
    return int(made)


def link(connection: Connection, actor: str, user_id: int, purpose: str = INVITATION) -> str:
    """An address with which a user sets a (new) password, once. Earlier ones stop working.

    Args:
        purpose: `invitation` lasts three days, `reset` (which anybody can ask for) an hour.
    """
    key = secrets.token_urlsafe(24)
    connection.execute(sa.delete(link_table).where(link_table.c.user_id == user_id))
    connection.execute(
        sa.insert(link_table).values(
            hash=token_hash(key),
            user_id=user_id,
            expires_at=clock.now() + LINK_LIVES[purpose],
            purpose=purpose,
        )
    )
    record(connection, actor, "user.link_made", f"user:{user_id}", purpose=purpose)
    return f"{settings().office_address}/kantoor/wachtwoord/{key}"


def behind_link(connection: Connection, key: str) -> Row[Any] | None:
    """Who a link is for (id, email, name); None when it was used, replaced or is too old."""
    return connection.execute(
        sa.select(user_table.c.id, user_table.c.email, user_table.c.name)
        .join(link_table, link_table.c.user_id == user_table.c.id)
        .where(
            link_table.c.hash == token_hash(key),
            link_table.c.expires_at > clock.now(),
            user_table.c.disabled_at.is_(None),
        )
    ).first()


def set_password(user_id: int, password: str, *, keep: str = "") -> None:
    """Stores a new password, ends the user's sessions (but the one with key `keep`) and their link.

    Raises:
        Invalid: when it is easy to guess.
    """
    with reading() as connection:
        user = one(connection, user_id)
    passwords.check_new(password, user.email, *user.email.split("@"), *user.name.split(), "peilwijs")
    stored = passwords.hashed(password)
    with writing() as connection:
        connection.execute(sa.update(user_table).values(password_hash=stored).where(user_table.c.id == user_id))
        connection.execute(sa.delete(link_table).where(link_table.c.user_id == user_id))
        n_ended = sessions.end_all(connection, user_id, but=keep)
        record(connection, f"user:{user_id}", "user.password_set", f"user:{user_id}", n_sessions_ended=n_ended)


def link_mailed(connection: Connection, actor: str, user_id: int, problem: str = "") -> None:
    """Notes what became of the e-mail with a user's link; `problem` is of our own words and codes."""
    values = {"problem": problem[:120]} if problem else {"mailed_at": clock.now(), "problem": None}
    connection.execute(sa.update(link_table).values(**values).where(link_table.c.user_id == user_id))
    record(connection, actor, "user.mail_failed" if problem else "user.mailed", f"user:{user_id}")


def links_under_way(connection: Connection) -> dict[int, Row[Any]]:
    """The link of each user who has one that still works, and what became of its e-mail."""
    alive = sa.select(link_table.c.user_id, link_table.c.purpose, link_table.c.mailed_at, link_table.c.problem).where(
        link_table.c.expires_at > clock.now()
    )
    return {row.user_id: row for row in connection.execute(alive)}


def disable(connection: Connection, actor: str, user_id: int) -> None:
    """Closes an account at once; what its user did stays in the log.

    Raises:
        Conflict: for the last administrator.
    """
    user = one(connection, user_id)
    if user.role == Role.ADMIN and _n_admins(connection) == 1 and user.disabled_at is None:
        raise Conflict(N_("Dit is de laatste beheerder. Maak eerst een andere beheerder."))
    connection.execute(sa.update(user_table).values(disabled_at=clock.now()).where(user_table.c.id == user_id))
    connection.execute(sa.delete(link_table).where(link_table.c.user_id == user_id))
    sessions.end_all(connection, user_id)
    record(connection, actor, "user.disabled", f"user:{user_id}")


def enable(connection: Connection, actor: str, user_id: int) -> None:
    """Opens a closed account again."""
    one(connection, user_id)
    connection.execute(sa.update(user_table).values(disabled_at=None).where(user_table.c.id == user_id))
    record(connection, actor, "user.enabled", f"user:{user_id}")


def forget_phone(connection: Connection, actor: str, user_id: int) -> None:
    """For who lost their phone and their recovery codes: they set up a phone again at the next sign-in."""
    one(connection, user_id)
    second_factor.forget(connection, user_id)
    sessions.end_all(connection, user_id)
    record(connection, actor, "user.phone_forgotten", f"user:{user_id}")


def one(connection: Connection, user_id: int) -> Row[Any]:
    """The row of one user.

    Raises:
        NotFound: when there is none.
    """
    row = connection.execute(sa.select(user_table).where(user_table.c.id == user_id)).first()
    if row is None:
        raise NotFound("there is no such user")
    return row


def by_email(connection: Connection, email: str) -> Row[Any] | None:
    """The row of the user with this address, who may sign in."""
    return connection.execute(
        sa.select(user_table).where(user_table.c.email == email.strip().casefold(), user_table.c.disabled_at.is_(None))
    ).first()


def everybody(connection: Connection) -> list[Row[Any]]:
    """All users, by name."""
    return list(connection.execute(sa.select(user_table).order_by(user_table.c.disabled_at, user_table.c.name)))


def _n_admins(connection: Connection) -> int:
    found = connection.execute(
        sa.select(sa.func.count()).where(user_table.c.role == Role.ADMIN.value, user_table.c.disabled_at.is_(None))
    )
    return int(found.scalar_one())
