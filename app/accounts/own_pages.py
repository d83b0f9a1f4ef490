"""Pages about accounts: one's own, and those of everybody for the administrator."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.accounts import passwords, second_factor, sessions, users
from app.accounts.admission import signed_in
from app.accounts.tables import recovery_table, user_table
from app.database import reading, writing
from app.errors import N_, Invalid
from app.web.access import Access, access
from app.web.pages import page

router = APIRouter(prefix="/kantoor/account")
WRONG_PASSWORD = N_("Uw huidige wachtwoord klopt niet. Kijk het na en probeer het nog eens.")
Text = Annotated[str, Form(max_length=300)]


def _show(request: Request, problem: str = "", done: str = "", status: int = 200) -> Response:
    account = signed_in(request)
    with reading() as connection:
        listed = sessions.listed(connection, account)
        n_codes = connection.execute(
            sa.select(sa.func.count()).where(recovery_table.c.user_id == account.user_id)
        ).scalar_one()
        has_phone = connection.execute(
            sa.select(user_table.c.totp_secret.is_not(None)).where(user_table.c.id == account.user_id)
        ).scalar()
    context = {"sessions": listed, "n_codes": n_codes, "has_phone": bool(has_phone), "problem": problem, "done": done}
    return page(request, "office/account.html", context, status=status)


@router.get("")
@access(Access.SIGNED_IN)
def own_account(request: Request) -> Response:
    """Name, role, password, phone, sessions."""
    return _show(request)


@router.post("/wachtwoord")
@access(Access.SIGNED_IN)
def change_password(request: Request, now_used: Text = "", password: Text = "", again: Text = "") -> Response:
    """A new password; all other sessions end."""
    account = signed_in(request)
    with reading() as connection:
        stored = users.one(connection, account.user_id).password_hash
    try:
        if not passwords.fits(now_used, stored):
            raise Invalid(WRONG_PASSWORD)
        if password != again:
            raise Invalid(users.NOT_THE_SAME)
        users.set_password(account.user_id, password, keep=account.key)
    except Invalid as problem:
        return _show(request, str(problem), status=422)
    return _show(request, done="password")


@router.post("/herstelcodes")
@access(Access.SIGNED_IN)
def renew_codes(request: Request) -> Response:
    """Ten fresh recovery codes, shown once; the old ones stop working."""
    with writing() as connection:
        codes = second_factor.renew_recovery_codes(connection, signed_in(request).user_id)
    return page(request, "office/recovery_codes.html", {"codes": codes, "way_on": "/kantoor/account"})


@router.post("/sessie")
@access(Access.SIGNED_IN)
def end_session(request: Request, reference: Text = "") -> Response:
    """Ends one of one's own sessions, or with `all` every other one."""
    account = signed_in(request)
    with writing() as connection:
        if reference == "all":
            sessions.end_all(connection, account.user_id, but=account.key)
        else:
            sessions.end_one(connection, account.user_id, reference)
    return RedirectResponse("/kantoor/account", 303)


@router.post("/taal")
@access(Access.SIGNED_IN)
def choose_language(request: Request, language: Text = "") -> Response:
    """The language of the office pages."""
    if language not in users.STAFF_LANGUAGES:
        raise Invalid(users.NO_SUCH_LANGUAGE)
    with writing() as connection:
        connection.execute(
            sa.update(user_table).values(language=language).where(user_table.c.id == signed_in(request).user_id)
        )
    return RedirectResponse("/kantoor/account", 303)
