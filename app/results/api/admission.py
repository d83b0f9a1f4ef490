"""Who may call the programming interface: reads what the route declares, asks for a token, counts how often."""

from collections.abc import Callable
from functools import cache
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.database import reading, writing
from app.results.api import tokens
from app.results.api.problems import Problem
from app.results.api.tokens import Caller
from app.web.access import Access, declared

CALLS = RateLimitItemPerMinute(120)  # per token and process: reading must not cost a write
FAILURES = RateLimitItemPerMinute(20)  # per address: a token cannot be guessed, but the database need not be asked
_bearer = HTTPBearer(auto_error=False, description="A token that an administrator made: `Authorization: Bearer pwl_…`")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


@cache
def limiter() -> MovingWindowRateLimiter:
    """Counts calls, per process."""
    return MovingWindowRateLimiter(MemoryStorage())


def admitted(request: Request, credentials: Credentials) -> None:
    """Dependency of the whole interface, so that no route can forget it.

    Raises:
        Problem: without a token that is valid, when the route declares nothing, or after too many calls.
    """
    level = declared(request.scope.get("endpoint"))
    if level is Access.PUBLIC:
        return
    if level is not Access.API:
        raise Problem(403, "this address is not part of the interface")
    request.state.caller = _caller(credentials, request.client.host if request.client else "")


def _caller(credentials: HTTPAuthorizationCredentials | None, address: str) -> Caller:
    if not limiter().test(FAILURES, "failures", address):
        raise Problem(429, "too many calls with a wrong token", {"Retry-After": "60"})
    with reading() as connection:
        found = tokens.find(connection, credentials.credentials) if credentials else None
    if found is None:
        limiter().hit(FAILURES, "failures", address)
        detail = "send a valid token: Authorization: Bearer pwl_…"
        raise Problem(401, detail, {"WWW-Authenticate": 'Bearer realm="peilwijs"'})
    caller, is_due = found
    if not limiter().hit(CALLS, "calls", str(caller.token_id)):
        raise Problem(429, f"more than {CALLS.amount} calls in a minute", {"Retry-After": "60"})
    if is_due:
        with writing() as connection:
            tokens.used(connection, caller.token_id)
    return caller


def needs(*kinds: str) -> Callable[[Request], Caller]:
    """Dependency of one route: the caller, when its token may read one of these kinds of data."""

    def allowed(request: Request) -> Caller:
        caller: Caller = request.state.caller
        if not caller.kinds & set(kinds):
            raise Problem(403, f"this token may not read {' or '.join(kinds)}; ask the administrator for one that may")
        return caller

    return allowed
