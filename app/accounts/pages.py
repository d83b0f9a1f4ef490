"""Pages for getting in: signing in, the second factor, and setting a password behind a link."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.responses import RedirectResponse, Response

from app.accounts import second_factor, sessions, sign_in, single_sign_on, users
from app.accounts.admission import NotSignedIn, signed_in, token_of
from app.accounts.sessions import Account
from app.database import reading, writing
from app.encryption import key as key_for
from app.errors import Forbidden, Invalid
from app.settings import settings
from app.web.access import Access, Role, access
from app.web.pages import page

router = APIRouter(prefix="/kantoor")
HOME = {Role.AGENT: "/kantoor/account", Role.SUPERVISOR: "/kantoor/account", Role.PROVIDER: "/kantoor/account"}
ENROL_SECONDS = 600
Text = Annotated[str, Form(max_length=300)]


def home(account: Account) -> str:
    """Where somebody begins after signing in."""
    return HOME.get(account.role, "/kantoor/golven")


def _show(request: Request, template: str, problem: str = "", status: int = 200, **context: object) -> Response:
    form_token = token_of(request.state.account)
    return page(request, f"office/{template}", {"problem": problem, "form_token": form_token, **context}, status=status)


def sign_in_again(request: Request, problem: str = "", status: int = 200, email: str = "") -> Response:
    """The page to sign in, with what went wrong the last time."""
    return _show(request, "sign_in.html", problem, status, email=email, has_sso=single_sign_on.is_set_up())


@router.get("/inloggen")
@access(Access.PUBLIC)
def sign_in_page(request: Request) -> Response:
    """Address and password."""
    return sign_in_again(request)


@router.post("/inloggen")
@access(Access.PUBLIC)
def sign_in_with_password(request: Request, email: Text = "", password: Text = "") -> Response:
    """On to the second factor, or in."""
    try:
        started = sign_in.with_password(request, email, password)
    except Forbidden as problem:
        status = 429 if str(problem) == sign_in.TOO_OFTEN else 403
        return sign_in_again(request, str(problem), status, email)
    way_on = {"": "/kantoor", "code": "/kantoor/inloggen/code", "phone": "/kantoor/inloggen/telefoon"}[started.needs]
    response = RedirectResponse(way_on, 303)
    sessions.give_cookie(response, started.key)
    if not started.needs:
        sign_in.remember_device(request, response, email)
    return response


def _half_way(request: Request) -> Account:
    """Who gave the right password and still owes the second factor.

    Raises:
        NotSignedIn: when nobody did.
    """
    account: Account | None = request.state.account
    if account is None or account.is_complete:
        raise NotSignedIn
    return account


@router.get("/inloggen/code")
@access(Access.PUBLIC)
def code_page(request: Request) -> Response:
    """The code of the phone."""
    _half_way(request)
    return _show(request, "code.html")


@router.post("/inloggen/code")
@access(Access.PUBLIC)
def sign_in_with_code(request: Request, code: Text = "") -> Response:
    """In, when the code is right."""
    account = _half_way(request)
    try:
        whole = sign_in.with_code(request, account, code)
    except Forbidden as problem:
        status = 429 if str(problem) == sign_in.TOO_OFTEN else 403
        return _show(request, "code.html", str(problem), status)
    return _in(request, account, whole)


def _in(request: Request, account: Account, key: str) -> Response:
    response = RedirectResponse(home(account), 303)
    sessions.give_cookie(response, key)
    sign_in.remember_device(request, response, account.email)
    return response


def _proposals() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key_for("enrol", settings().secret), salt="enrol")


def _proposal(request: Request, account: Account, secret: str, problem: str = "") -> Response:
    address = second_factor.address(secret, account.email, settings().agency_name)
    return _show(
        request,
        "phone.html",
        problem,
        403 if problem else 200,
        qr_code=second_factor.qr_code(address),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        proposal=_proposals().dumps([secret, account.key]),
    )


@router.get("/inloggen/telefoon")
@access(Access.PUBLIC)
def phone_page(request: Request) -> Response:
    """A QR code for the phone, for who has to set one up."""
    account = _half_way(request)
    with reading() as connection:
        if users.one(connection, account.user_id).totp_secret:
            return RedirectResponse("/kantoor/inloggen/code", 303)
    return _proposal(request, account, second_factor.new_secret())


@router.post("/inloggen/telefoon")
@access(Access.PUBLIC)
def set_up_phone(request: Request, code: Text = "", proposal: Text = "") -> Response:
    """Links the phone when it shows the right code; shows the recovery codes once, and signs in."""
    account = _half_way(request)
    try:
        secret, owner = _proposals().loads(proposal, max_age=ENROL_SECONDS)
    except BadData:
        return RedirectResponse("/kantoor/inloggen/telefoon", 303)
    step = second_factor.fitting_step(secret, code, 0)
    if owner != account.key or step is None:
        return _proposal(request, account, secret, sign_in.WRONG_CODE)
    with writing() as connection:
        if users.one(connection, account.user_id).totp_secret:
            raise NotSignedIn(needs_code=True)
        codes = second_factor.enrol(connection, account.user_id, secret, step)
        whole = sign_in.complete(connection, request, account)
    response = _show(request, "recovery_codes.html", codes=codes, way_on=home(account))
    sessions.give_cookie(response, whole)
    sign_in.remember_device(request, response, account.email)
    return response


@router.post("/uitloggen")
@access(Access.SIGNED_IN)
def sign_out(request: Request) -> Response:
    """Ends this session."""
    with writing() as connection:
        sessions.end(connection, signed_in(request).key)
    response = RedirectResponse("/demo" if settings().is_demo else "/kantoor/inloggen", 303)
    sessions.take_cookie(response)
    return response


@router.get("/wachtwoord/{key}")
@access(Access.PUBLIC)
def password_page(request: Request, key: str) -> Response:
    """Where an invited user sets a password."""
    with reading() as connection:
        user = users.behind_link(connection, key[:100])
    if user is None:
        return _show(request, "password.html", status=404, user=None)
    return _show(request, "password.html", user=user)


@router.post("/wachtwoord/{key}")
@access(Access.PUBLIC)
def set_password(request: Request, key: str, password: Text = "", again: Text = "") -> Response:
    """Sets the password and leads to the sign-in page."""
    with reading() as connection:
        user = users.behind_link(connection, key[:100])
    if user is None:
        return _show(request, "password.html", status=404, user=None)
    try:
        if password != again:
            raise Invalid(users.NOT_THE_SAME)
        users.set_password(user.id, password)
    except Invalid as problem:
        return _show(request, "password.html", str(problem), 422, user=user)
    return _show(request, "password_set.html")


@router.get("")
@access(Access.SIGNED_IN)
def office(request: Request) -> Response:
    """Everybody begins at the page of their role."""
    return RedirectResponse(home(signed_in(request)), 303)
