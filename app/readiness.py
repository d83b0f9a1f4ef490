"""What must be right before anything is served or sent: secrets, addresses, mail. Said at the start, in one sentence
that names the setting; not by the first respondent who meets it.
"""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from app.channels import OutOfReach, bounce_mailbox, smtp_server
from app.errors import Invalid
from app.settings import LOCAL_HOSTS, Settings, settings

SHORTEST_SECRET = 32
FEWEST_SIGNS = 10  # different ones: `aaaa…` is no secret
# Secrets that stand in what everybody can read.
KNOWN_SECRETS = ("a secret for tests only, of enough characters", "changeme", "change-me", "secret", "peilwijs")
MAKE_ONE = "make one with: openssl rand -hex 32"


def check() -> None:
    """Refuses to start with settings that would be unsafe, or could never work.

    Raises:
        Invalid: one sentence for the first fault, with the name of the variable.
    """
    given = settings()
    for fault in _faults(given):
        raise Invalid(fault)


def _faults(given: Settings) -> Iterator[str]:
    is_public = urlsplit(given.public_url).hostname not in LOCAL_HOSTS
    yield from _addresses(given, is_public and not given.is_demo)
    assert given.secret  # too short, or none on a public server: it says so itself
    if is_public:
        yield from _weak_secret("PEILWIJS_SECRET_KEY", given.secret_key)
    yield from _mail(given, is_public)
    yield from _single_sign_on(given)


def _addresses(given: Settings, needs_https: bool) -> Iterator[str]:
    for name, address in (("PEILWIJS_PUBLIC_URL", given.public_url), ("PEILWIJS_OFFICE_URL", given.office_url)):
        if not address and name == "PEILWIJS_OFFICE_URL":
            continue
        parts = _split(address)
        if parts is None or parts.scheme not in ("http", "https") or parts.path.rstrip("/") or parts.query:
            yield f"{name} is no address of a server; write https://name, with nothing after it"
        elif needs_https and parts.scheme != "https":
            yield f"{name} begins with http://, so cookies and answers could be overheard; write https://…"


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:
        return None
    return parts if is_whole else None


def _weak_secret(name: str, secret: str) -> Iterator[str]:
    if any(known in secret.lower() for known in KNOWN_SECRETS) or len(set(secret)) < FEWEST_SIGNS:
        yield f"{name} is known or easy to guess; {MAKE_ONE}"


def _mail(given: Settings, is_public: bool) -> Iterator[str]:
    try:
        if given.smtp_url:
            smtp_server.server(given.smtp_url)
        if given.bounce_url:
            bounce_mailbox.address(given.bounce_url)
    except OutOfReach as problem:
        yield str(problem)
    if given.smtp_url and is_public and given.mail_from.endswith(".invalid"):
        yield "PEILWIJS_MAIL_FROM is not set, so no mail server will take the e-mails; write the address they come from"
    if given.bounce_secret and len(given.bounce_secret) < SHORTEST_SECRET:
        yield f"PEILWIJS_BOUNCE_SECRET is shorter than {SHORTEST_SECRET} characters; {MAKE_ONE}"
    if given.bounce_secret and is_public:
        yield from _weak_secret("PEILWIJS_BOUNCE_SECRET", given.bounce_secret)


def _single_sign_on(given: Settings) -> Iterator[str]:
    needed = {
        "PEILWIJS_OIDC_ISSUER": given.oidc_issuer,
        "PEILWIJS_OIDC_CLIENT_ID": given.oidc_client_id,
        "PEILWIJS_OIDC_CLIENT_SECRET": given.oidc_client_secret,
    }
    if not any(needed.values()):
        return
    yield from (f"{name} is not set; single sign-on needs all three" for name, value in needed.items() if not value)
    issuer = _split(given.oidc_issuer)
    if issuer is None or (issuer.scheme != "https" and issuer.hostname not in LOCAL_HOSTS):
        yield "PEILWIJS_OIDC_ISSUER is no address that nobody can overhear; write https://…"
