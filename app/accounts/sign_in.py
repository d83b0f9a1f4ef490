"""Signing in: password, then a code of the phone where the role needs it, with limits on trying.

Whoever tries somebody else's address from elsewhere is slowed down, but cannot lock them out: a browser that signed in
before carries a mark, and its attempts are counted apart.
"""

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.accounts import passwords, second_factor, sessions, users
from app.accounts.sessions import Account
from app.audit.log import record
from app.database import reading, writing
from app.encryption import key, lookup
from app.errors import N_, Forbidden
from app.settings import settings
from app.web import attempts
from app.web.access import Role

PER_ADDRESS = (attempts.per_minute(20), attempts.per_hour(100))  # one office may share an address
PER_ACCOUNT = (attempts.per_minute(5), attempts.per_hour(20))
KNOWN_DAYS = 180
WRONG = N_("Het e-mailadres of het wachtwoord klopt niet. Kijk ze na en probeer het nog eens.")
WRONG_CODE = N_("Deze code klopt niet. Typ de code die nu op uw telefoon staat, of een herstelcode.")
TOO_OFTEN = N_("Er is te vaak geprobeerd in te loggen. Wacht een kwartier, of vraag de beheerder om een nieuwe link.")


@dataclass(frozen=True)
class Started:
    """A session that was started; `needs`: "" (in), "code" (second factor), "phone" (set one up first)."""

    key: str
    needs: str


def with_password(request: Request, email: str, password: str) -> Started:
    """Starts a session for who knows the password. Hashing takes long, so no unit of work is open meanwhile.

    Raises:
        Forbidden: with one and the same sentence for a wrong address and a wrong password, or when tried too often.
    """
    email = email.strip().casefold()[:254]
    _count(request, email)
    with reading() as connection:
        user = users.by_email(connection, email)
    if not passwords.fits(password, user.password_hash if user else None) or user is None:
        raise Forbidden(WRONG)
    needs = "code" if user.totp_secret else "phone" if Role(user.role) in users.NEEDS_SECOND_FACTOR else ""
    with writing() as connection:
        started = sessions.start(connection, user.id, sessions.device_of(request), is_complete=not needs)
        if not needs:
            record(connection, f"user:{user.id}", "user.signed_in", f"user:{user.id}")
    return Started(started, needs)


def with_code(request: Request, account: Account, code: str) -> str:
    """The second factor; returns the key of a fresh session.

    Raises:
        Forbidden: when the code is wrong or was used, or when tried too often.
    """
    _count(request, account.email)
    with writing() as connection:
        if not second_factor.accept(connection, account.user_id, code):
            raise Forbidden(WRONG_CODE)
        return complete(connection, request, account)


def complete(connection: Connection, request: Request, account: Account) -> str:
    """Turns a half session into a whole one, under a new key."""
    sessions.end(connection, account.key)
    record(connection, account.actor, "user.signed_in", account.actor)
    return sessions.start(connection, account.user_id, sessions.device_of(request), is_complete=True)


def _count(request: Request, email: str) -> None:
    address, who = address_of(request), _fingerprint(email)
    if _is_known(request, who):
        is_allowed = attempts.allowed(*((limit, ("known", who, address)) for limit in PER_ACCOUNT))
    else:
        is_allowed = attempts.allowed(
            *((limit, ("sign-in", address)) for limit in PER_ADDRESS),
            *((limit, ("account", who)) for limit in PER_ACCOUNT),
        )
    if not is_allowed:
        raise Forbidden(TOO_OFTEN)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


def _fingerprint(email: str) -> str:
    return (lookup("sign-in", email) or b"").hex()


def _device_cookie() -> str:
    return "__Host-peilwijs-known" if settings().is_https else "peilwijs-known"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key("known-device", settings().secret), salt="known-device")


def remember_device(request: Request, response: Response, email: str) -> None:
    """Marks this browser as one in which this user signed in; the mark opens nothing."""
    marks = [mark for mark in _marks(request) if mark != _fingerprint(email)][-4:]
    response.set_cookie(
        _device_cookie(),
        _signer().dumps([*marks, _fingerprint(email)]),
        max_age=KNOWN_DAYS * 86400,
        path="/",
        secure=settings().is_https,
        httponly=True,
        samesite="lax",
    )


def _marks(request: Request) -> list[str]:
    try:
        marks = _signer().loads(request.cookies.get(_device_cookie(), ""), max_age=KNOWN_DAYS * 86400)
    except BadData:
        return []
    return [mark for mark in marks if isinstance(mark, str)] if isinstance(marks, list) else []


def _is_known(request: Request, who: str) -> bool:
    return who in _marks(request)
