"""Reaching the mail server that the settings name, over verified TLS."""

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from app.channels import OutOfReach
from app.settings import LOCAL_HOSTS, settings

PORTS = {"smtp": 25, "smtps": 465}
MISSING = "PEILWIJS_SMTP_URL is not set, so no e-mail can be sent; write smtp://user:password@host:port or smtps://…"
UNREADABLE = (
    "PEILWIJS_SMTP_URL cannot be read; write smtp://user:password@host:port or smtps://…, "
    "with ?starttls=required or ?starttls=no where that is to be said"
)


@dataclass(frozen=True)
class Server:
    """What PEILWIJS_SMTP_URL says. `starttls`: required or no; never asked of an smtps server."""

    is_tls: bool
    host: str
    port: int
    user: str
    password: str
    starttls: str


def server(url: str) -> Server:
    """Reads an address of a mail server.

    Raises:
        OutOfReach: when it is none.
    """
    if not url:
        raise OutOfReach(MISSING)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise OutOfReach(UNREADABLE) from None
    starttls = parse_qs(parts.query).get("starttls", ["no" if host in LOCAL_HOSTS else "required"])[0]
    if parts.scheme not in PORTS or not host or starttls not in ("required", "no"):
        raise OutOfReach(UNREADABLE)
    return Server(
        is_tls=parts.scheme == "smtps",
        host=host,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=starttls,
    )


def connect(to: Server) -> smtplib.SMTP:
    """An open connection, signed in.

    Raises:
        OutOfReach: when there is none to be had.
    """
    patience = settings().smtp_patience_seconds
    own_name = urlsplit(settings().public_url).hostname or "localhost"
    try:
        client: smtplib.SMTP
        if to.is_tls:
            tls = ssl.create_default_context()
            client = smtplib.SMTP_SSL(to.host, to.port, own_name, timeout=patience, context=tls)
        else:
            client = smtplib.SMTP(to.host, to.port, own_name, timeout=patience)
        _begin(client, to)
    except smtplib.SMTPResponseException as error:
        raise OutOfReach(f"the mail server does not want to talk ({error.smtp_code})") from None
    except ssl.SSLCertVerificationError:
        raise OutOfReach("the certificate of the mail server is not to be trusted") from None
    except (OSError, smtplib.SMTPException) as error:
        raise OutOfReach(f"the mail server does not answer ({type(error).__name__})") from None
    return client


def _begin(client: smtplib.SMTP, to: Server) -> None:
    try:
        client.ehlo_or_helo_if_needed()
        if to.starttls == "required" and not to.is_tls:
            if not client.has_extn("starttls"):
                raise OutOfReach("the mail server offers no TLS; ?starttls=no in PEILWIJS_SMTP_URL allows that")
            client.starttls(context=ssl.create_default_context())
            client.ehlo()
        if to.user:
            _sign_in(client, to)
    except BaseException:
        client.close()
        raise


def _sign_in(client: smtplib.SMTP, to: Server) -> None:
    try:
        client.login(to.user, to.password)
    except smtplib.SMTPException:  # some servers hang up instead of saying no
        raise OutOfReach("the mail server does not let this user and password in") from None
