"""Asking for a new password. The answer is the same whether or not the address is known, and takes as long."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from app.accounts import account_mails, sign_in
from app.accounts.admission import token_of
from app.channels.email import is_set_up
from app.errors import N_
from app.web import attempts
from app.web.access import Access, access
from app.web.pages import page

router = APIRouter(prefix="/kantoor/wachtwoord-vergeten")
PER_ADDRESS = (attempts.per_hour(20),)
PER_ACCOUNT = (attempts.per_hour(3),)
TOO_OFTEN = N_("Er is hier al vaker om gevraagd. Kijk in uw e-mail, of probeer het over een uur nog eens.")
Text = Annotated[str, Form(max_length=300)]


def _show(
    request: Request, *, email: str = "", problem: str = "", is_asked: bool = False, status: int = 200
) -> Response:
    context = {
        "form_token": token_of(request.state.account),
        "email": email,
        "problem": problem,
        "is_asked": is_asked,
        "can_mail": is_set_up(),
    }
    return page(request, "office/forgotten.html", context, status=status)


@router.get("")
@access(Access.PUBLIC)
def ask(request: Request) -> Response:
    """The address of the account."""
    return _show(request)


@router.post("")
@access(Access.PUBLIC)
def asked(request: Request, email: Text = "") -> Response:
    """Has a link mailed, if there is somebody with this address."""
    if not is_set_up():
        return _show(request)
    email = email.strip().casefold()[:254]
    limits = [(limit, ("reset", sign_in.address_of(request))) for limit in PER_ADDRESS]
    limits += [(limit, ("reset-account", email)) for limit in PER_ACCOUNT]
    if not attempts.allowed(*limits):
        return _show(request, email=email, problem=TOO_OFTEN, status=429)
    account_mails.forgotten(email)
    return _show(request, is_asked=True)
