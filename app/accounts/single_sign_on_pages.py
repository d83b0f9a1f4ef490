"""To the issuer of single sign-on and back. Without one in the settings these pages are not there."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.accounts import sessions, sign_in, single_sign_on
from app.accounts.pages import home, sign_in_again
from app.database import reading, writing
from app.errors import Forbidden, NotFound, Unavailable
from app.settings import settings
from app.web import attempts
from app.web.access import Access, access

router = APIRouter()
PER_ADDRESS = (attempts.per_minute(30),)


def _check_that_it_is_there() -> None:
    if not single_sign_on.is_set_up():
        raise NotFound("PEILWIJS_OIDC_ISSUER is not set")


def _cookie() -> str:
    return "__Host-peilwijs-sso" if settings().is_https else "peilwijs-sso"


@router.get(single_sign_on.PATH)
@access(Access.PUBLIC)
def leave(request: Request) -> Response:
    """Off to the issuer."""
    _check_that_it_is_there()
    if not attempts.allowed(*((limit, ("sso", sign_in.address_of(request))) for limit in PER_ADDRESS)):
        return sign_in_again(request, sign_in.TOO_OFTEN, 429)
    try:
        address, kept = single_sign_on.begin()
    except Unavailable as problem:
        return sign_in_again(request, str(problem), 503)
    response = RedirectResponse(address, 303)
    response.set_cookie(
        _cookie(),
        kept,
        max_age=single_sign_on.UNDER_WAY_SECONDS,
        path="/",
        secure=settings().is_https,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(single_sign_on.WAY_BACK)
@access(Access.PUBLIC)
def come_back(request: Request) -> Response:
    """In, when the issuer vouches for one of our users. The state in the cookie makes this safe as a GET."""
    _check_that_it_is_there()
    try:
        identity = single_sign_on.finish(dict(request.query_params), request.cookies.get(_cookie(), ""))
        with writing() as connection:
            user = single_sign_on.admit(connection, identity)
            key = sessions.start(connection, user.id, sessions.device_of(request), is_complete=True)
        with reading() as connection:
            account = sessions.find(connection, key)
        assert account is not None
        response: Response = RedirectResponse(home(account), 303)
        sessions.give_cookie(response, key)
    except Forbidden as problem:
        response = sign_in_again(request, str(problem), 403)
    except Unavailable as problem:
        response = sign_in_again(request, str(problem), 503)
    response.delete_cookie(_cookie(), path="/", secure=settings().is_https, httponly=True, samesite="lax")
    return response
