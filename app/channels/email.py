"""E-mail over SMTP."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.channels import Envelope, MaySend, Outcome, OutOfReach
from app.settings import settings

PATIENCE_SECONDS = 30
PORTS = {"smtp": 25, "smtps": 465}


class Email:
    """The channel `email`."""

    @contextmanager
    def open(self) -> Iterator["Smtp"]:
        """A connection to the mail server of the settings."""
        try:
            client = _connect()
        except (OSError, smtplib.SMTPException) as error:
            raise OutOfReach(f"the mail server does not answer ({type(error).__name__})") from None
        try:
            yield Smtp(client)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()


def _connect() -> smtplib.SMTP:
    url = urlsplit(settings().smtp_url)
    if url.scheme not in PORTS or not url.hostname:
        raise OutOfReach("PEILWIJS_SMTP_URL is not set; write smtp://user:password@host:port or smtps://…")
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    client = kind(url.hostname, url.port or PORTS[url.scheme], timeout=PATIENCE_SECONDS)
    if url.username:
        client.login(unquote(url.username), unquote(url.password or ""))
    return client


class Smtp:
    """One open connection."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self.client = client

    def send(self, envelope: Envelope, may_send: MaySend) -> Outcome:
        """Gives one message to the server, asking `may_send` right before DATA."""
        has_begun = False
        try:
            for code, _ in (self.client.mail(settings().mail_from), self.client.rcpt(envelope.to)):
                if code >= 300:
                    self.client.rset()
                    return Outcome("permanent" if code >= 500 else "temporary", str(code))
            if not may_send():
                self.client.rset()
                return Outcome("withdrawn")
            has_begun = True
            code, _ = self.client.data(_as_mail(envelope).as_bytes())
        except smtplib.SMTPDataError as error:
            return Outcome("permanent" if error.smtp_code >= 500 else "temporary", str(error.smtp_code))
        except (OSError, smtplib.SMTPException) as error:
            if has_begun:
                return Outcome("uncertain", type(error).__name__)
            raise OutOfReach(f"the mail server broke off ({type(error).__name__})") from None
        if code == 250:
            return Outcome("sent")
        return Outcome("permanent" if code >= 500 else "temporary", str(code))


def _as_mail(envelope: Envelope) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings().mail_from, envelope.to, envelope.subject
    mail["Message-ID"] = f"<{envelope.message_id}>"
    mail["List-Unsubscribe"] = f"<{envelope.unsubscribe_link}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("\n\n".join(envelope.paragraphs))
    return mail
