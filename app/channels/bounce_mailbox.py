"""The mailbox that returned mail comes in, over IMAP. Mail that is no bounce of ours stays as it is."""

import imaplib
import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from app.channels import OutOfReach
from app.channels.bounces import Bounce, read_bounce
from app.settings import LOCAL_HOSTS, settings

PORTS = {"imap": 143, "imaps": 993}
PATIENCE_SECONDS = 30
MOST = 500  # mails per visit
MOST_BYTES = 262_144  # of a mail; a notification says what matters before it shows our message again
LOOKED_AT = "peilwijs-looked-at"  # the mark on mail that is not ours, so that it is fetched once
UNREADABLE = "PEILWIJS_BOUNCE_URL cannot be read; write imaps://user:password@host:port/INBOX"
Booked = Literal["hard", "soft", "unknown"]


def visit(book: Callable[[Bounce], Booked]) -> Counter[str]:
    """Books every bounce in the mailbox and takes it out; how many there were of each kind.

    A bounce is taken out after it was booked. Whoever is killed in between books it again, which changes nothing.

    Raises:
        OutOfReach: when the mailbox cannot be read.
    """
    counts: Counter[str] = Counter()
    with _mailbox(settings().bounce_url) as mailbox:
        for uid in _new(mailbox):
            bounce = read_bounce(_fetched(mailbox, uid))
            booked = book(bounce) if bounce is not None else "unknown"
            counts[booked] += 1
            if booked == "unknown":
                with suppress(imaplib.IMAP4.error):  # a server without marks of our own: it is fetched again
                    mailbox.uid("STORE", uid, "+FLAGS.SILENT", f"({LOOKED_AT})")
            else:
                mailbox.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)")
        if counts["hard"] or counts["soft"]:
            mailbox.expunge()
    return counts


def address(url: str) -> tuple[SplitResult, str, int, str]:
    """Reads an address of a mailbox: its parts, host, port and folder.

    Raises:
        OutOfReach: when it is none.
    """
    try:
        parts = urlsplit(url)
        host, port, folder = parts.hostname, parts.port, unquote(parts.path.strip("/")) or "INBOX"
    except ValueError:
        raise OutOfReach(UNREADABLE) from None
    if parts.scheme not in PORTS or not host or '"' in folder or "\\" in folder:
        raise OutOfReach(UNREADABLE)
    return parts, host, port or PORTS[parts.scheme], folder


@contextmanager
def _mailbox(url: str) -> Iterator[imaplib.IMAP4]:
    parts, host, port, folder = address(url)
    try:
        client = _connected(parts.scheme, host, port)
        try:
            client.login(unquote(parts.username or ""), unquote(parts.password or ""))
            if client.select(f'"{folder}"')[0] != "OK":
                raise OutOfReach(f"there is no folder {folder} in the mailbox of PEILWIJS_BOUNCE_URL")
            yield client
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                client.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise OutOfReach(f"the mailbox for returned mail does not answer ({type(error).__name__})") from None


def _connected(scheme: str, host: str, port: int) -> imaplib.IMAP4:
    tls = ssl.create_default_context()
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=PATIENCE_SECONDS)
    client = imaplib.IMAP4(host, port, timeout=PATIENCE_SECONDS)
    if host not in LOCAL_HOSTS:
        client.starttls(tls)
    return client


def _new(mailbox: imaplib.IMAP4) -> list[str]:
    _, found = mailbox.uid("SEARCH", "UNDELETED", "UNKEYWORD", LOOKED_AT)
    return [uid.decode() for uid in (found[0] or b"").split()][:MOST]


def _fetched(mailbox: imaplib.IMAP4, uid: str) -> bytes:
    """A mail without marking it as read."""
    _, found = mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    for part in found:
        if isinstance(part, tuple) and re.search(rb"BODY\[\]", part[0]):
            return bytes(part[1])
    return b""
