"""E-mail over SMTP: one connection for many messages, and of each message what came of it."""

import re
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.channels import Envelope, Line, MaySend, Outcome, OutOfReach
from app.channels.mail_form import Unmailable, as_mail
from app.channels.mailbox import Mailbox
from app.channels.smtp_server import Server, connect, server
from app.settings import settings

TROUBLE = (OSError, smtplib.SMTPException)
CLOSING = 421
NO_ANSWER = "no answer"
LAST_ANSWER_FACTOR = 3  # a server that has everything may take its time: giving up then leaves nobody knowing
_STATUS = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
# What a refusal for good says about the message, the sender or the server, and not about the address.
_NOT_THE_ADDRESS = re.compile(r"5\.(?:3|6|7)\.\d+|5\.1\.[78]|5\.2\.3")
_NOT_THE_ADDRESS_CODES = (503, 521, 530, 535, 552, 554)


class Email:
    """The channel `email`. A demo without a mail server keeps its e-mails in a built-in mailbox."""

    @contextmanager
    def open(self) -> Iterator[Line]:
        """A connection to the mail server of the settings."""
        if settings().is_demo and not settings().smtp_url:
            yield Mailbox(settings().var_folder / "mailbox")
            return
        line = Smtp(server(settings().smtp_url))
        try:
            yield line
        finally:
            line.close()


def is_set_up() -> bool:
    """Whether e-mail can be sent at all: to a mail server, or in a demo to the built-in mailbox."""
    return bool(settings().smtp_url) or settings().is_demo


def deliver(envelope: Envelope) -> Outcome:
    """Sends one message by itself, for what does not go through the outbox."""
    try:
        with Email().open() as line:
            return line.send(envelope, lambda: True)
    except OutOfReach as problem:
        return Outcome("temporary", str(problem))


class Smtp:
    """A line to a mail server; opened at once, and again when the server has hung up between two messages."""

    def __init__(self, to: Server) -> None:
        self.to = to
        self._client: smtplib.SMTP | None = connect(to)
        self._next_at = 0.0

    def send(self, envelope: Envelope, may_send: MaySend) -> Outcome:
        """Gives one message to the server, asking `may_send` right before DATA."""
        self._keep_pace()
        try:
            content = as_mail(envelope).as_bytes()
        except Unmailable as problem:
            return Outcome("refused", str(problem))
        client, refusal = self._announced(envelope)
        if refusal is not None:
            return refusal
        if not may_send():
            self._start_over(client)
            return Outcome("withdrawn")
        return self._handed_over(client, content)

    def close(self) -> None:
        """Says goodbye, if there is still somebody to say it to."""
        if self._client is not None:
            with suppress(*TROUBLE):
                self._client.quit()
            self._client.close()
            self._client = None

    def _keep_pace(self) -> None:
        if settings().mail_per_second > 0:
            present = time.monotonic()
            time.sleep(max(0.0, self._next_at - present))
            self._next_at = max(self._next_at, present) + 1 / settings().mail_per_second

    def _announced(self, envelope: Envelope) -> tuple[smtplib.SMTP, Outcome | None]:
        """Names sender and recipient; a server that has hung up since the last message is called once more."""
        was_open = self._client is not None
        try:
            return self._announce(envelope)
        except TROUBLE as trouble:
            self._hang_up()
            if not was_open:
                raise OutOfReach(f"the mail server broke off ({type(trouble).__name__})") from None
        try:
            return self._announce(envelope)
        except TROUBLE as trouble:
            self._hang_up()
            raise OutOfReach(f"the mail server broke off ({type(trouble).__name__})") from None

    def _announce(self, envelope: Envelope) -> tuple[smtplib.SMTP, Outcome | None]:
        client = self._client = self._client or connect(self.to)
        is_international = not envelope.to.isascii()
        if is_international and not client.has_extn("smtputf8"):
            return client, Outcome("refused", "the mail server takes no addresses with such letters")
        code, reply = client.mail(settings().mail_from, ["smtputf8", "body=8bitmime"] if is_international else [])
        if code >= 400:
            if code == CLOSING:
                raise smtplib.SMTPServerDisconnected
            self._start_over(client)
            raise OutOfReach(f"the mail server takes no mail from PEILWIJS_MAIL_FROM ({said(code, reply)})")
        code, reply = client.rcpt(envelope.to)
        if code < 400:
            return client, None
        self._start_over(client, is_closing=code == CLOSING)
        return client, refusal(code, reply)

    def _handed_over(self, client: smtplib.SMTP, content: bytes) -> Outcome:
        """Sends the message itself. Until its last line has gone nobody has it; from then on, nobody knows."""
        has_gone = False
        try:
            code, reply = client.docmd("data")
            if code == 354:
                client.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
                has_gone = True
                _be_patient(client)
                code, reply = client.getreply()
        except TROUBLE:
            self._hang_up()
            return Outcome("uncertain" if has_gone else "temporary", NO_ANSWER)
        if not has_gone:
            self._start_over(client, is_closing=code == CLOSING)
            return refusal(code, reply) if code >= 400 else Outcome("temporary", said(code, reply))
        if code < 400:
            return Outcome("sent")
        self._start_over(client, is_closing=code == CLOSING)
        return refusal(code, reply)

    def _start_over(self, client: smtplib.SMTP, *, is_closing: bool = False) -> None:
        """Makes the line ready for the next message."""
        try:
            if not is_closing:
                client.rset()
                return
        except TROUBLE:
            pass
        self._hang_up()

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _be_patient(client: smtplib.SMTP) -> None:
    if client.sock is not None:
        client.sock.settimeout(settings().smtp_patience_seconds * LAST_ANSWER_FACTOR)


def said(code: int, reply: bytes) -> str:
    """The codes of a reply (`550 5.1.1`), without its words: those may name people."""
    status = _STATUS.match(reply)
    return f"{code} {status[0].decode()}" if status else str(code)


def refusal(code: int, reply: bytes) -> Outcome:
    """What a refusal means: for now, for this address, or for this message wherever it goes."""
    reason = said(code, reply)
    if code < 500:
        return Outcome("temporary", reason)
    status = reason.partition(" ")[2]
    is_of_address = not _NOT_THE_ADDRESS.fullmatch(status) if status else code not in _NOT_THE_ADDRESS_CODES
    return Outcome("permanent" if is_of_address else "refused", reason)
