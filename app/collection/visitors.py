"""Who is at the door: a token becomes a signed cookie, and a cookie becomes a visitor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import ClassVar

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from app.clock import now
from app.encryption import key
from app.settings import settings
from app.web.forms import token_for


class NotAVisitor(Exception):
    """There is no valid cookie: the code page is the way in."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who came with a valid token. The cookie holds two numbers and a signature, nothing personal."""

    mode: ClassVar[str] = "web"

    case_id: int
    token_id: int
    session: str

    @cached_property
    def form_token(self) -> str:
        return token_for(self.session)


@dataclass(frozen=True)
class Caller:
    """An interviewer who has somebody on the telephone. Whether the case is theirs, the call centre has seen."""

    mode: ClassVar[str] = "phone"

    case_id: int
    user_id: int


def cookie_name() -> str:
    """`__Host-` wherever https is; a local demo has none."""
    return "__Host-peilwijs" if settings().is_https else "peilwijs"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key("visitor", settings().secret), salt="visitor")


def welcome(response: Response, case_id: int, token_id: int) -> None:
    """Gives the visitor a cookie."""
    response.set_cookie(
        cookie_name(),
        _signer().dumps([case_id, token_id]),
        max_age=settings().session_hours * 3600,
        path="/",
        secure=settings().is_https,
        httponly=True,
        samesite="lax",
    )


def say_goodbye(response: Response) -> None:
    """Takes the cookie back, for a shared phone or library computer."""
    response.delete_cookie(cookie_name(), path="/", secure=settings().is_https, httponly=True, samesite="lax")


@lru_cache(maxsize=4096)
def _read(session: str, secret: bytes) -> tuple[Visitor, datetime]:
    """The visitor of a cookie and when it was signed; kept, because one visitor sends the same cookie sixty times."""
    (case_id, token_id), signed_at = _signer().loads(session, return_timestamp=True)
    return Visitor(case_id, token_id, session), signed_at


def visitor(request: Request) -> Visitor:
    """Who sends this request; every respondent route asks.

    Raises:
        NotAVisitor: without a cookie, or with one that is forged or too old.
    """
    session = request.cookies.get(cookie_name())
    if not session:
        raise NotAVisitor
    try:
        found, signed_at = _read(session, settings().secret)
    except (BadData, ValueError, TypeError):
        raise NotAVisitor from None
    if now() - signed_at > timedelta(hours=settings().session_hours):
        raise NotAVisitor
    return found
