"""The link below every e-mail that ends them: signed, so that it needs no stored secret and works as long as the case.

It opens nothing and shows nothing about the person; all that can be done with it is opting out.
"""

from itsdangerous import BadData, URLSafeSerializer

from app.encryption import key
from app.settings import settings

PATH = "/afmelden"
MAX_LENGTH = 100


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(key("opt-out", settings().secret), salt="opt-out")


def opt_out_link(case_id: int) -> str:
    """The whole address of the opt-out page of a case."""
    return f"{settings().public_url.rstrip('/')}{PATH}/{_signer().dumps(case_id)}"


def case_of(signed: str) -> int | None:
    """The case of the last part of such a link; None when it was not made here."""
    try:
        found = _signer().loads(signed) if len(signed) <= MAX_LENGTH else None
    except BadData:
        return None
    return found if isinstance(found, int) else None
