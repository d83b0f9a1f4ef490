"""Who comes in at the office: reads what the route declares, and lets in who has the role for it."""

import hmac

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from app import clock
from app.accounts import sessions
from app.accounts.sessions import Account
from app.database import reading, writing
from app.errors import N_, Forbidden
from app.settings import settings
from app.web.access import ROLES, Access, Role, declared
from app.web.forms import SAFE_METHODS, token_for

DEMO_KEY = "demo"
STALE = N_("Deze pagina is verlopen. Ga terug, laad de pagina opnieuw en probeer het nog eens.")
NOT_YOURS = N_("Deze pagina hoort niet bij uw rol. Vraag de beheerder als u hem nodig hebt.")


class NotSignedIn(Exception):
    """There is no session: signing in is the way in. `needs_code`: only the second factor is missing."""

    def __init__(self, needs_code: bool = False) -> None:
        self.needs_code = needs_code


async def admitted(request: Request) -> None:
    """Dependency of the whole office application, so that no route can forget it.

    Raises:
        NotSignedIn: without a session.
        Forbidden: when the role does not fit, the form's token is missing, or the route declares nothing.
    """
    level = declared(request.scope.get("endpoint"))
    account = await run_in_threadpool(_account, request)
    request.state.account = account
    if level is None:
        raise Forbidden(NOT_YOURS)
    if level is not Access.PUBLIC:
        _check_role(account, level)
    if request.method not in SAFE_METHODS:
        await _check_token(request, account)


def _account(request: Request) -> Account | None:
    key = request.cookies.get(sessions.cookie_name(), "")
    if key:
        with reading() as connection:
            found = sessions.find(connection, key)
        if found is not None and sessions.is_due(found):
            with writing() as connection:
                sessions.seen(connection, key)
        if found is not None:
            return found
    return _demo_account() if settings().is_demo else None


def _demo_account() -> Account:
    """The demo runs on the visitor's own machine: whoever opens it is its administrator."""
    return Account(0, "Demo", "demo@example.nl", Role.ADMIN, None, "nl", DEMO_KEY, clock.now(), is_complete=True)


def _check_role(account: Account | None, level: Access) -> None:
    if account is None:
        raise NotSignedIn
    if not account.is_complete:
        raise NotSignedIn(needs_code=True)
    if account.role not in ROLES.get(level, frozenset()):
        raise Forbidden(NOT_YOURS)


async def _check_token(request: Request, account: Account | None) -> None:
    given = request.headers.get("x-peilwijs-token", "")
    if not given:
        form = await request.form(max_fields=400)
        given = str(form.get("token", ""))
    if not hmac.compare_digest(given.encode(), token_of(account).encode()):
        raise Forbidden(STALE)


def token_of(account: Account | None) -> str:
    """The form token of who is signed in. Sign-in pages have one too: the same for all, as nothing is open there."""
    return account.form_token if account else token_for("office:")


def signed_in(request: Request) -> Account:
    """The account of this request, on routes that need one."""
    account: Account | None = request.state.account
    assert account is not None
    return account
