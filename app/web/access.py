"""Who may use a route. Every route declares it, and what is declared is what is enforced: a route without a
declaration is refused, and a convention test fails on it.

PUBLIC needs nothing, RESPONDENT a questionnaire's cookie, the others an account with one of the roles named here.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
ATTRIBUTE = "declared_access"


class Role(StrEnum):
    """What somebody with an account does."""

    ADMIN = "admin"
    RESEARCHER = "researcher"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    PROVIDER = "provider"


class Access(StrEnum):
    PUBLIC = "public"
    RESPONDENT = "respondent"
    SIGNED_IN = "signed_in"  # anybody with an account
    OFFICE = "office"
    ADMIN = "admin"
    SUPERVISION = "supervision"
    CALLS = "calls"
    PORTAL = "portal"
    API = "api"  # a program with a token, never somebody with an account


ROLES: dict[Access, frozenset[Role]] = {
    Access.SIGNED_IN: frozenset(Role),
    Access.OFFICE: frozenset({Role.ADMIN, Role.RESEARCHER}),
    Access.ADMIN: frozenset({Role.ADMIN}),
    Access.SUPERVISION: frozenset({Role.ADMIN, Role.RESEARCHER, Role.SUPERVISOR}),
    Access.CALLS: frozenset({Role.SUPERVISOR, Role.AGENT}),
    Access.PORTAL: frozenset({Role.PROVIDER}),
}


def access(level: Access) -> Callable[[Endpoint], Endpoint]:
    """Declares an endpoint's access: `@router.get(…)` above `@access(Access.PUBLIC)`."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, ATTRIBUTE, level)
        return endpoint

    return declare


def declared(endpoint: object) -> Access | None:
    """The declared access of an endpoint; None when it has none."""
    return getattr(endpoint, ATTRIBUTE, None)
