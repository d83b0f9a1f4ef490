"""Posted forms: url-encoded only, bounded, with a token that only this visitor's own pages carry."""

import hmac
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from app.encryption import key
from app.errors import Forbidden, Invalid
from app.settings import LOCAL_HOSTS, settings

Form = dict[str, list[str]]
MAX_FIELDS = 400
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


async def posted(request: Request) -> Form:
    """The fields of a posted form.

    Raises:
        Invalid: when it is no form, or has too many fields.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    body = await request.body()
    if body and kind != "application/x-www-form-urlencoded":
        raise Invalid("Dit formulier kunnen wij niet lezen.")
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Invalid("Dit formulier heeft te veel velden.") from None


def pressed(form: Form) -> str:
    """The button that sent a form; "" for one without a value."""
    return form.get("actie", [""])[0]


def token_for(session: str) -> str:
    """The form token that belongs to a session cookie."""
    return hmac.digest(key("form", settings().secret), session.encode(), "sha256").hex()[:32]


def check_token(form: Form, expected: str) -> None:
    """Refuses a form that did not come from one of this visitor's own pages.

    Raises:
        Forbidden: when the token is missing or of another session.
    """
    given = form.get("token", [""])[0]
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forbidden("Deze pagina is verlopen. Ga terug, laad de pagina opnieuw en probeer het nog eens.")


def is_foreign(method: str, headers: dict[bytes, bytes]) -> bool:
    """Whether an unsafe request was started by another site, judged by what browsers say."""
    if method in SAFE_METHODS:
        return False
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    return origin is not None and not _is_own(origin.decode("latin-1"))


def _is_own(origin: str) -> bool:
    given = urlsplit(origin)
    owns = [urlsplit(address) for address in (settings().public_url, settings().office_url) if address]
    if owns[0].hostname in LOCAL_HOSTS:
        return given.hostname in LOCAL_HOSTS
    return (given.scheme, given.netloc) in [(own.scheme, own.netloc) for own in owns]
