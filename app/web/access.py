"""Who may use a route. Every route declares it; a convention test fails on one that does not.

PUBLIC needs nothing, RESPONDENT a questionnaire's cookie, OFFICE a staff account. Staff accounts do not exist
yet, so office routes are served by the demo only (see `main`).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
ATTRIBUTE = "declared_access"


class Access(StrEnum):
    PUBLIC = "public"
    RESPONDENT = "respondent"
    OFFICE = "office"


def access(level: Access) -> Callable[[Endpoint], Endpoint]:
    """Declares an endpoint's access: `@router.get(…)` above `@access(Access.PUBLIC)`."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, ATTRIBUTE, level)
        return endpoint

    return declare


def declared(endpoint: object) -> Access | None:
    """The declared access of an endpoint; None when it has none."""
    return getattr(endpoint, ATTRIBUTE, None)
